// selu: scaled exponential linear unit, a composition.
import { constant, type Value } from "../graph/value.js";
import { elu } from "./elu.js";
import { mul } from "./mul.js";

/** λ·x above 0, λ·α·(eˣ − 1) below, elementwise: keeps mean 0 and variance 1.   Klambauer et al. 2017 */
export function selu(x: Value): Value {
  return mul(elu(x, { alpha: 1.6732632423543772 }), constant(1.0507009873554805));
}
