// log10: logarithm to base 10.
import { constant, type Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** log₁₀ x, elementwise; exact at powers of ten, else error < 0.501 ulp. −∞ at 0, NaN below. */
export const log10: Op<[x: Value]> = elementwise({
  name: "log10",
  micro: { float32: "log10" },
  vjp: (dy, _y, [x]) => [div(dy, mul(x, constant(Math.LN10)))],
});
