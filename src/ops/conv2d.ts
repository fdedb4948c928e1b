// conv2d: two-dimensional convolution (cross-correlation, as everywhere in deep learning) of NHWC images.
import type { Value } from "../graph/value.js";
import { conv2dWorkspace } from "../program/workspace.js";
import { conv2dGradFilter } from "./conv2dGradFilter.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import { checkConvOperands, convFlops, convSizes, convWords } from "./convolution.js";
import { ACTIVATIONS } from "./matmul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { reluGrad } from "./reluGrad.js";
import { resolveWindow, type Window, type WindowAttrs } from "./window.js";

interface ConvAttrs extends Window {
  readonly activation: keyof typeof ACTIVATIONS;
}

const convOp: Op<[x: Value, w: Value, ...bias: Value[]], ConvAttrs> = op({
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
  lower: ([out], [x, w, bias], { activation, ...window }) => {
    const sizes = convSizes(x.shape, w.shape, window, "conv2d");
    return {
      kernel: "f32_conv2d",
      workspace: conv2dWorkspace(sizes),
      words: [at(out), at(x), at(w), bias ? at(bias) : 0, WORKSPACE, ...convWords(sizes), ACTIVATIONS[activation]],
    };
  },
  heavy: true,
  flops: (_out, [x, w], window) => convFlops(convSizes(x.shape, w.shape, window, "conv2d")),
});

/**
 * out[n, i, j, o] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · w[p, q, c, o]; x is 0 outside.
 * A bias that is added to it and a relu that follows become part of it in the fusion pass.
 *
 * x: [N, H, W, C]   w: [KH, KW, C, O]   returns [N, OH, OW, O]
 * Throws ShapeError when channels differ or the filter does not fit the image, DTypeError for other than float32.
 */
export function conv2d(x: Value, w: Value, attrs: WindowAttrs = {}): Value {
  checkConvOperands(x, w, [3, 2], "conv2d");
  const window = resolveWindow(attrs, [x.shape[1]!, x.shape[2]!], [w.shape[0]!, w.shape[1]!], "conv2d");
  return convOp(x, w, { ...window, activation: "linear" });
}
