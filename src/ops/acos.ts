// acos: inverse cosine.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";
import { rsqrt } from "./rsqrt.js";
import { sub } from "./sub.js";

/** The angle in [0, π] whose cosine is x, elementwise; error < 0.501 ulp. NaN outside [−1, 1]. */
export const acos: Op<[x: Value]> = elementwise({
  name: "acos",
  micro: { float32: "acos" },
  vjp: (dy, _y, [x]) => [neg(mul(dy, rsqrt(mul(sub(constant(1), x), add(x, constant(1))))))],
});
