// Yielding: long training runs give way to other work of the page, worker or process, timers and signals included.

/** Work runs at most this long at a stretch. */
const STRETCH_MS = 50;

/** Lets the event loop run once in a while. Close it in the end. */
export class Breather {
  private last = performance.now();
  private readonly channel = typeof MessageChannel === "undefined" ? undefined : new MessageChannel();
  private resume: (() => void) | undefined;

  constructor() {
    if (this.channel) this.channel.port1.onmessage = () => this.resume?.();
  }

  /** Whether it is time for a breath. */
  get due(): boolean {
    return performance.now() - this.last > STRETCH_MS;
  }

  /** Resolves in a task of its own. A message is used because browsers hold nested timers back for 4 ms. */
  async breathe(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.resume = resolve;
      if (this.channel) this.channel.port2.postMessage(null);
      else setTimeout(resolve, 0);
    });
    this.last = performance.now();
  }

  close(): void {
    this.channel?.port1.close();
  }
}
