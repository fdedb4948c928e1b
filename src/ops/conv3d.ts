// conv3d: a convolution of volumes, the sum of conv2ds of their slices: one for each slice of the filter, over the slices it meets as a batch.
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { add } from "./add.js";
import { conv2d } from "./conv2d.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import { pad } from "./pad.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";
import { paddingsOf, resolveWindow, windowOutput, type Pair } from "./window.js";

export type Triple = readonly [depth: number, height: number, width: number];

export interface Conv3dAttrs {
  readonly strides?: number | Triple;
  /** "valid", "same", voxels of zeros on every side, or a pair for each axis. */
  readonly padding?: "same" | "valid" | number | readonly [Pair, Pair, Pair];
  readonly dilations?: number | Triple;
  readonly groups?: number;
  /** "channelsLast" or "NDHWC" (default), "channelsFirst" or "NCDHW". */
  readonly dataFormat?: DataFormat;
}

/**
 * out[n, d, i, j, o] = Σ x[n, d·stride + s·dilation − front, i·stride + …, j·stride + …, c] · w[s, p, q, c, o]; x is 0 outside.
 *
 * x: [N, D, H, W, C]   w: [KD, KH, KW, C / groups, O]   returns [N, OD, OH, OW, O]; x and the result channels first where dataFormat says so
 * Throws ShapeError when channels differ or the filter does not fit, DTypeError for other than float32.
 */
export function conv3d(x: Value, w: Value, { strides: given = 1, dilations: spread = 1, padding = "valid", groups = 1, dataFormat }: Conv3dAttrs = {}): Value {
  checkVolumes(x, w, "conv3d");
  const [strides, dilations] = [triple(given), triple(spread)];
  return channelsLast(x, dataFormat, "conv3d", (volumes) => {
    const [n, depth, h, width, c] = volumes.shape as readonly [number, number, number, number, number];
    const [kd] = w.shape as readonly [number];
    const [along, ...rest] = paddingsOf(padding, 3) as [Padded, Padded, Padded];
    const window = { strides: [strides[1], strides[2]], dilations: [dilations[1], dilations[2]], padding: planePadding(rest) } as const;
    const axis = resolveWindow({ strides: [strides[0], 1], dilations: [dilations[0], 1], padding: planePadding([along, [0, 0]]) }, [depth, 1], [kd, 1], "conv3d");
    const [planes] = windowOutput(axis, [depth, 1], [kd, 1], "conv3d");
    const [front] = axis.padding[0];
    const last = (planes - 1) * strides[0] + (kd - 1) * dilations[0] - front;
    const padded = pad(volumes, { padding: [[0, 0], [front, Math.max(0, last - depth + 1)], [0, 0], [0, 0], [0, 0]] });
    const terms = Array.from({ length: kd }, (_, s) => {
      const met = slice(padded, { begin: [0, s * dilations[0], 0, 0, 0], size: [n, planes, h, width, c], steps: [1, strides[0], 1, 1, 1] });
      return conv2d(reshape(met, { shape: [n * planes, h, width, c] }), plane(w, s), { ...window, groups });
    });
    const sum = terms.reduce((total, term) => add(total, term));
    return reshape(sum, { shape: [n, planes, ...sum.shape.slice(1)] });
  });
}

export type Padded = "same" | "valid" | Pair;

/** The padding of two axes, which are both named or both in numbers. */
export function planePadding([a, b]: readonly Padded[]): "same" | "valid" | readonly [Pair, Pair] {
  if (typeof a === "string") return a;
  return [a!, typeof b === "string" || b === undefined ? [0, 0] : b];
}

export function triple(value: number | Triple): Triple {
  return typeof value === "number" ? [value, value, value] : value;
}

/** Slice s of a filter [KD, KH, KW, C, O]. */
export function plane(w: Value, s: number): Value {
  return reshape(slice(w, { begin: [s], size: [1] }), { shape: w.shape.slice(1) });
}

export function checkVolumes(x: Value, w: Value, where: string): void {
  for (const { dtype } of [x, w]) if (dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${dtype}. Cast first.`);
  if (x.shape.length !== 5 || w.shape.length !== 5) {
    throw new ShapeError(`${where}: expected volumes [N, D, H, W, C] and filters [KD, KH, KW, C, O], got ${showShape(x.shape)} and ${showShape(w.shape)}.`);
  }
}
