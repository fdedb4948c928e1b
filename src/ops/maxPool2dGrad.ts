// maxPool2dGrad: the gradient of maxPool2d, dy put back where each window had its largest pixel.
import type { Value } from "../graph/value.js";
import { maxPool2dGather } from "./maxPool2dGather.js";
import { at, like, op, type Op } from "./op.js";
import { poolFlops, poolWords, splitByImages, type Pool } from "./pooling.js";

/** dx from dy: each window's gradient goes to the first of its largest pixels.   x: [N, H, W, C]   dy: [N, OH, OW, C]   returns [N, H, W, C] */
export const maxPool2dGrad: Op<[x: Value, dy: Value], Pool> = op({
  name: "maxPool2dGrad",
  shape: ([x]) => like(x),
  // Linear in dy; x only says where.
  vjp: (d, _dx, [x], pool) => [null, maxPool2dGather(x, d, pool)],
  lower: ([dx], [x, dy], pool) => ({
    kernel: "f32_max_pool2d_grad",
    words: [at(dx), at(x), at(dy), ...poolWords(x.shape, dy.shape, pool)],
    split: splitByImages(x.shape, dy.shape, ["large", "small"]),
  }),
  heavy: true,
  flops: (_dx, [, dy], pool) => poolFlops(dy, pool),
});
