// logSigmoid: ln sigmoid(x), a composition.
import type { Value } from "../graph/value.js";
import { neg } from "./neg.js";
import { softplus } from "./softplus.js";

/** −ln(1 + e⁻ˣ), elementwise; never overflows. */
export function logSigmoid(x: Value): Value {
  return neg(softplus(neg(x)));
}
