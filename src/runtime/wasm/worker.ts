// What a worker does: instantiates the kernels over the shared memory, then works off jobs until it is ended. Run as a worker, never imported.
import { Signals, STOPPED } from "./signals.js";
import { enterKernels, walk, type KernelFunction } from "./walk.js";

/** What a worker is told at its start. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  /** Names of kernels, by number. */
  readonly names: readonly string[];
  /** Address of the signals. */
  readonly signals: number;
  readonly threads: number;
  readonly thread: number;
}

/** The scope of a browser's worker, as far as this file needs it. */
interface WorkerScope {
  onmessage: ((event: { readonly data: WorkerStart }) => void) | null;
  postMessage(job: number): void;
}

const FOLLOW_MS = 1;
const FOLLOW_TRIES = 2000;

/** Takes part in every job; thread 0 leads, and reports each job it has led. */
function work({ memory, modules, names, signals: address, threads, thread }: WorkerStart, report: (job: number) => void): never {
  const kernels: KernelFunction[] = [];
  for (const module of modules) enterKernels(kernels, names, new WebAssembly.Instance(module, { env: { memory } }).exports);
  const signals = new Signals(memory, address, threads, thread);
  let heap: Int32Array = new Int32Array(memory.buffer);
  signals.ready();
  for (let job = 0; ; ) {
    job = signals.nextJob(job);
    try {
      heap = reaching(memory, heap, signals.reach);
      const [from, to] = signals.range;
      walk(heap, from / 4, to / 4, kernels, thread === 0 ? signals.gather : signals.arrive);
    } catch (error) {
      if (error !== STOPPED) signals.fail(error instanceof Error ? error.message : String(error));
    }
    if (thread === 0) settle(signals, job);
    signals.finish(job);
    if (thread === 0) report(job);
  }
}

/** The leader's last duty: nobody is in the job any more when it leaves. */
function settle(signals: Signals, job: number): void {
  try {
    signals.finishAll(job);
  } catch (error) {
    signals.fail((error as Error).message);
  }
}

/** A view of the memory up to byte `reach`: it may have grown, which this thread learns a little later than others. */
function reaching(memory: WebAssembly.Memory, heap: Int32Array, reach: number): Int32Array {
  if (heap.byteLength >= reach) return heap;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; memory.buffer.byteLength < reach; tries++) {
    if (tries > FOLLOW_TRIES) throw new Error(`the memory has ${memory.buffer.byteLength} B here, ${reach} B where it was grown`);
    Atomics.wait(cell, 0, 0, FOLLOW_MS);
  }
  return new Int32Array(memory.buffer);
}

const scope = globalThis as object as WorkerScope & { readonly WorkerGlobalScope?: unknown };
if (typeof process === "object" && process.versions?.node !== undefined) {
  const { workerData } = await import("node:worker_threads");
  work(workerData as WorkerStart, () => {});
} else {
  scope.onmessage = ({ data }) => work(data, (job) => scope.postMessage(job));
}
