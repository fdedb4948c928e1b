// silu: x · sigmoid(βx), a composition.
import { constant, type Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { sigmoid } from "./sigmoid.js";

/** x / (1 + e^(−beta·x)), elementwise. beta 1 is SiLU, or swish; 1.702 comes near gelu.   Ramachandran et al. 2017 */
export function silu(x: Value, { beta = 1 }: { beta?: number } = {}): Value {
  return mul(x, sigmoid(beta === 1 ? x : mul(x, constant(beta))));
}
