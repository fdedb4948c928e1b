// mish: x · tanh(softplus(x)), a composition.
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { softplus } from "./softplus.js";
import { tanh } from "./tanh.js";

/** x · tanh(ln(1 + eˣ)), elementwise.   Misra 2019 */
export function mish(x: Value): Value {
  return mul(x, tanh(softplus(x)));
}
