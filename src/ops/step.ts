// step: 0 below 0 and 1 above, a composition.
import { constant, type Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { isNaN } from "./isNaN.js";
import { less } from "./less.js";
import { stopGradient } from "./stopGradient.js";
import { where } from "./where.js";

/**
 * 1 where x > 0, 0 where x < 0, elementwise, in float32; NaN stays NaN. The gradient is 0.
 *
 * atZero: what it is at 0. 0, the default: 1 if x > 0. 1: 1 if x ≥ 0. ½: Heaviside's function.
 */
export function step(x: Value, { atZero = 0 }: { atZero?: number } = {}): Value {
  const float = stopGradient(cast(x, { dtype: "float32" }));
  const zero = constant(0);
  const above = cast(less(zero, float), { dtype: "float32" });
  const tied = atZero === 0 ? above : where(equal(float, zero), constant(atZero), above);
  return where(isNaN(float), float, tied);
}
