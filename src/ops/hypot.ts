// hypot: length of a vector of two parts, elementwise with broadcasting.
import { constant, type Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { equal } from "./equal.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { where } from "./where.js";

/** √(x² + y²), elementwise; shapes broadcast. Never overflows on the way; error < 0.501 ulp. The gradient at the origin is 0. */
export const hypot: Op<[x: Value, y: Value]> = elementwise({
  name: "hypot",
  micro: { float32: "hypot" },
  vjp: (dy, h, [x, y]) => {
    const safe = where(equal(h, constant(0)), constant(1), h);
    return [mul(dy, div(x, safe)), mul(dy, div(y, safe))];
  },
});
