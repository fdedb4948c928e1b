// depthwiseConv2dGradFilter: the gradient of depthwiseConv2d for its filter.
import { DTypeError, ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { depthwiseFlops, depthwiseOutput, depthwiseWords } from "./depthwise.js";
import { depthwiseConv2d } from "./depthwiseConv2d.js";
import { depthwiseConv2dGradInput } from "./depthwiseConv2dGradInput.js";
import { at, op, type Op } from "./op.js";
import type { Pair, Window } from "./window.js";

export interface DepthwiseFilterAttrs extends Window {
  readonly filterSize: Pair;
}

/** Channels of a unit: assembly/depthwise.ts. */
const UNIT_CHANNELS = 4;

/**
 * dw[p, q, c, 0] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · dy[n, i, j, c].
 *
 * x: [N, H, W, C]   dy: [N, OH, OW, C]   returns [KH, KW, C, 1], filterSize being [KH, KW]
 */
export const depthwiseConv2dGradFilter: Op<[x: Value, dy: Value], DepthwiseFilterAttrs> = op({
  name: "depthwiseConv2dGradFilter",
  shape: ([x, dy], { filterSize, ...window }) => {
    for (const { dtype } of [x, dy]) if (dtype !== "float32") throw new DTypeError(`depthwiseConv2dGradFilter: takes float32, got ${dtype}. Cast first.`);
    const expected = depthwiseOutput(x.shape, filterSize, window, "depthwiseConv2dGradFilter");
    if (!sameShape(dy.shape, expected)) {
      throw new ShapeError(`depthwiseConv2dGradFilter: dy must be ${showShape(expected)}, the shape of the convolution's result, got ${showShape(dy.shape)}.`);
    }
    return { shape: [...filterSize, x.shape[3]!, 1], dtype: "float32" };
  },
  vjp: (d, _dw, [x, dy], { strides, padding, dilations }) => [
    depthwiseConv2dGradInput(dy, d, { strides, padding, dilations, inputSize: [x.shape[1]!, x.shape[2]!] }),
    depthwiseConv2d(x, d, { strides, padding, dilations }),
  ],
  lower: ([dw], [x, dy], { filterSize, ...window }) => ({
    kernel: "f32_depthwise_conv2d_grad_filter",
    words: [at(dw), at(x), at(dy), 0, 0, ...depthwiseWords(x.shape, filterSize, dy.shape, window, true)],
    ...(x.shape[3]! > 0 && { split: { units: Math.ceil(x.shape[3]! / UNIT_CHANNELS), outputs: [null], inputs: [null, null] } }),
  }),
  heavy: true,
  flops: (_dw, [, dy], { filterSize }) => depthwiseFlops(dy.shape, filterSize),
});
