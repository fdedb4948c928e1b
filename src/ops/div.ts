// div: x / y, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";

/** x / y in float32, elementwise; shapes broadcast. Division by 0 follows IEEE 754: ±∞ or NaN. */
export const div: Op<[x: Value, y: Value]> = elementwise({
  name: "div",
  micro: { float32: "div" },
  vjp: (dy, q, [, y]) => [div(dy, y), neg(div(mul(dy, q), y))],
});
