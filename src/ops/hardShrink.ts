// hardShrink: cuts off what is small, a composition.
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { lessEqual } from "./lessEqual.js";
import { where } from "./where.js";

/** 0 within lambda of 0, x elsewhere, elementwise. NaN stays NaN. */
export function hardShrink(x: Value, { lambda = 0.5 }: { lambda?: number } = {}): Value {
  return where(lessEqual(abs(x), constant(lambda)), constant(0), x);
}
