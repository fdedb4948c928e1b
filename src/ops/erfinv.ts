// erfinv: inverse error function.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** The x with erf x = the given value, elementwise; error < 0.51 ulp. ±∞ at ±1, NaN beyond. */
export const erfinv: Op<[x: Value]> = elementwise({
  name: "erfinv",
  micro: { float32: "erfinv" },
  vjp: (dy, y) => [mul(dy, mul(exp(square(y)), constant(Math.sqrt(Math.PI) / 2)))],
});
