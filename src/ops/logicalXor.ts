// logicalXor: true where exactly one is not 0.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** True where exactly one of them is not 0, elementwise; shapes broadcast. NaN counts as not 0. */
export const logicalXor: Op<[x: Value, y: Value]> = elementwise({
  name: "logicalXor",
  micro: { bool: "bit_xor" },
  operands: "bool",
  vjp: flat,
});
