// layerNorm: normalisation over axes of each example alone.
import { ShapeError } from "../base/errors.js";
import { normalizeAxes, sameShape, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { normalizeRows } from "./normalizeRows.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

export interface LayerNormAttrs {
  /** Axes over which mean and variance are taken, negative from the end; the last when absent. */
  readonly axes?: number | readonly number[];
  /** Added to the variance; 1e-5 when absent. */
  readonly epsilon?: number;
  /** Multiplied and added after, each of the shape of x along `axes`. */
  readonly scale?: Value;
  readonly offset?: Value;
}

/**
 * (x − mean) / √(variance + ε) · scale + offset, mean and biased variance over `axes`.   Ba et al. 2016
 *
 * x: any shape, computed in float32   returns the shape of x   Throws ShapeError for an axis out of range, or a scale or offset of another shape.
 */
export function layerNorm(x: Value, attrs: LayerNormAttrs = {}): Value {
  return normalizeOver(x, { epsilon: 1e-5, ...attrs }, true, "layerNorm");
}

/** layerNorm, or without the mean; the axes go behind all others and make up one row. */
export function normalizeOver(x: Value, { axes = -1, epsilon, scale, offset }: LayerNormAttrs & { epsilon: number }, centred: boolean, where: string): Value {
  const list = normalizeAxes(axes, x.shape.length, where);
  const over = list.map((axis) => x.shape[axis]!);
  for (const [name, value] of Object.entries({ scale, offset })) {
    if (value !== undefined && !sameShape(value.shape, over)) throw new ShapeError(`${where}: ${name} must be ${showShape(over)}, x's shape along its axes, got ${showShape(value.shape)}.`);
  }
  const perm = [...x.shape.map((_, axis) => axis).filter((axis) => !list.includes(axis)), ...list];
  const turned = transpose(cast(x, { dtype: "float32" }), { perm });
  const affine = [scale, offset].flatMap((value) => (value ? [reshape(cast(value, { dtype: "float32" }), { shape: [-1] })] : []));
  const rows = reshape(turned, { shape: [sizeOf(x.shape) / sizeOf(over) || 0, sizeOf(over)] });
  const y = normalizeRows(rows, ...affine, { epsilon, centred, scaled: scale !== undefined, shifted: offset !== undefined });
  return transpose(reshape(y, { shape: turned.shape }), { perm: perm.map((_, axis) => perm.indexOf(axis)) });
}
