// laneUnpool: the gradient of the pooling that laneConv2d does.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { MADE_LATE, splitByGroups } from "./laneConvolution.js";
import { at, op, type Op } from "./op.js";
import type { Pair } from "./window.js";

/** dy put back where each window had its winner.   dy, winners: [groups, ⌊H/2⌋, ⌊W/2⌋, C, 8]   returns [groups, H, W, C, 8], inputSize being [H, W] */
export const laneUnpool: Op<[dy: Value, winners: Value], { inputSize: Pair }> = op({
  name: "laneUnpool",
  shape: ([dy], { inputSize }) => ({ shape: [dy.shape[0]!, ...inputSize, dy.shape[3]!, 8], dtype: "float32" }),
  noGradient: MADE_LATE,
  lower: ([dx], [dy, winners], { inputSize }) => ({
    kernel: "f32_lane_unpool",
    words: [at(dx), at(dy), at(winners), dy.shape[0]!, ...inputSize, dy.shape[3]!],
    split: splitByGroups(dy.shape[0]!, [dx], [dy, winners]),
  }),
  heavy: true,
  flops: (dx) => sizeOf(dx.shape),
});
