// The common units of threads: steps that cut the same tensor cut it alike, so that a thread keeps its part from step to step without a barrier.
import { BYTES, type DType } from "../base/dtype.js";
import { sizeOf, type Shape } from "../base/shape.js";
import type { Step } from "./program.js";
import { kernelSteps, stepsInside } from "./walk.js";

/** Rows of a unit: those of a tile of the matrix product. */
export const UNIT_ROWS = 4;
/** Columns of a unit of a matrix product that is cut by columns: those of a tile. */
export const UNIT_COLUMNS = 8;
/** Elements of a unit of a vector. */
export const UNIT_ELEMENTS = 256;

/** What stands before the words of a step without a split: all there is, and still a number that a unit's elements can multiply in 32 bits. */
export const ALL_UNITS = 2 ** 23 - 1;

/** First unit of thread t of `threads`; the next thread's is where its range ends. A single unit is the first thread's. */
export function firstUnit(units: number, t: number, threads: number): number {
  return Math.ceil((units * t) / threads);
}

/** Whether threads may share the steps: some have a split, and no loop asks a condition how long it goes on, which one thread would write while others read. */
export function isShareable(steps: readonly Step[]): boolean {
  return kernelSteps(steps).some(({ split }) => split !== undefined) && !hasOpenLoop(steps);
}

function hasOpenLoop(steps: readonly Step[]): boolean {
  return steps.some((step) => (step.kind === "loop" && step.condition !== undefined) || hasOpenLoop(stepsInside(step)));
}

export interface RowUnits {
  readonly units: number;
  /** Elements a unit; the last unit may have fewer. */
  readonly elements: number;
  readonly bytes: number;
}

/** Units of a contiguous tensor: UNIT_ROWS rows of its last axis each; of a vector, UNIT_ELEMENTS elements. */
export function rowUnits(shape: Shape, dtype: DType): RowUnits {
  const size = sizeOf(shape);
  const last = shape[shape.length - 1] ?? 1;
  const elements = shape.length < 2 ? UNIT_ELEMENTS : Math.max(1, UNIT_ROWS * last);
  return { units: Math.ceil(size / elements), elements, bytes: elements * BYTES[dtype] };
}
