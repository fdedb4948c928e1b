// Signals between threads: a few cells of shared memory by which one thread, the leader, starts the others on a job, meets them at barriers and
// takes note that they are done. Threads spin briefly, then sleep; never in a kernel, where some engines lose local values across a sleep.
import { DeviceError } from "../../base/errors.js";

/** Cells of a cache line, so that threads do not disturb each other. */
const LINE = 16;

// Cells that all threads share, a line each.
/** Counts jobs; threads without work wait for it to change. */
const JOB = 0;
/** Number of the last barrier that the leader has opened. */
const RELEASE = LINE;
/** Not 0: the job has failed, everybody leaves it. */
const STOP = 2 * LINE;
const LEADER_ASLEEP = 3 * LINE;
/** About the job, plain cells: number of its first barrier, bytes of memory it reaches, milliseconds after which a silent thread is given up. */
const BASE = 4 * LINE;
const REACH = 4 * LINE + 1;
const PATIENCE = 4 * LINE + 2;
/** What went wrong: length, and bytes of UTF-8. */
const TEXT_LENGTH = 5 * LINE;
const TEXT = 5 * LINE + 1;
const TEXT_CELLS = 63;
const OWN = 9 * LINE;

// Cells of each thread, from OWN + thread · LINE.
/** Number of the last barrier it has come to; the last job it has left; whether it sleeps; whether it can work; where its list of steps lies. */
const ARRIVED = 0, DONE = 1, ASLEEP = 2, READY = 3, FROM = 4, TO = 5;

/**
 * A barrier usually takes as long as threads differ in the steps before it: longer than a nap costs, they sleep. Where waits are long again and again, the others
 * have no core to run on, and a thread that stays awake takes theirs: then it gives up sooner.
 */
const BARRIER_SPIN_MS = 0.2;
const BARRIER_SPIN_LEAST_MS = 0.01;
/** How long a thread without work waits awake. To wake it takes 60 to 120 µs. */
const IDLE_SPIN_MS = 0.1;
/** Looks between two looks at the clock. */
const LOOKS = 100;
/** Sleeping threads look around at least this often, so that no lost signal stops them. */
const NAP_MS = 100;

/** Bytes of the cells of `threads` threads. */
export function signalBytes(threads: number): number {
  return 4 * (OWN + threads * LINE);
}

/** Thrown out of a job that another thread has failed. */
export const STOPPED = Symbol("stopped");

export interface Job {
  /** For each thread, the addresses at which its steps begin and end. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** Bytes of memory the steps may touch. */
  readonly reach: number;
  /** A thread that is silent for so long is taken for dead. */
  readonly patienceMs: number;
}

export class Signals {
  private readonly cells: Int32Array;
  /** Barriers passed, as this thread counts. */
  private barrier = 0;
  /** How long it stays awake at the next one. */
  private patientMs = BARRIER_SPIN_MS;

  constructor(
    memory: WebAssembly.Memory,
    address: number,
    readonly threads: number,
    /** This thread's number; −1 for one that only looks on. */
    readonly thread: number,
  ) {
    this.cells = new Int32Array(memory.buffer, address, signalBytes(threads) / 4);
  }

  // --- starting and ending ---

  /** For new workers. */
  ready(): void {
    Atomics.store(this.cells, own(this.thread, READY), 1);
  }

  isReady(thread: number): boolean {
    return Atomics.load(this.cells, own(thread, READY)) === 1;
  }

  /** Starts all other threads on a job, and returns its number. Every thread has left the last one. */
  launch({ ranges, reach, patienceMs }: Job): number {
    const { cells } = this;
    const base = Atomics.load(cells, RELEASE);
    cells[BASE] = base;
    cells[REACH] = reach;
    cells[PATIENCE] = patienceMs;
    ranges.forEach(([from, to], t) => {
      cells[own(t, ARRIVED)] = base;
      cells[own(t, FROM)] = from;
      cells[own(t, TO)] = to;
    });
    Atomics.store(cells, STOP, 0);
    const job = Atomics.add(cells, JOB, 1) + 1;
    if (this.anyAsleep()) Atomics.notify(cells, JOB);
    this.barrier = base;
    return job | 0;
  }

  /** The job after `last`, waited for. */
  nextJob(last: number): number {
    const { cells } = this;
    if (this.spin(JOB, last, false, IDLE_SPIN_MS)) {
      Atomics.store(cells, own(this.thread, ASLEEP), 1);
      while (Atomics.load(cells, JOB) === last) Atomics.wait(cells, JOB, last);
      Atomics.store(cells, own(this.thread, ASLEEP), 0);
    }
    this.barrier = cells[BASE]!;
    return Atomics.load(cells, JOB);
  }

  get reach(): number {
    return this.cells[REACH]! >>> 0;
  }

  /** Where this thread's steps begin and end. */
  get range(): readonly [from: number, to: number] {
    return [this.cells[own(this.thread, FROM)]! >>> 0, this.cells[own(this.thread, TO)]! >>> 0];
  }

  /** This thread leaves a job. */
  finish(job: number): void {
    Atomics.store(this.cells, own(this.thread, DONE), job);
    if (Atomics.load(this.cells, LEADER_ASLEEP) !== 0) Atomics.notify(this.cells, own(this.thread, DONE));
  }

  hasFinished(thread: number, job: number): boolean {
    return Atomics.load(this.cells, own(thread, DONE)) === job;
  }

