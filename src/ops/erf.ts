// erf: error function.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** erf x = 2/√π · ∫₀ˣ e^(−t²) dt, elementwise. */
export const erf: Op<[x: Value]> = elementwise({
  name: "erf",
  micro: { float32: "erf" },
  vjp: (dy, _y, [x]) => [mul(dy, mul(exp(neg(square(x))), constant(2 / Math.sqrt(Math.PI))))],
});
