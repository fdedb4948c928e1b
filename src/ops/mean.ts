// mean: the average of elements along axes.
import { sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { mul } from "./mul.js";
import { reduction, type ReduceAttrs } from "./reduction.js";

/** Average over `axes` (all when absent), in float32; NaN over no elements; of bool, the share that is true. */
export const mean: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "mean",
  kind: 1,
  dtype: "float32",
  vjp: (dy, y, x) => broadcastTo(mul(dy, constant(sizeOf(y.shape) / sizeOf(x.shape))), { shape: x.shape }),
});
