// swapAxes: two axes change places. A transpose.
import { normalizeAxis } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { transpose } from "./transpose.js";

/** x with the axes a and b exchanged. Throws ShapeError for an axis out of range. */
export function swapAxes(x: Value, { a, b }: { a: number; b: number }): Value {
  const [first, second] = [a, b].map((axis) => normalizeAxis(axis, x.shape.length, "swapAxes")) as [number, number];
  return transpose(x, { perm: x.shape.map((_, i) => (i === first ? second : i === second ? first : i)) });
}

/** The transposed matrices: the last two axes exchanged. */
export function turned(x: Value): Value {
  return swapAxes(x, { a: -1, b: -2 });
}
