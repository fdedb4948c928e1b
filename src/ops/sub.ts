// sub: x − y, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";

/** x − y, elementwise; shapes broadcast. int32 wraps. */
export const sub: Op<[x: Value, y: Value]> = elementwise({
  name: "sub",
  micro: { float32: "sub", int32: "sub_i32" },
  vjp: (dy) => [dy, neg(dy)],
});
