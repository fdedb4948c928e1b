// tanh: hyperbolic tangent.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { square } from "./square.js";
import { sub } from "./sub.js";

/** tanh x, elementwise. */
export const tanh: Op<[x: Value]> = elementwise({
  name: "tanh",
  micro: { float32: "tanh" },
  vjp: (dy, y) => [mul(dy, sub(constant(1), square(y)))],
});
