// What a program costs, counted from its steps: nothing runs. The prologue, which runs once, is left out.
import type { KernelStep, Program } from "./program.js";
import { kernelSteps } from "./walk.js";

/** What a run of a program costs. */
export interface Cost {
  /** Kernel steps of a run; those of a loop counted once. */
  readonly steps: number;
  /** Floating-point operations of a run. */
  readonly flops: number;
  /** Bytes that the steps read and write, each slot once a step. */
  readonly bytes: number;
  /** Bytes of the arena that holds all intermediates. */
  readonly arenaBytes: number;
  /** Bytes of the variables. */
  readonly stateBytes: number;
}

export function costOf(program: Program): Cost {
  const steps = kernelSteps(program.steps);
  return {
    steps: steps.length,
    flops: steps.reduce((sum, { flops = 0 }) => sum + flops, 0),
    bytes: steps.reduce((sum, step) => sum + bytesOf(step, program), 0),
    arenaBytes: program.bytes.scratch,
    stateBytes: program.states.reduce((sum, slot) => sum + program.slots[slot]!.bytes, 0),
  };
}

/** Bytes of the slots a step reads and writes; its workspace is not counted. */
export function bytesOf({ reads, writes, workspace }: KernelStep, { slots }: Program): number {
  return [...reads, ...writes].reduce((sum, slot) => sum + (slot === workspace ? 0 : slots[slot]!.bytes), 0);
}
