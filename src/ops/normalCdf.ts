// normalCdf: the normal distribution function.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** Φ(x) = (1 + erf(x/√2))/2, elementwise: the probability that a standard normal number is at most x. Error < 1.3e-7. */
export const normalCdf: Op<[x: Value]> = elementwise({
  name: "normalCdf",
  micro: { float32: "normal_cdf" },
  vjp: (dy, _y, [x]) => [mul(dy, mul(exp(mul(square(x), constant(-0.5))), constant(1 / Math.sqrt(2 * Math.PI))))],
});
