// laneConv2d: conv2d of images in lanes, with a 2×2 max pooling behind it where one is wanted.
import type { TensorType, Value } from "../graph/value.js";
import { convFlops } from "./convolution.js";
import { byPairs, laneConv2dWorkspace, laneSizes, laneWords, MADE_LATE, splitByGroups } from "./laneConvolution.js";
import { ACTIVATIONS } from "./matmul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import type { Window } from "./window.js";

export interface LaneConvAttrs extends Window {
  readonly activation: keyof typeof ACTIVATIONS;
  /** Behind relu only. "winners": with a second result, int32: where in its window each maximum was, 0 to 3, the first of equals. */
  readonly pool: "none" | "max" | "winners";
}

/**
 * conv2d, eight images a group. Dilations must be 1.
 *
 * x: [groups, H, W, C, 8]   w: [KH, KW, C, O], O ≥ 3   bias: [O]   returns [groups, OH, OW, O, 8], pooled [groups, ⌊OH/2⌋, ⌊OW/2⌋, O, 8]
 */
export const laneConv2d: Op<[x: Value, w: Value, ...bias: Value[]], LaneConvAttrs> = op({
  name: "laneConv2d",
  shape: ([x, w], { pool, ...window }) => {
    const { n, oh, ow, o } = laneSizes(x.shape, w.shape, window, "laneConv2d");
    const [rows, cols] = pool === "none" ? [oh, ow] : [oh >> 1, ow >> 1];
    const out: TensorType = { shape: [n, rows, cols, o, 8], dtype: "float32" };
    return pool === "winners" ? [out, { ...out, dtype: "int32" }] : out;
  },
  noGradient: MADE_LATE,
  lower: ([out, winners], [x, w, bias], { activation, pool, ...window }) => {
    const sizes = laneSizes(x.shape, w.shape, window, "laneConv2d");
    const pooled = pool !== "none";
    return {
      kernel: "f32_lane_conv2d",
      workspace: laneConv2dWorkspace(sizes, pooled),
      words: [
        at(out), at(x), at(w), bias ? at(bias) : 0, WORKSPACE, ...laneWords(sizes), ACTIVATIONS[activation], Number(pooled), winners ? at(winners) : 0, Number(byPairs(sizes)),
      ],
      split: splitByGroups(sizes.n, winners ? [out, winners] : [out], bias ? [x, w, bias] : [x, w]),
    };
  },
  heavy: true,
  flops: (_out, [x, w], window) => 8 * convFlops(laneSizes(x.shape, w.shape, window, "laneConv2d")),
});
