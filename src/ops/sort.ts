// sort: the elements along an axis in order. Gradients go back where elements came from.
import type { Value } from "../graph/value.js";
import { argsort, type SortAttrs } from "./argsort.js";
import { takeAlongAxis } from "./takeAlongAxis.js";

/** x sorted along `axis`; NaN comes last either way. Throws DTypeError for bool, ShapeError for an axis out of range. */
export function sort(x: Value, { axis = -1, descending = false }: SortAttrs = {}): Value {
  const order = argsort(x, { axis, descending });
  return x.shape.length === 0 ? x : takeAlongAxis(x, order, { axis });
}
