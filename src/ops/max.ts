// max: the largest element along axes.
import type { Value } from "../graph/value.js";
import { reduction, type ReduceAttrs } from "./reduction.js";
import { shareEqually } from "./tie.js";

/**
 * The largest element over `axes` (all when absent). A NaN wins; −∞ over no elements.
 *
 * Equal extremes share the gradient equally, along each run of neighbouring axes in turn.
 */
export const max: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "max",
  kind: 2,
  dtype: "number",
  vjp: shareEqually,
});
