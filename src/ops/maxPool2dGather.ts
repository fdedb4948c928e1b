// maxPool2dGather: what lies where each window has its largest pixel; the transpose of maxPool2dGrad.
import type { Value } from "../graph/value.js";
import { maxPool2dGrad } from "./maxPool2dGrad.js";
import { at, op, type Op } from "./op.js";
import { poolFlops, poolOutput, poolWords, splitByPooledRows, type Pool } from "./pooling.js";

/** d at the first of the largest pixels of each window of x.   x, d: [N, H, W, C]   returns [N, OH, OW, C] */
export const maxPool2dGather: Op<[x: Value, d: Value], Pool> = op({
  name: "maxPool2dGather",
  shape: ([x], pool) => ({ shape: poolOutput(x.shape, pool), dtype: "float32" }),
  vjp: (dy, _y, [x], pool) => [null, maxPool2dGrad(x, dy, pool)],
  lower: ([out], [x, d], pool) => ({
    kernel: "f32_max_pool2d_gather",
    words: [at(out), at(x), at(d), ...poolWords(x.shape, out.shape, pool)],
    split: splitByPooledRows(out.shape, 2),
  }),
  heavy: true,
  flops: (out, _inputs, pool) => poolFlops(out, pool),
});
