// conv2dGradFilter: the gradient of conv2d for its filter.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { conv2dGradFilterWorkspace, type Conv2dSizes } from "../program/workspace.js";
import { conv2d } from "./conv2d.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import { checkConvOperands, convFlops, convSizes, convWords } from "./convolution.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import type { Pair, Window } from "./window.js";

export interface FilterAttrs extends Window {
  readonly filterSize: Pair;
}

/**
 * dw[p, q, c, o] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · dy[n, i, j, o].
 *
 * x: [N, H, W, C]   dy: [N, OH, OW, O]   returns [KH, KW, C, O], filterSize being [KH, KW]
 */
export const conv2dGradFilter: Op<[x: Value, dy: Value], FilterAttrs> = op({
  name: "conv2dGradFilter",
  shape: ([x, dy], attrs) => {
    checkConvOperands(x, dy, [0, 0], "conv2dGradFilter");
    const { n, c, kh, kw, o, oh, ow } = sizesOf(x, dy, attrs);
    if (!sameShape(dy.shape, [n, oh, ow, o])) {
      throw new ShapeError(`conv2dGradFilter: dy must be ${showShape([n, oh, ow, o])}, the shape of the convolution's result, got ${showShape(dy.shape)}.`);
    }
    return { shape: [kh, kw, c, o], dtype: "float32" };
  },
  // Linear in both: with d for w, dy's side is the convolution itself.
  vjp: (d, _dw, [x, dy], { strides, padding, dilations }) => [
    conv2dGradInput(dy, d, { strides, padding, dilations, inputSize: [x.shape[1]!, x.shape[2]!] }),
    conv2d(x, d, { strides, padding, dilations }),
  ],
  lower: ([dw], [x, dy], attrs) => {
    const sizes = sizesOf(x, dy, attrs);
    return {
      kernel: "f32_conv2d_grad_filter",
      workspace: conv2dGradFilterWorkspace(sizes),
      words: [at(dw), at(x), at(dy), 0, WORKSPACE, ...convWords(sizes)],
    };
  },
  heavy: true,
  flops: (_dw, [x, dy], attrs) => convFlops(sizesOf(x, dy, attrs)),
});

function sizesOf(x: { shape: readonly number[] }, dy: { shape: readonly number[] }, attrs: FilterAttrs): Conv2dSizes {
  return convSizes(x.shape, [...attrs.filterSize, x.shape[3]!, dy.shape[3]!], attrs, "conv2dGradFilter");
}
