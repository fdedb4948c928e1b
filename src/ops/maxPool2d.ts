// maxPool2d: the largest pixel of each window, channel by channel.
import type { Value } from "../graph/value.js";
import { maxPool2dGrad } from "./maxPool2dGrad.js";
import { at, op, type Op } from "./op.js";
import { poolFlops, poolOutput, poolWords, resolvePool, type Pool, type PoolAttrs } from "./pooling.js";

const poolOp: Op<[x: Value], Pool> = op({
  name: "maxPool2d",
  shape: ([x], pool) => ({ shape: poolOutput(x.shape, pool, "maxPool2d"), dtype: "float32" }),
  vjp: (dy, _y, [x], pool) => [maxPool2dGrad(x, dy, pool)],
  lower: ([out], [x], pool) => ({
    kernel: "f32_max_pool2d",
    words: [at(out), at(x), ...poolWords(x.shape, out.shape, pool)],
  }),
  heavy: true,
  flops: (out, _inputs, pool) => poolFlops(out, pool),
});

/**
 * The largest pixel of each window; padding is not looked at. The first of equals takes the gradient.
 *
 * x: [N, H, W, C]   returns [N, OH, OW, C]   Throws ShapeError when the window does not fit.
 */
export function maxPool2d(x: Value, attrs: PoolAttrs): Value {
  return poolOp(x, resolvePool(x, attrs, "maxPool2d"));
}
