// threshold: cuts off what is not above a threshold, a composition.
import { constant, type Value } from "../graph/value.js";
import { lessEqual } from "./lessEqual.js";
import { where } from "./where.js";

/** x above `threshold`, `value` elsewhere, elementwise. NaN stays NaN. */
export function threshold(x: Value, { threshold = 1, value = 0 }: { threshold?: number; value?: number } = {}): Value {
  return where(lessEqual(x, constant(threshold)), constant(value), x);
}
