// softsign: x / (1 + |x|).
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { like, op, type Op } from "./op.js";
import { square } from "./square.js";

/** x / (1 + |x|) in float32, elementwise. The gradient dy / (1 + |x|)² keeps its digits far from 0. */
export const softsign: Op<[x: Value]> = op({
  name: "softsign",
  prepare: ([x], attrs) => [[cast(x, { dtype: "float32" })], attrs],
  shape: ([x]) => like(x),
  vjp: (dy, _y, [x]) => [div(dy, square(add(abs(x), constant(1))))],
  expand: ([x]) => div(x, add(abs(x), constant(1))),
});
