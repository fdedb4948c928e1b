// expm1: eˣ − 1, exact near 0.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** eˣ − 1, elementwise, without the cancellation of exp(x) − 1 near 0. */
export const expm1: Op<[x: Value]> = elementwise({
  name: "expm1",
  micro: { float32: "expm1" },
  vjp: (dy, y) => [mul(dy, add(y, constant(1)))],
});
