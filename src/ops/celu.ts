// celu: elu with a slope of 1 at 0 for every alpha, a composition.
import { constant, type Value } from "../graph/value.js";
import { expm1 } from "./expm1.js";
import { less } from "./less.js";
import { mul } from "./mul.js";
import { where } from "./where.js";

/** x above 0, alpha · (e^(x/alpha) − 1) below, elementwise.   Barron 2017 */
export function celu(x: Value, { alpha = 1 }: { alpha?: number } = {}): Value {
  const above = less(constant(0), x);
  const below = where(above, constant(0), x);
  return where(above, x, mul(expm1(mul(below, constant(1 / alpha))), constant(alpha)));
}
