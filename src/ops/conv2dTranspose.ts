// conv2dTranspose: the transposed convolution, which spreads every pixel over a window; conv2d's gradient for its image, made public.
import type { Value } from "../graph/value.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import { checkConvOperands } from "./convolution.js";
import { channelsLast } from "./dataFormat.js";
import { transposedAxes, type TransposedAttrs } from "./transposed.js";
import { pair, paddingsOf, type WindowAttrs } from "./window.js";

/**
 * out[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] += x[n, i, j, k] · w[p, q, c, k], from 0.
 *
 * x: [N, H, W, K]   w: [KH, KW, C / groups, K]   returns [N, OH, OW, C]; images channels first where dataFormat says so
 * OH is H·stride for "same", H·stride + max(window − stride, 0) for "valid", (H − 1)·stride + window − top − bottom for pixels (+ outputPadding).
 * Throws ShapeError when channels or sizes do not agree, DTypeError for other than float32.
 */
export function conv2dTranspose(x: Value, w: Value, { strides: given = 1, dilations: spread = 1, padding = "valid", ...attrs }: WindowAttrs & TransposedAttrs = {}): Value {
  return channelsLast(x, attrs.dataFormat, "conv2dTranspose", (images) => {
    checkConvOperands(images, w, [3, 3], "conv2dTranspose");
    const [, h, width] = images.shape as readonly [number, number, number];
    const [kh, kw] = w.shape as readonly [number, number];
    const [strides, dilations] = [pair(given), pair(spread)];
    const axes = transposedAxes([h, width], [kh, kw], strides, dilations, paddingsOf(padding, 2), attrs, "conv2dTranspose");
    const [rows, columns] = axes as [(typeof axes)[0], (typeof axes)[0]];
    return conv2dGradInput(images, w, {
      strides,
      dilations,
      padding: [rows.padding, columns.padding],
      inputSize: [rows.size, columns.size],
      groups: attrs.groups ?? 1,
    });
  });
}
