// trace: the sum of the diagonal.
import type { Value } from "../graph/value.js";
import { diagonal } from "./diagonal.js";
import { sum } from "./sum.js";

/** Σ x[..., i, i + offset] of matrices [..., m, n]. Throws ShapeError below rank 2. */
export function trace(x: Value, { offset = 0 }: { offset?: number } = {}): Value {
  return sum(diagonal(x, { offset }), { axes: -1 });
}
