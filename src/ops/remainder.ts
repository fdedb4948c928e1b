// remainder: what a division rounded down leaves, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { floorDivide } from "./floorDivide.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";

/**
 * x − y·⌊x / y⌋, exactly, elementwise; shapes broadcast. It has the sign of y, as in Python. int32 stays int32; for y = 0 it is 0 there, NaN in float32.
 *
 * Gradients: 1 for x, −⌊x / y⌋ for y, also where it jumps.
 */
export const remainder: Op<[x: Value, y: Value]> = elementwise({
  name: "remainder",
  micro: { float32: "remainder", int32: "remainder_i32" },
  vjp: (dy, _r, [x, y]) => [dy, neg(mul(dy, floorDivide(x, y)))],
});
