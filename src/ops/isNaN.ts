// isNaN: whether x is not a number.
import type { Value } from "../graph/value.js";
import { notEqual } from "./notEqual.js";

/** True where x is NaN, elementwise: NaN alone differs from itself. */
export function isNaN(x: Value): Value {
  return notEqual(x, x);
}
