// sum: adds up elements along axes.
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { reduction, type ReduceAttrs } from "./reduction.js";

/** Sum over `axes` (all when absent). float32 sums run in several partial sums in an order that depends on the shape only. */
export const sum: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "sum",
  kind: 0,
  dtype: "number",
  vjp: (dy, _y, x) => broadcastTo(dy, { shape: x.shape }),
});
