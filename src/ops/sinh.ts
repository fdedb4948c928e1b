// sinh: hyperbolic sine.
import type { Value } from "../graph/value.js";
import { cosh } from "./cosh.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** sinh x = (eˣ − e⁻ˣ)/2, elementwise; error < 0.501 ulp. */
export const sinh: Op<[x: Value]> = elementwise({
  name: "sinh",
  micro: { float32: "sinh" },
  vjp: (dy, _y, [x]) => [mul(dy, cosh(x))],
});
