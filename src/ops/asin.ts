// asin: inverse sine.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { rsqrt } from "./rsqrt.js";
import { sub } from "./sub.js";

/** The angle in [−π/2, π/2] whose sine is x, elementwise; error < 0.501 ulp. NaN outside [−1, 1]. */
export const asin: Op<[x: Value]> = elementwise({
  name: "asin",
  micro: { float32: "asin" },
  vjp: (dy, _y, [x]) => [mul(dy, rsqrt(mul(sub(constant(1), x), add(x, constant(1)))))],
});