  /** For the leader: waits until all others have left a job. Throws DeviceError for one that stays silent, or has failed. */
  finishAll(job: number): void {
    for (let t = 0; t < this.threads; t++) if (t !== this.thread) this.awaitOther(t, own(t, DONE), job, false);
    this.throwIfFailed();
  }

  throwIfFailed(): void {
    const stop = Atomics.load(this.cells, STOP);
    if (stop === 0) return;
    const bytes = Uint8Array.from(new Uint8Array(this.cells.buffer, this.cells.byteOffset + 4 * TEXT, this.cells[TEXT_LENGTH]));
    throw new DeviceError(`wasm: thread ${stop - 1} of ${this.threads} failed: ${new TextDecoder().decode(bytes)}. What the run was changing is not to be trusted.`);
  }

  // --- failing ---

  /** This thread fails the job for all. The first reason stays. */
  fail(reason: string): void {
    const { cells } = this;
    if (Atomics.compareExchange(cells, STOP, 0, this.thread + 1) !== 0) return;
    const bytes = new TextEncoder().encode(reason).subarray(0, 4 * TEXT_CELLS);
    new Uint8Array(cells.buffer, cells.byteOffset + 4 * TEXT, 4 * TEXT_CELLS).set(bytes);
    cells[TEXT_LENGTH] = bytes.length;
    Atomics.notify(cells, RELEASE);
    for (let t = 0; t < this.threads; t++) Atomics.notify(cells, own(t, ARRIVED));
  }

  // --- barriers ---

  /** For the leader: waits until all others have come to the next barrier, then lets them go on. */
  readonly gather = (): void => {
    const { cells } = this;
    const number = (this.barrier + 1) | 0;
    for (let t = 0; t < this.threads; t++) if (t !== this.thread) this.awaitOther(t, own(t, ARRIVED), number, true);
    this.barrier = number;
    Atomics.store(cells, RELEASE, number);
    if (this.anyAsleep()) Atomics.notify(cells, RELEASE);
  };

  /** For the others: comes to the next barrier and waits until the leader opens it. */
  readonly arrive = (): void => {
    const { cells } = this;
    const before = this.barrier;
    const number = (before + 1) | 0;
    const mine = own(this.thread, ARRIVED);
    Atomics.store(cells, mine, number);
    if (Atomics.load(cells, LEADER_ASLEEP) !== 0) Atomics.notify(cells, mine);
    const start = performance.now();
    if (this.spin(RELEASE, before, true, this.patientMs)) {
      Atomics.store(cells, own(this.thread, ASLEEP), 1);
      while (Atomics.load(cells, RELEASE) === before && Atomics.load(cells, STOP) === 0) Atomics.wait(cells, RELEASE, before, NAP_MS);
      Atomics.store(cells, own(this.thread, ASLEEP), 0);
      this.slept(performance.now() - start);
    }
    if (Atomics.load(cells, RELEASE) !== number) throw STOPPED;
    this.barrier = number;
  };

  /** Waits for a cell of another thread to become `wanted`. */
  private awaitOther(thread: number, cell: number, wanted: number, stoppable: boolean): void {
    const { cells } = this;
    const start = performance.now();
    const until = start + this.patientMs;
    do {
      for (let look = 0; look < LOOKS; look++) if (Atomics.load(cells, cell) === wanted) return;
      if (stoppable && Atomics.load(cells, STOP) !== 0) throw STOPPED;
    } while (performance.now() < until);
    Atomics.store(cells, LEADER_ASLEEP, 1);
    try {
      // Naps are counted, not time: a machine that was suspended has not waited.
      for (let naps = Math.ceil(cells[PATIENCE]! / NAP_MS); ; ) {
        const seen = Atomics.load(cells, cell);
        if (seen === wanted) return;
        if (stoppable && Atomics.load(cells, STOP) !== 0) throw STOPPED;
        if (Atomics.wait(cells, cell, seen, NAP_MS) === "timed-out" && --naps < 0) throw this.silent(thread);
      }
    } finally {
      Atomics.store(cells, LEADER_ASLEEP, 0);
      this.slept(performance.now() - start);
    }
  }

  /** Takes note that a wait outlasted its patience: by little, and more would have been better, or by much. */
  private slept(ms: number): void {
    this.patientMs = ms < BARRIER_SPIN_MS ? Math.min(2 * this.patientMs, BARRIER_SPIN_MS) : Math.max(this.patientMs / 2, BARRIER_SPIN_LEAST_MS);
  }

  silent(thread: number): DeviceError {
    return new DeviceError(`wasm: thread ${thread} of ${this.threads} has not answered for ${this.cells[PATIENCE]} ms and is taken for dead. What the run was changing is not to be trusted.`);
  }

  /** Looks at a cell for a while; true when it still is `old` then. */
  private spin(cell: number, old: number, stoppable: boolean, ms: number): boolean {
    const { cells } = this;
    const until = performance.now() + ms;
    do {
      for (let look = 0; look < LOOKS; look++) if (Atomics.load(cells, cell) !== old) return false;
      if (stoppable && Atomics.load(cells, STOP) !== 0) throw STOPPED;
    } while (performance.now() < until);
    return true;
  }

  private anyAsleep(): boolean {
    for (let t = 0; t < this.threads; t++) if (Atomics.load(this.cells, own(t, ASLEEP)) !== 0) return true;
    return false;
  }
}

function own(thread: number, cell: number): number {
  return OWN + thread * LINE + cell;
}
