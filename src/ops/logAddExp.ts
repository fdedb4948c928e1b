// logAddExp: ln(eˣ + eʸ), elementwise with broadcasting.
import { promote } from "../base/dtype.js";
import { broadcastShapes } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { isNaN } from "./isNaN.js";
import { maximum } from "./maximum.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { op, type Op } from "./op.js";
import { sigmoid } from "./sigmoid.js";
import { softplus } from "./softplus.js";
import { sub } from "./sub.js";
import { where } from "./where.js";

/** ln(eˣ + eʸ) = max(x, y) + ln(1 + e^−|x − y|) in float32, elementwise; shapes broadcast. Never overflows; −∞ where both are. */
export const logAddExp: Op<[x: Value, y: Value]> = op({
  name: "logAddExp",
  prepare: ([x, y], attrs) => [[cast(x, { dtype: "float32" }), cast(y, { dtype: "float32" })], attrs],
  shape: ([x, y]) => ({ shape: broadcastShapes(x.shape, y.shape, "logAddExp"), dtype: promote(x.dtype, y.dtype) }),
  vjp: (dy, _z, [x, y]) => {
    // Each takes its share of the sum.
    const gap = gapOf(x, y);
    return [mul(dy, sigmoid(gap)), mul(dy, sigmoid(neg(gap)))];
  },
  expand: ([x, y]) => add(maximum(x, y), softplus(neg(abs(gapOf(x, y))))),
});

/** x − y; 0 for equal infinities. NaN operands come through by the maximum. */
function gapOf(x: Value, y: Value): Value {
  const gap = sub(x, y);
  return where(isNaN(gap), constant(0), gap);
}
