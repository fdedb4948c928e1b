// acosh: inverse hyperbolic cosine.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { rsqrt } from "./rsqrt.js";
import { sub } from "./sub.js";

/** acosh x = ln(x + √(x² − 1)), elementwise; error < 0.501 ulp. NaN below 1. The gradient is infinite at 1. */
export const acosh: Op<[x: Value]> = elementwise({
  name: "acosh",
  micro: { float32: "acosh" },
  vjp: (dy, _y, [x]) => [mul(dy, mul(rsqrt(sub(x, constant(1))), rsqrt(add(x, constant(1)))))],
});
