// minimum: the smaller of x and y, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { less } from "./less.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { share } from "./tie.js";

/** The smaller of x and y, elementwise; shapes broadcast. NaN wins. Equal operands share the gradient. */
export const minimum: Op<[x: Value, y: Value]> = elementwise({
  name: "minimum",
  micro: { float32: "minimum", int32: "minimum_i32" },
  vjp: (dy, _m, [x, y]) => [mul(dy, share(x, y, less(x, y))), mul(dy, share(x, y, less(y, x)))],
});
