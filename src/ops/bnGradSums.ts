// bnGradSums: the two sums over a batch that the gradient of batch normalisation needs, in one pass over memory.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { add } from "./add.js";
import { row } from "./bnStats.js";
import { byStrips } from "./cuts.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { at, op, type Op } from "./op.js";
import { rowsAndColumns } from "./softmax.js";
import { sub } from "./sub.js";

/**
 * Row 0: Σ dy, row 1: Σ dy·(x − mean) of each channel over all other axes.
 *
 * dy, x: [..., channels]   mean: [channels]   returns [2, channels]
 */
export const bnGradSums: Op<[dy: Value, x: Value, mean: Value]> = op({
  name: "bnGradSums",
  shape: ([dy, x, mean]) => {
    if (!sameShape(dy.shape, x.shape) || !sameShape(mean.shape, x.shape.slice(-1))) {
      throw new ShapeError(`bnGradSums: dy ${showShape(dy.shape)}, x ${showShape(x.shape)} and mean ${showShape(mean.shape)} must be [..., c], [..., c] and [c].`);
    }
    return { shape: [2, x.shape[x.shape.length - 1]!], dtype: "float32" };
  },
  vjp: (d, sums, [dy, x, mean]) => {
    const [ofSum, ofProduct] = [row(d, 0), row(d, 1)];
    return [add(ofSum, mul(ofProduct, sub(x, mean))), mul(ofProduct, dy), neg(mul(ofProduct, row(sums, 0)))];
  },
  lower: ([out], [dy, x, mean]) => {
    const [rows, cols] = rowsAndColumns(x.shape);
    return { kernel: "f32_bn_grad_sums", words: [at(out), at(dy), at(x), at(mean), rows, cols], split: byStrips(1, cols, 1, 3) };
  },
  heavy: true,
  flops: (_out, [, x]) => 4 * sizeOf(x.shape),
});
