// greaterEqual: x ≥ y as bool.
import type { Value } from "../graph/value.js";
import { lessEqual } from "./lessEqual.js";

/** x ≥ y as bool, elementwise; shapes broadcast. False where either is NaN. */
export function greaterEqual(x: Value, y: Value): Value {
  return lessEqual(y, x);
}
