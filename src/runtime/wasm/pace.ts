// Pace: on how many threads a program is worth running, from the times its runs took. One program has one; knows no thread and no clock.

/** Below this, waking the others costs more than they save. */
const WORTH_MS = 0.15;
/** The first runs of a program compile its kernels, too. Only the shortest counts. */
const FIRST_RUNS = 2;
/** Runs that are looked at together, by their median. */
const WINDOW = 8;
/** Runs on one thread, to see what that would take now. */
const PROBE = 4;
/** Threads have to save this much to be worth it. */
const GAIN = 0.95;
/** Runs on one thread after threads were no faster; doubled each time in turn. */
const PAUSE_FIRST = 64;
const PAUSE_MOST = 4096;

export class Pace {
  /** What a run takes on one thread. */
  aloneMs = Infinity;
  private runs = 0;
  private state: "together" | "probe" | "pause" = "together";
  private readonly seen: number[] = [];
  private togetherMs = 0;
  private pause = PAUSE_FIRST;
  private left = 0;

  /** Whether the next run is worth more than one thread. */
  get together(): boolean {
    return this.isLong && this.state === "together";
  }

  /** Whether the program is worth having threads for at all. */
  get isLong(): boolean {
    return this.runs >= FIRST_RUNS && this.aloneMs >= WORTH_MS;
  }

  /** Takes note of a run. */
  ran(together: boolean, ms: number): void {
    this.runs++;
    if (together) this.ranTogether(ms);
    else this.ranAlone(ms);
  }

  private ranTogether(ms: number): void {
    if (!this.full(ms, WINDOW)) return;
    this.togetherMs = this.median();
    if (this.togetherMs < GAIN * this.aloneMs) this.pause = PAUSE_FIRST;
    else this.state = "probe";
  }

  private ranAlone(ms: number): void {
    if (this.state === "together") {
      this.aloneMs = Math.min(this.aloneMs, ms);
      return;
    }
    if (this.state === "probe") {
      if (!this.full(ms, PROBE)) return;
      this.aloneMs = this.median();
      if (this.togetherMs < GAIN * this.aloneMs) this.state = "together";
      else {
        this.state = "pause";
        this.left = this.pause;
        this.pause = Math.min(2 * this.pause, PAUSE_MOST);
      }
      return;
    }
    this.left--;
    if (this.full(ms, WINDOW)) this.aloneMs = this.median();
    if (this.left <= 0) {
      this.seen.length = 0;
      this.state = "together";
    }
  }

  /** Adds to the runs looked at; true when there are enough. */
  private full(ms: number, count: number): boolean {
    this.seen.push(ms);
    return this.seen.length >= count;
  }

  /** Of the runs looked at, which are then forgotten. */
  private median(): number {
    const sorted = this.seen.splice(0).sort((a, b) => a - b);
    return sorted[sorted.length >> 1]!;
  }
}
