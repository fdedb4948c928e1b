// floorDivide: quotient rounded down, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** ⌊x / y⌋, elementwise; shapes broadcast. int32 stays int32: x divided by 0 is 0 there, −2³¹ divided by −1 wraps. */
export const floorDivide: Op<[x: Value, y: Value]> = elementwise({
  name: "floorDivide",
  micro: { float32: "floor_div", int32: "floor_div_i32" },
  vjp: flat,
});
