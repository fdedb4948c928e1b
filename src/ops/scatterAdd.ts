// scatterAdd: rows added up at their index. The gradient of gather.
import { DTypeError, ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byRows } from "./cuts.js";
import { gather } from "./gather.js";
import { at, op, type Op } from "./op.js";

/**
 * out[i] = Σ of the rows of x whose index is i, added in order; rows whose index is out of range are left out.
 *
 * x: [...indices, ...row] float32   indices: any shape, int32   returns [rows, ...row]
 * Throws ShapeError when x does not begin with the shape of indices, DTypeError for other dtypes.
 */
export const scatterAdd: Op<[x: Value, indices: Value], { rows: number }> = op({
  name: "scatterAdd",
  shape: ([x, indices], { rows }) => {
    if (x.dtype !== "float32" || indices.dtype !== "int32") {
      throw new DTypeError(`scatterAdd: takes float32 and int32 indices, got ${x.dtype} and ${indices.dtype}. Cast first.`);
    }
    if (!sameShape(x.shape.slice(0, indices.shape.length), indices.shape)) {
      throw new ShapeError(`scatterAdd: x ${showShape(x.shape)} must begin with the shape of indices, ${showShape(indices.shape)}.`);
    }
    return { shape: [rows, ...x.shape.slice(indices.shape.length)], dtype: "float32" };
  },
  vjp: (dy, _y, [, indices]) => [gather(dy, indices), null],
  lower: ([out], [x, indices], { rows }) => {
    const row = sizeOf(out.shape.slice(1));
    // Each thread adds up rows of its own, in the order of the indices: the bits do not depend on how many there are.
    return { kernel: "scatter_add", words: [at(out), at(x), at(indices), sizeOf(indices.shape), row, rows], split: byRows(rows, [row], [null, null]) };
  },
  heavy: true,
});
