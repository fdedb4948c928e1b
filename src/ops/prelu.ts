// prelu: relu with a learnt slope below 0, a composition.
import { constant, type Value } from "../graph/value.js";
import { less } from "./less.js";
import { mul } from "./mul.js";
import { where } from "./where.js";

/** x above 0, alpha · x below, elementwise; alpha broadcasts and has a gradient. The gradient for x at 0 is alpha.   He et al. 2015 */
export function prelu(x: Value, alpha: Value): Value {
  const above = less(constant(0), x);
  // Where x is above 0, alpha sees 0: an infinite x would make its gradient 0 · ∞.
  return where(above, x, mul(alpha, where(above, constant(0), x)));
}
