// any: true where some element along axes is not 0.
import type { Value } from "../graph/value.js";
import { reduction, type ReduceAttrs } from "./reduction.js";

/** Whether some element is not 0 over `axes` (all when absent), as bool; false over no elements. NaN counts as not 0. */
export const any: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "any",
  kind: 5,
  dtype: "bool",
  vjp: () => null,
});
