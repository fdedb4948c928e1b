// atanh: inverse hyperbolic tangent.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { sub } from "./sub.js";

/** atanh x = ln((1 + x)/(1 − x))/2, elementwise; error < 0.501 ulp. ±∞ at ±1, NaN beyond. */
export const atanh: Op<[x: Value]> = elementwise({
  name: "atanh",
  micro: { float32: "atanh" },
  vjp: (dy, _y, [x]) => [div(dy, mul(sub(constant(1), x), add(x, constant(1))))],
});
