// lessEqual: x ≤ y as bool.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x ≤ y as bool, elementwise; shapes broadcast. False where either is NaN. */
export const lessEqual: Op<[x: Value, y: Value]> = elementwise({
  name: "lessEqual",
  micro: { float32: "less_equal", int32: "less_equal_i32" },
  result: "bool",
  vjp: flat,
});
