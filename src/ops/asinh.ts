// asinh: inverse hyperbolic sine.
import { constant, type Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { hypot } from "./hypot.js";
import type { Op } from "./op.js";

/** asinh x = ln(x + √(x² + 1)), elementwise; error < 0.501 ulp. */
export const asinh: Op<[x: Value]> = elementwise({
  name: "asinh",
  micro: { float32: "asinh" },
  vjp: (dy, _y, [x]) => [div(dy, hypot(x, constant(1)))],
});
