// exp2: two to the power x.
import { constant, type Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** 2ˣ, elementwise; exact for whole x, else error < 0.501 ulp. */
export const exp2: Op<[x: Value]> = elementwise({
  name: "exp2",
  micro: { float32: "exp2" },
  vjp: (dy, y) => [mul(dy, mul(y, constant(Math.LN2)))],
});
