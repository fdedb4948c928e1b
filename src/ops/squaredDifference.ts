// squaredDifference: (x − y)², a composition.
import type { Value } from "../graph/value.js";
import { square } from "./square.js";
import { sub } from "./sub.js";

/** (x − y)², elementwise; shapes broadcast. */
export function squaredDifference(x: Value, y: Value): Value {
  return square(sub(x, y));
}
