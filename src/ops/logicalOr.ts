// logicalOr: true where at least one is not 0.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** True where at least one is not 0, elementwise; shapes broadcast. NaN counts as not 0. */
export const logicalOr: Op<[x: Value, y: Value]> = elementwise({
  name: "logicalOr",
  micro: { bool: "bit_or" },
  operands: "bool",
  vjp: flat,
});
