// bnStats: mean and variance of each channel, what batch normalisation needs to know of a batch.
import { DTypeError, ShapeError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { byStrips } from "./cuts.js";
import { mul } from "./mul.js";
import { at, op, type Op } from "./op.js";
import { slice } from "./slice.js";
import { rowsAndColumns } from "./softmax.js";
import { squeeze } from "./squeeze.js";
import { sub } from "./sub.js";

/**
 * Row 0: mean, row 1: biased variance (two passes, so a large mean does no harm) of each channel over all other axes.
 *
 * x: [..., channels] float32   returns [2, channels]
 */
export const bnStats: Op<[x: Value]> = op({
  name: "bnStats",
  shape: ([x]) => {
    if (x.dtype !== "float32") throw new DTypeError(`bnStats: takes float32, got ${x.dtype}. Cast first.`);
    if (x.shape.length === 0) throw new ShapeError("bnStats: takes [..., channels], got a scalar.");
    return { shape: [2, x.shape[x.shape.length - 1]!], dtype: "float32" };
  },
  vjp: (dy, y, [x]) => {
    const [rows] = rowsAndColumns(x.shape);
    const ofMean = mul(row(dy, 0), constant(1 / rows));
    const ofVariance = mul(mul(row(dy, 1), constant(2 / rows)), sub(x, row(y, 0)));
    return [add(ofMean, ofVariance)];
  },
  lower: ([out], [x]) => {
    const [rows, cols] = rowsAndColumns(x.shape);
    return { kernel: "f32_bn_stats", words: [at(out), at(x), rows, cols], split: byStrips(1, cols, 1, 1) };
  },
  heavy: true,
  flops: (_out, [x]) => 4 * sizeOf(x.shape),
});

/** Row i of a matrix, as a vector. */
export function row(x: Value, index: number): Value {
  return squeeze(slice(x, { begin: [index], size: [1] }), { axes: 0 });
}
