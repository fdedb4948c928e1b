// conv3dTranspose: the transposed convolution of volumes, a sum of conv2dTransposes laid into the slices they reach.
import type { Value } from "../graph/value.js";
import { add } from "./add.js";
import { conv2dTranspose } from "./conv2dTranspose.js";
import { checkVolumes, plane, triple, type Conv3dAttrs } from "./conv3d.js";
import { channelsLast } from "./dataFormat.js";
import { place } from "./place.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";
import { transposedAxes, type TransposedAttrs } from "./transposed.js";
import { paddingsOf } from "./window.js";

/**
 * out[n, d·stride + s·dilation − front, i·stride + …, j·stride + …, c] += x[n, d, i, j, k] · w[s, p, q, c, k], from 0.
 *
 * x: [N, D, H, W, K]   w: [KD, KH, KW, C / groups, K]   returns [N, OD, OH, OW, C]; sizes and errors as conv2dTranspose.
 */
export function conv3dTranspose(x: Value, w: Value, { strides: given = 1, dilations: spread = 1, padding = "valid", ...attrs }: Conv3dAttrs & TransposedAttrs = {}): Value {
  checkVolumes(x, w, "conv3dTranspose");
  const [strides, dilations] = [triple(given), triple(spread)];
  return channelsLast(x, attrs.dataFormat, "conv3dTranspose", (volumes) => {
    const [n, depth, h, width, k] = volumes.shape as readonly [number, number, number, number, number];
    const [kd, kh, kw] = w.shape as readonly [number, number, number];
    const axes = transposedAxes([depth, h, width], [kd, kh, kw], strides, dilations, paddingsOf(padding, 3), attrs, "conv3dTranspose");
    const [along, rows, columns] = axes as [(typeof axes)[0], (typeof axes)[0], (typeof axes)[0]];
    const window = {
      strides: [strides[1], strides[2]],
      dilations: [dilations[1], dilations[2]],
      padding: [rows.padding, columns.padding],
      outputShape: [rows.size, columns.size],
      groups: attrs.groups ?? 1,
    } as const;
    const slices = reshape(volumes, { shape: [n * depth, h, width, k] });
    const reached = Math.max((depth - 1) * strides[0] + (kd - 1) * dilations[0] + 1, along.padding[0] + along.size);
    const terms = Array.from({ length: kd }, (_, s) => {
      const term = conv2dTranspose(slices, plane(w, s), window);
      const pixels = term.shape.slice(1);
      return place(reshape(term, { shape: [n, depth, ...pixels] }), {
        shape: [n, reached, ...pixels],
        begin: [0, s * dilations[0], 0, 0, 0],
        steps: [1, strides[0], 1, 1, 1],
        value: 0,
      });
    });
    return slice(terms.reduce((total, term) => add(total, term)), { begin: [0, along.padding[0]], size: [n, along.size] });
  });
}
