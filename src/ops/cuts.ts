// cuts: how threads share kernels that work row by row, or down columns.
import { UNIT_ROWS } from "../program/split.js";
import type { Lowering } from "./op.js";

/** Elements of a row of each operand; null for one that rows read anywhere. */
type Widths = readonly (number | null)[];

/** A split into units of a few rows, those of the matrix product: neighbours keep a thread's rows without a barrier. */
export function byRows(rows: number, outputs: Widths, inputs: Widths): NonNullable<Lowering["split"]> {
  const bytes = (widths: Widths): (number | null)[] => widths.map((width) => (width === null ? null : 4 * UNIT_ROWS * width));
  return { units: Math.ceil(rows / UNIT_ROWS), outputs: bytes(outputs), inputs: bytes(inputs) };
}

/** Columns of a unit of kernels that work down columns: a line of the cache. STRIP in assembly/reduce.ts. */
export const STRIP_COLUMNS = 16;
/** Columns that are reduced at a time. */
export const MOST_COLUMNS = 1024;

/** A split of [outer, …, columns] into strips of columns, numbered through all of outer. */
export function byStrips(outer: number, columns: number, outputs: number, inputs: number): NonNullable<Lowering["split"]> {
  const anywhere = (count: number): null[] => new Array<null>(count).fill(null);
  return { units: outer * Math.ceil(columns / STRIP_COLUMNS), outputs: anywhere(outputs), inputs: anywhere(inputs) };
}

/** How reductions of [outer, reduce, inner] to [outer, inner] are shared: by rows, or down columns. */
export function byReduction(outer: number, reduce: number, inner: number): NonNullable<Lowering["split"]> {
  return inner === 1 ? byRows(outer, [1], [reduce]) : byStrips(outer, inner, 1, 1);
}
