// frame: windows of a signal that overlap. A view: nothing is copied until a kernel needs them in a row.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { op, type Op } from "./op.js";
import { overlapAdd } from "./overlapAdd.js";

const frameOp: Op<[x: Value], { length: number; hop: number }> = op({
  name: "frame",
  shape: ([x], { length, hop }) => ({ shape: [...x.shape.slice(0, -1), Math.floor((x.shape.at(-1)! - length) / hop) + 1, length], dtype: x.dtype }),
  vjp: (dy, _y, [x], { hop }) => [overlapAdd(dy, { hop, n: x.shape.at(-1)! })],
  view: ({ shape, strides, offset }, { length, hop }) => ({
    shape: [...shape.slice(0, -1), Math.floor((shape.at(-1)! - length) / hop) + 1, length],
    strides: [...strides.slice(0, -1), hop * strides.at(-1)!, strides.at(-1)!],
    offset,
  }),
});

/**
 * Windows of `length` elements along the last axis, `hop` apart; what is left at the end is left off.
 *
 * x: [..., n]   returns [..., windows, length]   Throws ShapeError when not even one window fits.
 */
export function frame(x: Value, { length, hop }: { length: number; hop: number }): Value {
  const n = x.shape.at(-1);
  if (n === undefined || ![length, hop].every((size) => Number.isInteger(size) && size >= 1) || length > n) {
    throw new ShapeError(`frame: windows of ${length} elements, ${hop} apart, do not fit ${showShape(x.shape)}.`);
  }
  return frameOp(x, { length, hop });
}
