// square: x².
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** x², elementwise. int32 wraps. */
export const square: Op<[x: Value]> = elementwise({
  name: "square",
  micro: { float32: "square", int32: "square_i32" },
  vjp: (dy, _y, [x]) => [mul(dy, mul(x, constant(2)))],
});
