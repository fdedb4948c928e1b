// depthwiseConv2dGradInput: the gradient of depthwiseConv2d for its image; also the transposed depthwise convolution.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { checkDepthwise, depthwiseFlops, depthwiseOutput, depthwiseWords, tapBytes } from "./depthwise.js";
import { depthwiseConv2d } from "./depthwiseConv2d.js";
import { depthwiseConv2dGradFilter } from "./depthwiseConv2dGradFilter.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import type { Pair, Window } from "./window.js";

export interface DepthwiseInputAttrs extends Window {
  readonly inputSize: Pair;
}

/**
 * dx[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] += dy[n, i, j, c] · w[p, q, c, 0], from 0.
 *
 * dy: [N, OH, OW, C]   w: [KH, KW, C, 1]   returns [N, H, W, C], inputSize being [H, W]
 */
export const depthwiseConv2dGradInput: Op<[dy: Value, w: Value], DepthwiseInputAttrs> = op({
  name: "depthwiseConv2dGradInput",
  shape: ([dy, w], { inputSize, ...window }) => {
    checkDepthwise(dy, w, "depthwiseConv2dGradInput");
    const shape = [dy.shape[0]!, ...inputSize, dy.shape[3]!];
    const expected = depthwiseOutput(shape, [w.shape[0]!, w.shape[1]!], window, "depthwiseConv2dGradInput");
    if (!sameShape(dy.shape, expected)) {
      throw new ShapeError(`depthwiseConv2dGradInput: dy must be ${showShape(expected)}, the shape of the convolution's result, got ${showShape(dy.shape)}.`);
    }
    return { shape, dtype: "float32" };
  },
  vjp: (d, _dx, [dy, w], { strides, padding, dilations }) => [
    depthwiseConv2d(d, w, { strides, padding, dilations }),
    depthwiseConv2dGradFilter(d, dy, { strides, padding, dilations, filterSize: [w.shape[0]!, w.shape[1]!] }),
  ],
  lower: ([dx], [dy, w], window) => {
    const size = [w.shape[0]!, w.shape[1]!] as const;
    const [n, h, width, c] = dx.shape as readonly [number, number, number, number];
    return {
      kernel: "f32_depthwise_conv2d",
      workspace: tapBytes(size),
      words: [at(dx), at(dy), at(w), 0, WORKSPACE, ...depthwiseWords(dy.shape, size, dx.shape, window, false)],
      ...(n * h > 0 && { split: { units: n * h, outputs: [4 * width * c], inputs: [null, null] } }),
    };
  },
  heavy: true,
  flops: (_dx, [dy, w]) => depthwiseFlops(dy.shape, [w.shape[0]!, w.shape[1]!]),
});
