// conv2dGradFilter: the gradient of conv2d for its filter.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { rowUnits } from "../program/split.js";
import { conv2dGradFilterWorkspace, winogradGradFilterWorkspace, type Conv2dSizes } from "../program/workspace.js";
import { conv2d } from "./conv2d.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import {
  checkConvOperands, checkGroups, convFlops, convSizes, convWords, depthwiseWords, isDepthwise, winogradBlocks, winogradWords, type ConvWindow,
} from "./convolution.js"; // prettier-ignore
import { at, op, WORKSPACE, type Op } from "./op.js";
import type { Pair } from "./window.js";

/** Input channels of a unit of Winograd's kernel and of the depthwise one: assembly/winograd.grad.ts, depthwise.ts. */
const UNIT_CHANNELS = 4;

export interface FilterAttrs extends Omit<ConvWindow, "groups"> {
  readonly groups?: number;
  readonly filterSize: Pair;
}

/**
 * dw[p, q, c, o] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · dy[n, i, j, o].
 *
 * x: [N, H, W, C]   dy: [N, OH, OW, O]   returns [KH, KW, C / groups, O], filterSize being [KH, KW]
 */
export const conv2dGradFilter: Op<[x: Value, dy: Value], FilterAttrs> = op({
  name: "conv2dGradFilter",
  shape: ([x, dy], attrs) => {
    checkConvOperands(x, dy, [0, 0], "conv2dGradFilter");
    const { n, c, kh, kw, o, oh, ow, groups } = sizesOf(x, dy, attrs);
    checkGroups(groups, c, o, "conv2dGradFilter");
    if (!sameShape(dy.shape, [n, oh, ow, o])) {
      throw new ShapeError(`conv2dGradFilter: dy must be ${showShape([n, oh, ow, o])}, the shape of the convolution's result, got ${showShape(dy.shape)}.`);
    }
    return { shape: [kh, kw, c / groups, o], dtype: "float32" };
  },
  // Linear in both: with d for w, dy's side is the convolution itself.
  vjp: (d, _dw, [x, dy], { strides, padding, dilations, groups = 1 }) => [
    conv2dGradInput(dy, d, { strides, padding, dilations, groups, inputSize: [x.shape[1]!, x.shape[2]!] }),
    conv2d(x, d, { strides, padding, dilations, groups }),
  ],
  lower: ([dw], [x, dy], attrs, target) => {
    const sizes = sizesOf(x, dy, attrs);
    const operands = [at(dw), at(x), at(dy), 0, WORKSPACE] as const;
    const blocks = winogradBlocks(sizes, target);
    if (blocks !== null) {
      return {
        kernel: `f32_winograd${blocks.tile}_grad_filter`,
        workspace: winogradGradFilterWorkspace(sizes, blocks),
        words: [...operands, ...winogradWords(sizes), blocks.blockTiles],
        split: { units: Math.ceil(sizes.c / UNIT_CHANNELS), outputs: [null], inputs: [null, null] },
      };
    }
    if (isDepthwise(sizes)) {
      return {
        kernel: "f32_depthwise_conv2d_grad_filter",
        words: [at(dw), at(x), at(dy), 0, 0, ...depthwiseWords(sizes)],
        split: { units: Math.ceil(sizes.c / UNIT_CHANNELS), outputs: [null], inputs: [null, null] },
      };
    }
    const { units, bytes } = rowUnits(dw.shape, "float32");
    return {
      kernel: "f32_conv2d_grad_filter",
      workspace: conv2dGradFilterWorkspace(sizes),
      words: [...operands, ...convWords(sizes)],
      ...(units > 0 && { split: { units, outputs: [bytes], inputs: [null, null] } }),
    };
  },
  heavy: true,
  flops: (_dw, [x, dy], attrs) => convFlops(sizesOf(x, dy, attrs)),
});

function sizesOf(x: { shape: readonly number[] }, dy: { shape: readonly number[] }, attrs: FilterAttrs): Conv2dSizes {
  const { groups = 1 } = attrs;
  return convSizes(x.shape, [...attrs.filterSize, x.shape[3]! / groups, dy.shape[3]!], { ...attrs, groups }, "conv2dGradFilter");
}
