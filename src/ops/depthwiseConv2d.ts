// depthwiseConv2d: a convolution in which every channel has filters of its own.
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import { checkDepthwise, depthwiseFlops, depthwiseOutput, depthwiseWords, tapBytes } from "./depthwise.js";
import { depthwiseConv2dGradFilter } from "./depthwiseConv2dGradFilter.js";
import { depthwiseConv2dGradInput } from "./depthwiseConv2dGradInput.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { reshape } from "./reshape.js";
import { resolveWindow, type Pair, type Window, type WindowAttrs } from "./window.js";

const depthwiseOp: Op<[x: Value, w: Value], Window> = op({
  name: "depthwiseConv2d",
  shape: ([x, w], window) => ({ shape: depthwiseOutput(x.shape, sizeOf(w), window, "depthwiseConv2d"), dtype: "float32" }),
  vjp: (dy, _y, [x, w], window) => [
    depthwiseConv2dGradInput(dy, w, { ...window, inputSize: [x.shape[1]!, x.shape[2]!] }),
    depthwiseConv2dGradFilter(x, dy, { ...window, filterSize: sizeOf(w) }),
  ],
  lower: ([out], [x, w], window) => {
    const [n, oh, ow, c] = out.shape as readonly [number, number, number, number];
    return {
      kernel: "f32_depthwise_conv2d",
      workspace: tapBytes(sizeOf(w)),
      words: [at(out), at(x), at(w), 0, WORKSPACE, ...depthwiseWords(x.shape, sizeOf(w), out.shape, window, true)],
      ...(n * oh > 0 && { split: { units: n * oh, outputs: [4 * ow * c], inputs: [null, null] } }),
    };
  },
  heavy: true,
  flops: (out, [, w]) => depthwiseFlops(out.shape, sizeOf(w)),
});

function sizeOf({ shape }: { readonly shape: readonly number[] }): Pair {
  return [shape[0]!, shape[1]!];
}

/**
 * out[n, i, j, c·M + m] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · w[p, q, c, m]; x is 0 outside.
 *
 * x: [N, H, W, C]   w: [KH, KW, C, M]   returns [N, OH, OW, C·M]; images channels first where dataFormat says so
 * Throws ShapeError when channels differ or the filter does not fit the image, DTypeError for other than float32.
 */
export function depthwiseConv2d(x: Value, w: Value, { dataFormat, ...attrs }: WindowAttrs & { dataFormat?: DataFormat } = {}): Value {
  return channelsLast(x, dataFormat, "depthwiseConv2d", (images) => {
    checkDepthwise(images, w, "depthwiseConv2d");
    const [n, h, width, c] = images.shape as readonly [number, number, number, number];
    const [kh, kw, , m] = w.shape as readonly [number, number, number, number];
    const window = resolveWindow(attrs, [h, width], [kh, kw], "depthwiseConv2d");
    if (m === 1) return depthwiseOp(images, w, window);
    // Several filters a channel: the channel several times.
    const repeated = broadcastTo(reshape(images, { shape: [n, h, width, c, 1] }), { shape: [n, h, width, c, m] });
    return depthwiseOp(reshape(repeated, { shape: [n, h, width, c * m] }), reshape(w, { shape: [kh, kw, c * m, 1] }), window);
  });
}
