// logicalNot: true where x is 0.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** True where x is 0, elementwise. */
export const logicalNot: Op<[x: Value]> = elementwise({
  name: "logicalNot",
  micro: { bool: "logical_not" },
  operands: "bool",
  vjp: flat,
});
