// diff: differences of neighbours along an axis, a composition.
import { ShapeError, ValueError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { slice } from "./slice.js";
import { sub } from "./sub.js";

/** x[i + 1] − x[i] along `axis`, n times over. Throws ShapeError when the axis has fewer than n elements. */
export function diff(x: Value, { n = 1, axis = -1 }: { n?: number; axis?: number } = {}): Value {
  if (!Number.isInteger(n) || n < 0) throw new ValueError(`diff: n must be a whole number from 0, got ${n}.`);
  const along = normalizeAxis(axis, x.shape.length, "diff");
  if (x.shape[along]! < n) throw new ShapeError(`diff: axis ${along} of ${showShape(x.shape)} has fewer than n = ${n} elements.`);
  let y = x;
  for (let k = 0; k < n; k++) {
    const size = y.shape.map((dim, i) => (i === along ? dim - 1 : dim));
    const from = (first: number): Value => slice(y, { begin: size.map((_, i) => (i === along ? first : 0)), size });
    y = sub(from(1), from(0));
  }
  return y;
}
