// greater: x > y as bool.
import type { Value } from "../graph/value.js";
import { less } from "./less.js";

/** x > y as bool, elementwise; shapes broadcast. False where either is NaN. */
export function greater(x: Value, y: Value): Value {
  return less(y, x);
}
