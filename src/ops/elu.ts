// elu: exponential linear unit, a composition.
import { constant, type Value } from "../graph/value.js";
import { expm1 } from "./expm1.js";
import { less } from "./less.js";
import { mul } from "./mul.js";
import { where } from "./where.js";

/** x above 0, alpha · (eˣ − 1) below, elementwise.   Clevert et al. 2015 */
export function elu(x: Value, { alpha = 1 }: { alpha?: number } = {}): Value {
  const above = less(constant(0), x);
  // eˣ of a large x is never computed: it would make the gradient 0 · ∞.
  return where(above, x, mul(expm1(where(above, constant(0), x)), constant(alpha)));
}
