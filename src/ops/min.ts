// min: the smallest element along axes.
import type { Value } from "../graph/value.js";
import { reduction, type ReduceAttrs } from "./reduction.js";
import { shareEqually } from "./tie.js";

/**
 * The smallest element over `axes` (all when absent). A NaN wins; ∞ over no elements.
 *
 * Equal extremes share the gradient equally, along each run of neighbouring axes in turn.
 */
export const min: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "min",
  kind: 3,
  dtype: "number",
  vjp: shareEqually,
});
