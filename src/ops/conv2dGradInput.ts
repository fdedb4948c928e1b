// conv2dGradInput: the gradient of conv2d for its image; also the transposed convolution.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { conv2dGradInputWorkspace, type Conv2dSizes } from "../program/workspace.js";
import { conv2d } from "./conv2d.js";
import { conv2dGradFilter } from "./conv2dGradFilter.js";
import { checkConvOperands, convFlops, convSizes, convWords } from "./convolution.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import type { Pair, Window } from "./window.js";

export interface InputAttrs extends Window {
  readonly inputSize: Pair;
}

/**
 * dx[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] += dy[n, i, j, o] · w[p, q, c, o], from 0.
 *
 * dy: [N, OH, OW, O]   w: [KH, KW, C, O]   returns [N, H, W, C], inputSize being [H, W]
 */
export const conv2dGradInput: Op<[dy: Value, w: Value], InputAttrs> = op({
  name: "conv2dGradInput",
  shape: ([dy, w], attrs) => {
    checkConvOperands(dy, w, [3, 3], "conv2dGradInput");
    const { n, h, w: width, c, o, oh, ow } = sizesOf(dy, w, attrs);
    if (!sameShape(dy.shape, [n, oh, ow, o])) {
      throw new ShapeError(`conv2dGradInput: dy must be ${showShape([n, oh, ow, o])}, the shape of the convolution's result, got ${showShape(dy.shape)}.`);
    }
    return { shape: [n, h, width, c], dtype: "float32" };
  },
  // Linear in both: with d for x, dy's side is the convolution itself.
  vjp: (d, _dx, [dy, w], { strides, padding, dilations }) => [
    conv2d(d, w, { strides, padding, dilations }),
    conv2dGradFilter(d, dy, { strides, padding, dilations, filterSize: [w.shape[0]!, w.shape[1]!] }),
  ],
  lower: ([dx], [dy, w], attrs) => {
    const sizes = sizesOf(dy, w, attrs);
    return {
      kernel: "f32_conv2d_grad_input",
      workspace: conv2dGradInputWorkspace(sizes),
      words: [at(dx), at(dy), at(w), 0, WORKSPACE, ...convWords(sizes)],
    };
  },
  heavy: true,
  flops: (_dx, [dy, w], attrs) => convFlops(sizesOf(dy, w, attrs)),
});

function sizesOf(dy: { shape: readonly number[] }, w: { shape: readonly number[] }, attrs: InputAttrs): Conv2dSizes {
  return convSizes([dy.shape[0]!, ...attrs.inputSize, w.shape[2]!], w.shape, attrs, "conv2dGradInput");
}
