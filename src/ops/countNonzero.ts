// countNonzero: how many elements are not 0 along axes, a composition.
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import type { ReduceAttrs } from "./reduction.js";
import { sum } from "./sum.js";

/** Number of elements that are not 0 over `axes` (all when absent), as int32. NaN counts. */
export function countNonzero(x: Value, attrs: ReduceAttrs = {}): Value {
  return sum(cast(cast(x, { dtype: "bool" }), { dtype: "int32" }), attrs);
}
