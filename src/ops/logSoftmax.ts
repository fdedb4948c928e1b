// logSoftmax: x − ln Σ eˣ along an axis.
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { alongAxis } from "./lastAxis.js";
import { softmaxRows } from "./softmax.js";

const logSoftmaxOp = softmaxRows("logSoftmax", true);

/** x − ln Σ eˣ along `axis` (the last when absent), in float32; finite where softmax itself would round to 0. */
export function logSoftmax(x: Value, { axis = -1 }: { axis?: number } = {}): Value {
  return alongAxis(cast(x, { dtype: "float32" }), axis, "logSoftmax", logSoftmaxOp);
}
