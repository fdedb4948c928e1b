// cosh: hyperbolic cosine.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { sinh } from "./sinh.js";

/** cosh x = (eˣ + e⁻ˣ)/2, elementwise; error < 0.501 ulp. */
export const cosh: Op<[x: Value]> = elementwise({
  name: "cosh",
  micro: { float32: "cosh" },
  vjp: (dy, _y, [x]) => [mul(dy, sinh(x))],
});
