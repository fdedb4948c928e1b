// isInf: whether x is infinite.
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { equal } from "./equal.js";

/** True where x is ∞ or −∞, elementwise. */
export function isInf(x: Value): Value {
  return equal(abs(x), constant(Infinity));
}
