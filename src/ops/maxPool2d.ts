// maxPool2d: the largest pixel of each window, channel by channel.
import type { Value } from "../graph/value.js";
import { channelsLast } from "./dataFormat.js";
import { maxPool2dGrad } from "./maxPool2dGrad.js";
import { at, op, type Op } from "./op.js";
import { poolFlops, poolOutput, poolWords, resolvePool, splitByPooledRows, type Pool, type PoolAttrs } from "./pooling.js";

const poolOp: Op<[x: Value], Pool> = op({
  name: "maxPool2d",
  shape: ([x], pool) => ({ shape: poolOutput(x.shape, pool), dtype: "float32" }),
  vjp: (dy, _y, [x], pool) => [maxPool2dGrad(x, dy, pool)],
  lower: ([out], [x], pool) => ({
    kernel: "f32_max_pool2d",
    words: [at(out), at(x), ...poolWords(x.shape, out.shape, pool)],
    split: splitByPooledRows(out.shape, 1),
  }),
  heavy: true,
  flops: (out, _inputs, pool) => poolFlops(out, pool),
});

/**
 * The largest pixel of each window; padding is not looked at, −∞ where there is nothing else. The first of equals takes the gradient.
 *
 * x: [N, H, W, C]   returns [N, OH, OW, C]; both channels first where dataFormat says so   Throws ShapeError when the window does not fit.
 */
export function maxPool2d(x: Value, { dataFormat, ...attrs }: PoolAttrs): Value {
  return channelsLast(x, dataFormat, "maxPool2d", (images) => poolOp(images, resolvePool(images, attrs, "maxPool2d")));
}
