// sqrt: square root.
import { constant, type Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** √x, elementwise; NaN below 0. The gradient dy / 2√x is infinite at 0. */
export const sqrt: Op<[x: Value]> = elementwise({
  name: "sqrt",
  micro: { float32: "sqrt" },
  vjp: (dy, y) => [div(mul(dy, constant(0.5)), y)],
});
