// conv1dTranspose: the transposed convolution of one axis.
import type { Value } from "../graph/value.js";
import { checkRanks, filterOf, narrow, single, widen, windowOf, type Conv1dAttrs } from "./conv1d.js";
import { conv2dTranspose } from "./conv2dTranspose.js";
import { channelsLast } from "./dataFormat.js";

export interface Conv1dTransposeAttrs extends Conv1dAttrs {
  readonly outputPadding?: number | readonly [number];
  /** Elements of the result instead. */
  readonly outputShape?: number | readonly [number];
}

/**
 * out[n, i·stride + p·dilation − before, c] += x[n, i, k] · w[p, c, k], from 0.
 *
 * x: [N, W, K]   w: [S, C / groups, K]   returns [N, OW, C]; sizes and errors as conv2dTranspose.
 */
export function conv1dTranspose(x: Value, w: Value, { dataFormat, groups = 1, outputPadding, outputShape, ...attrs }: Conv1dTransposeAttrs = {}): Value {
  checkRanks(x, w, "conv1dTranspose");
  const size = {
    ...(outputPadding !== undefined && { outputPadding: [0, single(outputPadding)] }),
    ...(outputShape !== undefined && { outputShape: [1, single(outputShape)] }),
  };
  return channelsLast(x, dataFormat, "conv1dTranspose", (signals) => narrow(conv2dTranspose(widen(signals), filterOf(w), { ...windowOf(attrs), groups, ...size })));
}
