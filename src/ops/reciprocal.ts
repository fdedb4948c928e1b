// reciprocal: 1 / x.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** 1 / x, elementwise; ±∞ at ±0. */
export const reciprocal: Op<[x: Value]> = elementwise({
  name: "reciprocal",
  micro: { float32: "reciprocal" },
  vjp: (dy, y) => [neg(mul(dy, square(y)))],
});
