// A team: the threads beside the calling one, over the same memory. Where the calling thread may block it is thread 0 and leads; on a page all
// threads are workers, worker 0 leads, and the page is told when a job is done.
import { DeviceError } from "../../base/errors.js";
import { onPage, startWorker, type HostWorker } from "./host.js";
import { Signals, STOPPED, type Job } from "./signals.js";
import { walk, type KernelFunction } from "./walk.js";

export interface TeamOptions {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  /** Names of kernels, and the kernels of the calling thread, by number. */
  readonly names: readonly string[];
  readonly kernels: readonly KernelFunction[];
  readonly threads: number;
  /** Address of signalBytes(threads) zeroed bytes. */
  readonly address: number;
  /** The team is no more: why, and whether it ever was. */
  readonly onLost: (reason: string, started: boolean) => void;
}

/** A thread that is silent is waited for so long, and so many times as long as one thread needs for the whole program. */
const PATIENCE_MS = 2000;
const PATIENCE_RUNS = 20;

/** A job that a page has given away. */
interface Flight {
  readonly job: number;
  readonly done: (error: Error | null) => void;
  readonly patienceMs: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Team {
  private readonly signals: Signals;
  private readonly workers: HostWorker[] = [];
  private readonly leads: boolean;
  private started = false;
  private lost: string | null = null;
  private flight: Flight | null = null;

  /** Starts the workers and returns at once. Throws where the platform has none. */
  constructor(private readonly options: TeamOptions) {
    const { memory, modules, names, threads, address } = options;
    this.leads = !onPage();
    this.signals = new Signals(memory, address, threads, this.leads ? 0 : -1);
    for (let thread = this.leads ? 1 : 0; thread < threads; thread++) {
      const events = { onReport: (job: number) => this.land(job), onEnd: (reason: string) => this.end(`thread ${thread}: ${reason}`) };
      this.workers.push(startWorker({ memory, modules, names, signals: address, threads, thread }, events));
    }
  }

  get threads(): number {
    return this.options.threads;
  }

  /** Whether all threads can work. Until then there is one. */
  get isReady(): boolean {
    if (this.lost !== null) return false;
    if (this.started) return true;
    for (let t = this.leads ? 1 : 0; t < this.threads; t++) if (!this.signals.isReady(t)) return false;
    return (this.started = true);
  }

  /** Carries out a job with this thread as thread 0. Throws DeviceError when another fails or dies, and what a kernel throws in this one. */
  run(ranges: Job["ranges"], aloneMs: number): void {
    const { memory, kernels } = this.options;
    const { signals } = this;
    const job = signals.launch({ ranges, reach: memory.buffer.byteLength, patienceMs: patienceFor(aloneMs) });
    const [from, to] = ranges[0]!;
    try {
      try {
        walk(new Int32Array(memory.buffer), from / 4, to / 4, kernels, signals.gather);
      } catch (error) {
        if (error instanceof DeviceError) throw error;
        if (error === STOPPED) return signals.finishAll(job);
        signals.fail(error instanceof Error ? error.message : String(error));
        this.leave(job);
        throw error;
      }
      signals.finishAll(job);
    } catch (error) {
      if (error instanceof DeviceError) this.end(error.message);
      throw error;
    }
  }

  /** Gives a job to the workers; tells when it is done, or why it is not. */
  start(ranges: Job["ranges"], aloneMs: number, done: (error: Error | null) => void): void {
    const patienceMs = patienceFor(aloneMs);
    const job = this.signals.launch({ ranges, reach: this.options.memory.buffer.byteLength, patienceMs });
    // The leader has its own patience, and reports; this is for a leader that dies.
    const timer = setTimeout(() => this.end("thread 0 has not answered"), 2 * patienceMs);
    this.flight = { job, done, patienceMs, timer };
  }

  /** Waits for the job that was given away without letting the page go on: for callers that cannot wait otherwise. */
  landNow(): void {
    const { flight } = this;
    if (flight === null) return;
    for (const until = performance.now() + 2 * flight.patienceMs; performance.now() < until; ) {
      if (this.signals.hasFinished(0, flight.job)) return this.land(flight.job);
    }
    this.end("thread 0 has not answered");
  }

  /** Ends all workers. */
  close(): void {
    this.lost ??= "it was closed";
    for (const worker of this.workers.splice(0)) worker.end();
  }

  /** The others have left a job that this thread has failed. */
  private leave(job: number): void {
    try {
      this.signals.finishAll(job);
    } catch (error) {
      // The reason is this thread's own, unless one of the others never came back.
      if (error instanceof DeviceError && !this.allFinished(job)) throw error;
    }
  }

  private allFinished(job: number): boolean {
    for (let t = 1; t < this.threads; t++) if (!this.signals.hasFinished(t, job)) return false;
    return true;
  }

  /** A report has come. */
  private land(job: number): void {
    if (this.flight?.job !== job) return;
    try {
      this.signals.throwIfFailed();
    } catch (error) {
      return this.end((error as Error).message);
    }
    this.takeFlight()!.done(null);
  }

  private end(reason: string): void {
    if (this.lost !== null) return;
    this.close();
    this.lost = reason;
    const flight = this.takeFlight();
    this.options.onLost(reason, this.started);
    flight?.done(new DeviceError(reason.startsWith("wasm: ") ? reason : `wasm: ${reason}. What the run was changing is not to be trusted.`));
  }

  private takeFlight(): Flight | null {
    const { flight } = this;
    this.flight = null;
    if (flight) clearTimeout(flight.timer);
    return flight;
  }
}

function patienceFor(aloneMs: number): number {
  return Math.ceil(Math.max(PATIENCE_MS, PATIENCE_RUNS * (Number.isFinite(aloneMs) ? aloneMs : 0)));
}
