// log1p: ln(1 + x), exact near 0.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";

/** ln(1 + x), elementwise, without the cancellation near 0; −∞ at −1, NaN below. */
export const log1p: Op<[x: Value]> = elementwise({
  name: "log1p",
  micro: { float32: "log1p" },
  vjp: (dy, _y, [x]) => [div(dy, add(x, constant(1)))],
});
