// The contract of an executor: it runs programs on a device, and holds the memory of variables. It knows no op and no gradient.
import type { DType, TypedArray } from "../base/dtype.js";
import type { KernelStep, Program } from "../program/program.js";

/** Memory of one variable. Versions count writes, so that prologues know when to run again. */
export interface StateBuffer {
  readonly bytes: number;
  version: number;
}

/** What a run reports: code 0 when nothing failed; else STATUS, the step's number and the element. */
export interface Status {
  readonly code: number;
  readonly step: number;
  readonly element: number;
}

/** What a run gave, copied out. */
export interface Finished {
  readonly status: Status;
  readonly outputs: readonly TypedArray[];
}

/** A program with its addresses resolved, ready to run any number of times. */
export interface Linked {
  /** Copies `inputs` in, those that last (base/lasting.ts) once, runs the prologue when a variable it reads has changed, then the steps. */
  run(inputs: readonly TypedArray[]): Status;
  /** A copy of result i of the last run. */
  output(i: number): TypedArray;
  /**
   * As run(), for callers that can wait: on a page, threads do the work meanwhile. Inputs are copied in before it returns. One run is under way at a
   * time: see Executor.idle().
   */
  start(inputs: readonly TypedArray[]): Promise<Finished>;
  /** Gives the program's memory back. */
  release(): void;
}

export interface MemoryUsage {
  /** Bytes of device memory held, in use or not. */
  readonly totalBytes: number;
  readonly wasmPages: number;
  readonly arenaBytes: number;
  readonly stateBytes: number;
  readonly programs: number;
}

/** Told of every step a program has run, and how long it took. Such programs run on one thread. */
export type StepWatch = (step: KernelStep, milliseconds: number) => void;

export interface Executor {
  readonly name: string;
  /** Kernel modules it has, or can load. */
  readonly modules: readonly string[];
  /** Threads that long programs may run on, and those that take part by now. */
  readonly threads: { readonly wanted: number; readonly ready: number };
  /** Memory for a variable, zeroed. */
  allocate(bytes: number): StateBuffer;
  free(buffer: StateBuffer): void;
  write(buffer: StateBuffer, data: TypedArray): void;
  read(buffer: StateBuffer, dtype: DType, length: number): TypedArray;
  /** Loads what programs that name these modules need. Throws DeviceError when one cannot be loaded. */
  prepare(modules: readonly string[]): Promise<void>;
  /** Binds a program to variables, in the order of program.states. watch: costs time, for debugging. Throws DeviceError when a kernel module is missing and cannot be loaded at once. */
  link(program: Program, states: readonly StateBuffer[], watch?: StepWatch): Linked;
  /** Resolves when the run under way, if there is one, is over; null when there is none. */
  idle(): Promise<void> | null;
  usage(): MemoryUsage;
  /** Ends its threads; what runs later runs on one. */
  close(): void;
}
