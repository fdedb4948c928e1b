// conv2dGradInput: the gradient of conv2d for its image; also the transposed convolution.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { conv2dGradInputWorkspace, winogradWorkspace, type Conv2dSizes } from "../program/workspace.js";
import { conv2d } from "./conv2d.js";
import { conv2dGradFilter } from "./conv2dGradFilter.js";
import {
  checkConvOperands, checkGroups, convFlops, convSizes, convWords, depthwiseBackWords, isDepthwise, tapBytes, tilesOf, turnedSizes, winogradBlocks, winogradWords, type ConvWindow,
} from "./convolution.js"; // prettier-ignore
import { ACTIVATIONS } from "./matmul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import type { Pair } from "./window.js";

export interface InputAttrs extends Omit<ConvWindow, "groups"> {
  readonly groups?: number;
  readonly inputSize: Pair;
}

/**
 * dx[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] += dy[n, i, j, o] · w[p, q, c, o], from 0.
 *
 * dy: [N, OH, OW, O]   w: [KH, KW, C / groups, O]   returns [N, H, W, C], inputSize being [H, W]
 */
export const conv2dGradInput: Op<[dy: Value, w: Value], InputAttrs> = op({
  name: "conv2dGradInput",
  shape: ([dy, w], attrs) => {
    checkConvOperands(dy, w, [3, 3], "conv2dGradInput");
    const { n, h, w: width, c, o, oh, ow, groups } = sizesOf(dy, w, attrs);
    checkGroups(groups, c, o, "conv2dGradInput");
    if (!sameShape(dy.shape, [n, oh, ow, o])) {
      throw new ShapeError(`conv2dGradInput: dy must be ${showShape([n, oh, ow, o])}, the shape of the convolution's result, got ${showShape(dy.shape)}.`);
    }
    return { shape: [n, h, width, c], dtype: "float32" };
  },
  // Linear in both: with d for x, dy's side is the convolution itself.
  vjp: (d, _dx, [dy, w], { strides, padding, dilations, groups = 1 }) => [
    conv2d(d, w, { strides, padding, dilations, groups }),
    conv2dGradFilter(d, dy, { strides, padding, dilations, groups, filterSize: [w.shape[0]!, w.shape[1]!] }),
  ],
  lower: ([dx], [dy, w], attrs, target) => {
    const sizes = sizesOf(dy, w, attrs);
    const turned = turnedSizes(sizes);
    const blocks = winogradBlocks(turned, target);
    if (blocks !== null) {
      const { c, o } = sizes;
      return {
        kernel: `f32_winograd${blocks.tile}`,
        workspace: winogradWorkspace(turned, blocks),
        // The filter is read from its last tap backwards, rows for columns.
        words: [at(dx), at(dy), at(w, 8 * c * o), 0, WORKSPACE, ...winogradWords(turned), -3 * c * o, -c * o, 1, o, ACTIVATIONS.linear, blocks.blockTiles],
        split: { units: Math.ceil(tilesOf(turned, blocks.tile) / blocks.blockTiles), outputs: [null], inputs: [null, null] },
      };
    }
    if (isDepthwise(sizes)) {
      const { n, h, w: width, c } = sizes;
      return {
        kernel: "f32_depthwise_conv2d",
        workspace: tapBytes(sizes),
        words: [at(dx), at(dy), at(w), 0, WORKSPACE, ...depthwiseBackWords(sizes), ACTIVATIONS.linear],
        ...(n * h > 0 && { split: { units: n * h, outputs: [4 * width * c], inputs: [null, null] } }),
      };
    }
    return {
      kernel: "f32_conv2d_grad_input",
      workspace: conv2dGradInputWorkspace(sizes),
      words: [at(dx), at(dy), at(w), 0, WORKSPACE, ...convWords(sizes)],
      ...(sizes.n > 0 && { split: { units: sizes.n, outputs: [4 * sizes.h * sizes.w * sizes.c], inputs: [4 * sizes.oh * sizes.ow * sizes.o, null] } }),
    };
  },
  heavy: true,
  flops: (_dx, [dy, w], attrs) => convFlops(sizesOf(dy, w, attrs)),
});

function sizesOf(dy: { shape: readonly number[] }, w: { shape: readonly number[] }, attrs: InputAttrs): Conv2dSizes {
  const { groups = 1 } = attrs;
  return convSizes([dy.shape[0]!, ...attrs.inputSize, w.shape[2]! * groups], w.shape, { ...attrs, groups }, "conv2dGradInput");
}
