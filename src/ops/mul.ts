// mul: x · y, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";

/** x · y, elementwise; shapes broadcast. int32 wraps. */
export const mul: Op<[x: Value, y: Value]> = elementwise({
  name: "mul",
  micro: { float32: "mul", int32: "mul_i32" },
  vjp: (dy, _y, [a, b]) => [mul(dy, b), mul(dy, a)],
});
