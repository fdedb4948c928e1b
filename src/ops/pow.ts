// pow: x to the power y, elementwise with broadcasting.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { equal } from "./equal.js";
import { log } from "./log.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { sub } from "./sub.js";
import { where } from "./where.js";

/**
 * xʸ in float32, elementwise; shapes broadcast. x⁰ = 1 for every x; a negative x takes whole y only and gives NaN for others.
 *
 * Gradients: y·xʸ⁻¹ for x (0 where y = 0, also at x = 0); xʸ·ln x for y (0 at x = 0 for y ≥ 0, NaN for negative x).
 */
export const pow: Op<[x: Value, y: Value]> = elementwise({
  name: "pow",
  micro: { float32: "pow" },
  vjp: (dy, p, [x, y]) => {
    const zero = constant(0);
    const one = constant(1);
    const slope = where(equal(y, zero), zero, mul(y, pow(x, sub(y, one))));
    return [mul(dy, slope), mul(dy, mul(p, log(where(equal(x, zero), one, x))))];
  },
});
