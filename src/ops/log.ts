// log: natural logarithm.
import type { Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";

/** ln x, elementwise; −∞ at 0, NaN below. The gradient dy / x is infinite at 0. */
export const log: Op<[x: Value]> = elementwise({
  name: "log",
  micro: { float32: "log" },
  vjp: (dy, _y, [x]) => [div(dy, x)],
});
