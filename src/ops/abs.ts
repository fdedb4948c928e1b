// abs: |x|.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { sign } from "./sign.js";

/** |x|, elementwise. The gradient at 0 is 0. */
export const abs: Op<[x: Value]> = elementwise({
  name: "abs",
  micro: { float32: "abs", int32: "abs_i32" },
  vjp: (dy, _y, [x]) => [mul(dy, sign(x))],
});
