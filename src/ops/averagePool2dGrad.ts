// averagePool2dGrad: the gradient of averagePool2d, dy spread evenly over each window.
import type { Value } from "../graph/value.js";
import { averagesOf } from "./averagePool2d.js";
import { at, op, type Op } from "./op.js";
import { averageWords, poolFlops, poolWords, splitByImages, type AveragePool } from "./pooling.js";
import type { Pair } from "./window.js";

export interface PoolGradAttrs extends AveragePool {
  readonly inputSize: Pair;
}

/** dx from dy: each window's gradient divided among its pixels.   dy: [N, OH, OW, C]   returns [N, H, W, C], inputSize being [H, W] */
export const averagePool2dGrad: Op<[dy: Value], PoolGradAttrs> = op({
  name: "averagePool2dGrad",
  shape: ([dy], { inputSize }) => ({ shape: [dy.shape[0]!, ...inputSize, dy.shape[3]!], dtype: "float32" }),
  // Linear: the transpose of the transpose.
  vjp: (d, _dx, _inputs, { poolSize, outputSize, strides, padding, dilations, countIncludePad }) => [
    averagesOf(d, { poolSize, outputSize, strides, padding, dilations, countIncludePad }),
  ],
  lower: ([dx], [dy], pool) => ({
    kernel: "f32_average_pool2d_grad",
    words: [at(dx), at(dy), ...poolWords(dx.shape, dy.shape, pool), ...averageWords(pool)],
    split: splitByImages(dx.shape, dy.shape, ["small"]),
  }),
  heavy: true,
  flops: (_dx, [dy], pool) => poolFlops(dy, pool),
});
