// notEqual: x ≠ y as bool.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x ≠ y as bool, elementwise; shapes broadcast. NaN differs from everything. */
export const notEqual: Op<[x: Value, y: Value]> = elementwise({
  name: "notEqual",
  micro: { float32: "not_equal", int32: "not_equal_i32" },
  result: "bool",
  vjp: flat,
});
