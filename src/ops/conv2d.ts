// conv2d: two-dimensional convolution (cross-correlation, as everywhere in deep learning) of NHWC images.
import type { Value } from "../graph/value.js";
import { conv2dBands, conv2dWorkspace, winogradWorkspace } from "../program/workspace.js";
import { broadcastTo } from "./broadcastTo.js";
import { conv2dGradFilter } from "./conv2dGradFilter.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import {
  checkConvOperands, checkGroups, convFlops, convSizes, convWords, depthwiseWords, isDepthwise, tapBytes, tilesOf, winogradBlocks, winogradWords, type ConvWindow,
} from "./convolution.js"; // prettier-ignore
import { ACTIVATIONS, matmul } from "./matmul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { reluGrad } from "./reluGrad.js";
import { reshape } from "./reshape.js";
import { resolveWindow, type WindowAttrs } from "./window.js";

export interface ConvAttrs extends WindowAttrs {
  /** Channels and filters are cut into this many groups, each filter sees the channels of its group only. Default 1. */
  readonly groups?: number;
  /** Where the channels lie in x and in the result: "channelsLast" or "NHWC" (default), "channelsFirst" or "NCHW". */
  readonly dataFormat?: DataFormat;
}

interface FusedAttrs extends ConvWindow {
  readonly activation: keyof typeof ACTIVATIONS;
}

const convOp: Op<[x: Value, w: Value, ...bias: Value[]], FusedAttrs> = op({
  name: "conv2d",
  shape: ([x, w], window) => {
    const { n, oh, ow, o } = convSizes(x.shape, w.shape, window, "conv2d");
    return { shape: [n, oh, ow, o], dtype: "float32" };
  },
  vjp: (dy, y, [x, w, bias], { activation, ...window }) => {
    const d = activation === "relu" ? reluGrad(dy, y) : dy;
    const [, h, width] = x.shape as readonly [number, number, number, number];
    const [kh, kw] = w.shape as readonly [number, number, number, number];
    const dx = conv2dGradInput(d, w, { ...window, inputSize: [h, width] });
    const dw = conv2dGradFilter(x, d, { ...window, filterSize: [kh, kw] });
    return bias ? [dx, dw, d] : [dx, dw];
  },
  lower: ([out], [x, w, bias], { activation, ...window }, target) => {
    const sizes = convSizes(x.shape, w.shape, window, "conv2d");
    const operands = [at(out), at(x), at(w), bias ? at(bias) : 0, WORKSPACE] as const;
    const inputs = [null, null, ...(bias ? [null] : [])];
    const blocks = winogradBlocks(sizes, target);
    if (blocks !== null) {
      const { c, o } = sizes;
      return {
        kernel: `f32_winograd${blocks.tile}`,
        workspace: winogradWorkspace(sizes, blocks),
        words: [...operands, ...winogradWords(sizes), 3 * c * o, c * o, o, 1, ACTIVATIONS[activation], blocks.blockTiles],
        split: { units: Math.ceil(tilesOf(sizes, blocks.tile) / blocks.blockTiles), outputs: [null], inputs },
      };
    }
    if (isDepthwise(sizes)) {
      const { n, oh, ow, o } = sizes;
      return {
        kernel: "f32_depthwise_conv2d",
        workspace: tapBytes(sizes),
        words: [...operands, ...depthwiseWords(sizes), ACTIVATIONS[activation]],
        ...(n * oh > 0 && { split: { units: n * oh, outputs: [4 * ow * o], inputs } }),
      };
    }
    const workspace = conv2dWorkspace(sizes);
    return {
      kernel: "f32_conv2d",
      workspace,
      words: [...operands, ...convWords(sizes), ACTIVATIONS[activation]],
      ...(workspace > 0 && { split: { units: conv2dBands(sizes), outputs: [null], inputs } }),
    };
  },
  heavy: true,
  flops: (_out, [x, w], window) => convFlops(convSizes(x.shape, w.shape, window, "conv2d")),
});

/**
 * out[n, i, j, o] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · w[p, q, c, o]; x is 0 outside.
 * A bias that is added to it and a relu that follows become part of it in the fusion pass. With groups, c counts the channels of o's group.
 *
 * x: [N, H, W, C]   w: [KH, KW, C / groups, O]   returns [N, OH, OW, O]; channels first in both where dataFormat says so
 * Throws ShapeError when channels differ, groups do not divide them or the filter does not fit the image, DTypeError for other than float32.
 */
export function conv2d(x: Value, w: Value, { groups = 1, dataFormat, ...attrs }: ConvAttrs = {}): Value {
  return channelsLast(x, dataFormat, "conv2d", (images) => {
    checkConvOperands(images, w, [3, 2], "conv2d", groups);
    const [kh, kw, , o] = w.shape as readonly [number, number, number, number];
    const [n, h, width, c] = images.shape as readonly [number, number, number, number];
    checkGroups(groups, c, o, "conv2d");
    if (groups === c && o > c && c > 1) {
      // Several filters a channel: the channel several times, for the depthwise kernel.
      const repeated = broadcastTo(reshape(images, { shape: [n, h, width, c, 1] }), { shape: [n, h, width, c, o / c] });
      return conv2d(reshape(repeated, { shape: [n, h, width, o] }), w, { ...attrs, groups: o });
    }
    const window = resolveWindow(attrs, [h, width], [kh, kw], "conv2d");
    const dense = kh * kw === 1 && groups === 1 && [...window.strides, ...window.padding.flat()].join() === "1,1,0,0,0,0";
    // A filter of one pixel is a product of matrices.
    return dense ? matmul(images, reshape(w, { shape: [c, o] })) : convOp(images, w, { ...window, groups, activation: "linear" });
  });
}
