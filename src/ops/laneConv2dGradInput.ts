// laneConv2dGradInput: conv2dGradInput of images in lanes.
import type { Value } from "../graph/value.js";
import type { Conv2dSizes } from "../program/workspace.js";
import type { InputAttrs } from "./conv2dGradInput.js";
import { convFlops } from "./convolution.js";
import { inputByPairs, laneGradInputWorkspace, laneSizes, laneWords, MADE_LATE, splitByGroups } from "./laneConvolution.js";
import { at, op, WORKSPACE, type Op } from "./op.js";

/**
 * dy: [groups, OH, OW, O, 8]   w: [KH, KW, C, O], C ≥ 3   returns [groups, H, W, C, 8], inputSize being [H, W]. Dilations must be 1.
 * With winners (int32), dy is what laneUnpool takes: [groups, ⌊OH/2⌋, ⌊OW/2⌋, O, 8].
 */
export const laneConv2dGradInput: Op<[dy: Value, w: Value, ...winners: Value[]], InputAttrs> = op({
  name: "laneConv2dGradInput",
  shape: ([dy, w], { inputSize }) => ({ shape: [dy.shape[0]!, ...inputSize, w.shape[2]!, 8], dtype: "float32" }),
  noGradient: MADE_LATE,
  lower: ([dx], [dy, w, winners], attrs) => {
    const sizes = sizesOf(dy, w, attrs);
    return {
      kernel: "f32_lane_conv2d_grad_input",
      workspace: laneGradInputWorkspace(sizes, winners !== undefined),
      words: [at(dx), at(dy), at(w), 0, WORKSPACE, ...laneWords(sizes), Number(inputByPairs(sizes)), winners ? at(winners) : 0],
      split: splitByGroups(sizes.n, [dx], winners ? [dy, w, winners] : [dy, w]),
    };
  },
  heavy: true,
  flops: (_dx, [dy, w], attrs) => 8 * convFlops(sizesOf(dy, w, attrs)),
});

function sizesOf(dy: { shape: readonly number[] }, w: { shape: readonly number[] }, attrs: InputAttrs): Conv2dSizes {
  return laneSizes([dy.shape[0]!, ...attrs.inputSize, w.shape[2]!], w.shape, attrs, "laneConv2dGradInput");
}
