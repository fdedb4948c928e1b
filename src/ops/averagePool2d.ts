// averagePool2d: the average pixel of each window, channel by channel.
import type { Value } from "../graph/value.js";
import { averagePool2dGrad } from "./averagePool2dGrad.js";
import { channelsLast } from "./dataFormat.js";
import { at, op, type Op } from "./op.js";
import { averageWords, poolFlops, poolOutput, poolWords, resolvePool, splitByPooledRows, type AveragePool, type AveragePoolAttrs } from "./pooling.js";

const poolOp: Op<[x: Value], AveragePool> = op({
  name: "averagePool2d",
  shape: ([x], pool) => ({ shape: poolOutput(x.shape, pool), dtype: "float32" }),
  vjp: (dy, _y, [x], pool) => [averagePool2dGrad(dy, { ...pool, inputSize: [x.shape[1]!, x.shape[2]!] })],
  lower: ([out], [x], pool) => ({
    kernel: "f32_average_pool2d",
    words: [at(out), at(x), ...poolWords(x.shape, out.shape, pool), ...averageWords(pool)],
    split: splitByPooledRows(out.shape, 1),
  }),
  heavy: true,
  flops: (out, _inputs, pool) => poolFlops(out, pool),
});

/**
 * The average pixel of each window. Padding is neither added nor counted, unless countIncludePad says so.
 *
 * x: [N, H, W, C]   returns [N, OH, OW, C]; both channels first where dataFormat says so   Throws ShapeError when the window does not fit.
 */
export function averagePool2d(x: Value, { dataFormat, countIncludePad = false, ...attrs }: AveragePoolAttrs): Value {
  return channelsLast(x, dataFormat, "averagePool2d", (images) => averagesOf(images, { ...resolvePool(images, attrs, "averagePool2d"), countIncludePad }));
}

/** averagePool2d by a pool that is resolved already. */
export function averagesOf(x: Value, pool: AveragePool): Value {
  return poolOp(x, pool);
}
