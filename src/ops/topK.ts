// topK: the k largest elements along an axis, and where they stand.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { argsort } from "./argsort.js";
import { slice } from "./slice.js";
import { takeAlongAxis } from "./takeAlongAxis.js";

/**
 * [values, indices] of the k largest elements along `axis`, the largest first (or the smallest, with largest: false); of equal ones the first.
 *
 * Throws ShapeError when the axis has fewer than k elements.
 */
export function topK(x: Value, { k, axis = -1, largest = true }: { k: number; axis?: number; largest?: boolean }): [values: Value, indices: Value] {
  const along = normalizeAxis(axis, x.shape.length, "topK");
  if (!Number.isInteger(k) || k < 0 || k > x.shape[along]!) {
    throw new ShapeError(`topK: k must be a whole number from 0 to ${x.shape[along]}, the size of axis ${along} of ${showShape(x.shape)}; got ${k}.`);
  }
  const order = argsort(x, { axis: along, descending: largest });
  const indices = slice(order, { begin: x.shape.map(() => 0), size: x.shape.map((dim, i) => (i === along ? k : dim)) });
  return [takeAlongAxis(x, indices, { axis: along }), indices];
}
