// log2: logarithm to base 2.
import { constant, type Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** log₂ x, elementwise; exact at powers of two, else error < 0.501 ulp. −∞ at 0, NaN below. */
export const log2: Op<[x: Value]> = elementwise({
  name: "log2",
  micro: { float32: "log2" },
  vjp: (dy, _y, [x]) => [div(dy, mul(x, constant(Math.LN2)))],
});
