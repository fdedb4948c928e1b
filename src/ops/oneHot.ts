// oneHot: class numbers as rows with one mark.
import { DTypeError, ValueError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { cast } from "./cast.js";
import { byRows } from "./cuts.js";
import { flat } from "./elementwise.js";
import { at, op, type Op } from "./op.js";

const oneHotOp: Op<[indices: Value], { depth: number; onValue: number; offValue: number }> = op({
  name: "oneHot",
  shape: ([indices], { depth }) => ({ shape: [...indices.shape, depth], dtype: "float32" }),
  vjp: flat,
  lower: ([out], [indices], { depth, onValue, offValue }) => {
    const count = sizeOf(indices.shape);
    return { kernel: "one_hot", words: [at(out), at(indices), count, depth, f32Word(onValue), f32Word(offValue)], split: byRows(count, [depth], [1]) };
  },
});

/**
 * float32 rows that are `onValue` at their index and `offValue` elsewhere; an index out of range gives a row of `offValue`.
 *
 * indices: [...] of an integer dtype   returns [..., depth]   Throws DTypeError for other dtypes.
 */
export function oneHot(indices: Value, { depth, onValue = 1, offValue = 0 }: { depth: number; onValue?: number; offValue?: number }): Value {
  if (indices.dtype === "float32" || indices.dtype === "bool") {
    throw new DTypeError(`oneHot: indices must be integers, got ${indices.dtype}. Cast to int32 first.`);
  }
  if (!Number.isInteger(depth) || depth < 1) throw new ValueError(`oneHot: depth must be a whole number from 1, got ${depth}.`);
  return oneHotOp(cast(indices, { dtype: "int32" }), { depth, onValue, offValue });
}
