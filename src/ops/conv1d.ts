// conv1d: a convolution of one axis is one of two, of which the first has one pixel.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { conv2d } from "./conv2d.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import { reshape } from "./reshape.js";
import type { Pair, WindowAttrs } from "./window.js";

export interface Conv1dAttrs {
  readonly strides?: number | readonly [number];
  /** "valid", "same", elements of zeros on both sides, or [before, after], alone or in a list. */
  readonly padding?: "same" | "valid" | number | Pair | readonly [Pair];
  readonly dilations?: number | readonly [number];
  readonly groups?: number;
  /** "channelsLast" or "NWC" (default), "channelsFirst" or "NCW". */
  readonly dataFormat?: DataFormat;
}

/**
 * out[n, i, o] = Σ x[n, i·stride + p·dilation − before, c] · w[p, c, o]; x is 0 outside.
 *
 * x: [N, W, C]   w: [K, C / groups, O]   returns [N, OW, O]; x and the result channels first where dataFormat says so. Throws as conv2d.
 */
export function conv1d(x: Value, w: Value, { dataFormat, groups = 1, ...attrs }: Conv1dAttrs = {}): Value {
  checkRanks(x, w, "conv1d");
  return channelsLast(x, dataFormat, "conv1d", (signals) => narrow(conv2d(widen(signals), filterOf(w), { ...windowOf(attrs), groups })));
}

export function checkRanks(x: Value, w: Value, where: string): void {
  if (x.shape.length !== 3 || w.shape.length !== 3) {
    throw new ShapeError(`${where}: expected signals [N, W, C] and filters [K, C, O], got ${showShape(x.shape)} and ${showShape(w.shape)}.`);
  }
}

export function windowOf({ strides = 1, padding = "valid", dilations = 1 }: Conv1dAttrs): WindowAttrs {
  const window = { strides: [1, single(strides)], dilations: [1, single(dilations)] } as const;
  if (typeof padding === "string") return { ...window, padding };
  if (typeof padding === "number") return { ...window, padding: [[0, 0], [padding, padding]] };
  return { ...window, padding: [[0, 0], padding.length === 1 ? padding[0] : padding] };
}

export function single(value: number | readonly [number]): number {
  return typeof value === "number" ? value : value[0];
}

export function widen(x: Value): Value {
  const [n, w, c] = x.shape as readonly [number, number, number];
  return reshape(x, { shape: [n, 1, w, c] });
}

export function filterOf(w: Value): Value {
  return reshape(w, { shape: [1, ...w.shape] });
}

export function narrow(y: Value): Value {
  const [n, , w, c] = y.shape as readonly [number, number, number, number];
  return reshape(y, { shape: [n, w, c] });
}
