// averagePool2d: the average pixel of each window, channel by channel.
import type { Value } from "../graph/value.js";
import { averagePool2dGrad } from "./averagePool2dGrad.js";
import { at, op, type Op } from "./op.js";
import { poolFlops, poolOutput, poolWords, resolvePool, type Pool, type PoolAttrs } from "./pooling.js";

const poolOp: Op<[x: Value], Pool> = op({
  name: "averagePool2d",
  shape: ([x], pool) => ({ shape: poolOutput(x.shape, pool, "averagePool2d"), dtype: "float32" }),
  vjp: (dy, _y, [x], pool) => [averagePool2dGrad(dy, { ...pool, inputSize: [x.shape[1]!, x.shape[2]!] })],
  lower: ([out], [x], pool) => ({
    kernel: "f32_average_pool2d",
    words: [at(out), at(x), ...poolWords(x.shape, out.shape, pool)],
  }),
  heavy: true,
  flops: (out, _inputs, pool) => poolFlops(out, pool),
});

/**
 * The average pixel of each window; padding is neither added nor counted.
 *
 * x: [N, H, W, C]   returns [N, OH, OW, C]   Throws ShapeError when the window does not fit.
 */
export function averagePool2d(x: Value, attrs: PoolAttrs): Value {
  return poolOp(x, resolvePool(x, attrs, "averagePool2d"));
}
