// maxout: the largest of several linear pieces, a composition.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { max } from "./max.js";
import { reshape } from "./reshape.js";

/**
 * The largest of the pieces of each unit: x has units · pieces elements along `axis`, a unit's pieces side by side; the result has units there.
 *
 * The gradient goes to the winner; equal winners share it. Throws ShapeError when the units do not divide the axis.   Goodfellow et al. 2013
 */
export function maxout(x: Value, { units, axis = -1 }: { units: number; axis?: number }): Value {
  const along = normalizeAxis(axis, x.shape.length, "maxout");
  const size = x.shape[along]!;
  if (!(Number.isInteger(units) && units > 0 && size % units === 0)) {
    throw new ShapeError(`maxout: axis ${along} of ${showShape(x.shape)} has ${size} elements, which ${units} units do not divide.`);
  }
  const split = reshape(x, { shape: [...x.shape.slice(0, along), units, size / units, ...x.shape.slice(along + 1)] });
  return max(split, { axes: along + 1 });
}
