// inner: sums of products over the last axes.
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { tensordot } from "./tensordot.js";

/** Σ over the last axis of both; the other axes of a, then those of b. A scalar multiplies. Throws ShapeError when the last axes differ. */
export function inner(a: Value, b: Value): Value {
  return a.shape.length === 0 || b.shape.length === 0 ? mul(a, b) : tensordot(a, b, { axes: [[-1], [-1]] });
}
