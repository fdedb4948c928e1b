// byRows: how threads share kernels that work row by row.
import { UNIT_ROWS } from "../program/split.js";
import type { Lowering } from "./op.js";

/** Elements of a row of each operand; null for one that rows read anywhere. */
type Widths = readonly (number | null)[];

/** A split into units of a few rows, those of the matrix product: neighbours keep a thread's rows without a barrier. */
export function byRows(rows: number, outputs: Widths, inputs: Widths): NonNullable<Lowering["split"]> {
  const bytes = (widths: Widths): (number | null)[] => widths.map((width) => (width === null ? null : 4 * UNIT_ROWS * width));
  return { units: Math.ceil(rows / UNIT_ROWS), outputs: bytes(outputs), inputs: bytes(inputs) };
}
