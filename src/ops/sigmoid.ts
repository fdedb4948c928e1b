// sigmoid: logistic function.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { sub } from "./sub.js";

/** 1 / (1 + e⁻ˣ), elementwise. */
export const sigmoid: Op<[x: Value]> = elementwise({
  name: "sigmoid",
  micro: { float32: "sigmoid" },
  vjp: (dy, y) => [mul(dy, mul(y, sub(constant(1), y)))],
});
