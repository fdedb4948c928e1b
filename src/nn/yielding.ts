// Yielding: long training runs give way to other work of the page, worker or process, timers and signals included.

/** Work runs at most this long at a stretch. */
const STRETCH_MS = 50;

/**
 * Lets the event loop run once in a while. Close it in the end.
 *
 * Node's setImmediate goes through timers and signals each time; its messages do not, they are handed out in one go. Browsers have only
 * messages, which do; their timers would be held back for 4 ms.
 */
export class Breather {
  private last = performance.now();
  private readonly channel = typeof setImmediate === "function" || typeof MessageChannel === "undefined" ? undefined : new MessageChannel();
  private resume: (() => void) | undefined;

  constructor() {
    if (this.channel) this.channel.port1.onmessage = () => this.resume?.();
  }

  /** Whether it is time for a breath. */
  get due(): boolean {
    return performance.now() - this.last > STRETCH_MS;
  }

  /** Resolves in a task of its own. */
  async breathe(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.resume = resolve;
      if (this.channel) this.channel.port2.postMessage(null);
      else if (typeof setImmediate === "function") setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
    this.last = performance.now();
  }

  close(): void {
    this.channel?.port1.close();
  }
}
