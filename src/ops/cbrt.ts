// cbrt: cube root.
import { constant, type Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** ∛x, elementwise, with the sign of x; error < 0.501 ulp. The gradient dy / 3y² is infinite at 0. */
export const cbrt: Op<[x: Value]> = elementwise({
  name: "cbrt",
  micro: { float32: "cbrt" },
  vjp: (dy, y) => [div(dy, mul(square(y), constant(3)))],
});
