// laneConv2dGradFilter: conv2dGradFilter of images in lanes, in parts that are still to be added up.
import type { Value } from "../graph/value.js";
import type { Conv2dSizes } from "../program/workspace.js";
import type { FilterAttrs } from "./conv2dGradFilter.js";
import { convFlops } from "./convolution.js";
import { bandRows, filterByPairs, laneGradFilterWorkspace, laneSizes, laneWords, MADE_LATE, partsOf } from "./laneConvolution.js";
import { at, op, WORKSPACE, type Op } from "./op.js";

/** FilterAttrs, and how many images there are: the last group may have lanes without one, which hold anything. */
export interface LaneFilterAttrs extends FilterAttrs {
  readonly images: number;
}

/**
 * Shares of conv2dGradFilter, each over some of the groups; the gradient is their sum. Dilations must be 1.
 *
 * x: [groups, H, W, C, 8]   dy: [groups, OH, OW, O, 8], O ≥ 3   returns [parts, KH, KW, C, O], filterSize being [KH, KW]
 * With winners (int32), dy is what laneUnpool takes: [groups, ⌊OH/2⌋, ⌊OW/2⌋, O, 8].
 */
export const laneConv2dGradFilter: Op<[x: Value, dy: Value, ...winners: Value[]], LaneFilterAttrs> = op({
  name: "laneConv2dGradFilter",
  shape: ([x, dy], { filterSize }) => ({ shape: [partsOf(x.shape[0]!), ...filterSize, x.shape[3]!, dy.shape[3]!], dtype: "float32" }),
  noGradient: MADE_LATE,
  lower: ([dw], [x, dy, winners], attrs) => {
    const sizes = sizesOf(x, dy, attrs);
    const parts = partsOf(sizes.n);
    return {
      kernel: "f32_lane_conv2d_grad_filter",
      workspace: laneGradFilterWorkspace(sizes, winners !== undefined),
      words: [at(dw), at(x), at(dy), attrs.images, WORKSPACE, ...laneWords(sizes), parts, Number(filterByPairs(sizes)), bandRows(sizes), winners ? at(winners) : 0],
      split: { units: parts, outputs: [null], inputs: winners ? [null, null, null] : [null, null] },
    };
  },
  heavy: true,
  flops: (_dw, [x, dy], attrs) => 8 * convFlops(sizesOf(x, dy, attrs)),
});

function sizesOf(x: { shape: readonly number[] }, dy: { shape: readonly number[] }, attrs: LaneFilterAttrs): Conv2dSizes {
  return laneSizes(x.shape, [...attrs.filterSize, x.shape[3]!, dy.shape[3]!], attrs, "laneConv2dGradFilter");
}
