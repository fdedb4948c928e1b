// glu: gated linear unit, a composition.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { sigmoid } from "./sigmoid.js";
import { slice } from "./slice.js";

/** a · sigmoid(b) of the halves a and b of x along `axis`. Throws ShapeError when its size is odd.   Dauphin et al. 2016 */
export function glu(x: Value, { axis = -1 }: { axis?: number } = {}): Value {
  const along = normalizeAxis(axis, x.shape.length, "glu");
  const half = x.shape[along]! / 2;
  if (!Number.isInteger(half)) throw new ShapeError(`glu: axis ${along} of ${showShape(x.shape)} must be even to have two halves.`);
  const part = (from: number): Value => slice(x, { begin: x.shape.map((_, i) => (i === along ? from : 0)), size: x.shape.map((dim, i) => (i === along ? half : dim)) });
  return mul(part(0), sigmoid(part(half)));
}
