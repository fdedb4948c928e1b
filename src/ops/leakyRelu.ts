// leakyRelu: relu with a slope below 0, a composition.
import { constant, type Value } from "../graph/value.js";
import { less } from "./less.js";
import { mul } from "./mul.js";
import { where } from "./where.js";

/** x above 0, alpha · x below, elementwise. The gradient at 0 is alpha.   Maas et al. 2013 */
export function leakyRelu(x: Value, { alpha = 0.2 }: { alpha?: number } = {}): Value {
  return where(less(constant(0), x), x, mul(x, constant(alpha)));
}
