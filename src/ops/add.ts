// add: x + y, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";

/** x + y, elementwise; shapes broadcast. int32 wraps. */
export const add: Op<[x: Value, y: Value]> = elementwise({
  name: "add",
  micro: { float32: "add", int32: "add_i32" },
  vjp: (dy) => [dy, dy],
});
