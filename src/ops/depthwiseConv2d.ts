// depthwiseConv2d: a convolution in which every channel has filters of its own: conv2d with as many groups as channels.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { conv2d } from "./conv2d.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import { reshape } from "./reshape.js";
import type { WindowAttrs } from "./window.js";

/**
 * out[n, i, j, c·M + m] = Σ x[n, i·stride + p·dilation − top, j·stride + q·dilation − left, c] · w[p, q, c, m]; x is 0 outside.
 *
 * x: [N, H, W, C]   w: [KH, KW, C, M]   returns [N, OH, OW, C·M]; images channels first where dataFormat says so
 * Throws ShapeError when channels differ or the filter does not fit the image, DTypeError for other than float32.
 */
export function depthwiseConv2d(x: Value, w: Value, { dataFormat, ...attrs }: WindowAttrs & { readonly dataFormat?: DataFormat } = {}): Value {
  return channelsLast(x, dataFormat, "depthwiseConv2d", (images) => {
    if (images.shape.length !== 4 || w.shape.length !== 4 || images.shape[3] !== w.shape[2]) {
      throw new ShapeError(`depthwiseConv2d: expected images [N, H, W, C] and filters [KH, KW, C, multiplier], got ${showShape(images.shape)} and ${showShape(w.shape)}.`);
    }
    const [kh, kw, c, m] = w.shape as readonly [number, number, number, number];
    return conv2d(images, reshape(w, { shape: [kh, kw, 1, c * m] }), { ...attrs, groups: c });
  });
}
