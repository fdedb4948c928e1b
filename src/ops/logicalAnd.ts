// logicalAnd: true where both are not 0.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** True where both are not 0, elementwise; shapes broadcast. NaN counts as not 0. */
export const logicalAnd: Op<[x: Value, y: Value]> = elementwise({
  name: "logicalAnd",
  micro: { bool: "bit_and" },
  operands: "bool",
  vjp: flat,
});
