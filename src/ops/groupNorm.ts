// groupNorm: normalisation over the pixels and a group of channels of each example, a composition.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { add } from "./add.js";
import { checkRows } from "./batchNorm.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import { layerNorm } from "./layerNorm.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";

export interface GroupNormAttrs {
  /** Parts of equal size that the channels are cut into. */
  readonly groups: number;
  /** Added to the variance; 1e-5 when absent. */
  readonly epsilon?: number;
  /** Multiplied and added after, one number a channel. */
  readonly scale?: Value;
  readonly offset?: Value;
  readonly dataFormat?: DataFormat;
}

/**
 * (x − mean) / √(variance + ε) · scale + offset, with mean and biased variance over all pixels and the channels of a group, of each example.   Wu & He 2018
 *
 * x: [N, ..., C]   scale, offset: [C]   returns the shape of x   Throws ShapeError when rows have another length, ValueError when groups do not divide C.
 */
export function groupNorm(x: Value, { dataFormat, ...attrs }: GroupNormAttrs): Value {
  return inFormat(x, dataFormat, "groupNorm", (image) => normalizeGroups(image, attrs, "groupNorm"));
}

/** f of x, channels-last inside; without a format any rank is. */
export function inFormat(x: Value, format: DataFormat | undefined, where: string, f: (x: Value) => Value): Value {
  return format === undefined ? f(x) : channelsLast(x, format, where, f);
}

/** The same of channels-last images, in the name of `where`. */
export function normalizeGroups(x: Value, { groups, epsilon = 1e-5, scale, offset }: Omit<GroupNormAttrs, "dataFormat">, where: string): Value {
  if (x.shape.length < 2) throw new ShapeError(`${where}: takes [N, ..., C], got ${showShape(x.shape)}.`);
  const [n, c] = [x.shape[0]!, x.shape[x.shape.length - 1]!];
  if (!Number.isInteger(groups) || groups < 1 || c % groups !== 0) throw new ValueError(`${where}: groups must divide the ${c} channels of ${showShape(x.shape)}, got ${groups}.`);
  checkRows(x, { ...(scale && { scale }), ...(offset && { offset }) }, where);
  const parts = reshape(x, { shape: [n, sizeOf(x.shape.slice(1, -1)), groups, c / groups] });
  const y = reshape(layerNorm(parts, { axes: [1, 3], epsilon }), { shape: x.shape });
  const scaled = scale ? mul(y, scale) : y;
  return offset ? add(scaled, offset) : scaled;
}
