// all: true where every element along axes is not 0.
import type { Value } from "../graph/value.js";
import { reduction, type ReduceAttrs } from "./reduction.js";

/** Whether every element is not 0 over `axes` (all when absent), as bool; true over no elements. NaN counts as not 0. */
export const all: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "all",
  kind: 6,
  dtype: "bool",
  vjp: () => null,
});
