// bitwiseAnd: x & y, bit by bit.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x & y, bit by bit, of integers or booleans, elementwise; shapes broadcast. Throws DTypeError for floats. */
export const bitwiseAnd: Op<[x: Value, y: Value]> = elementwise({
  name: "bitwiseAnd",
  micro: { int32: "bit_and", bool: "bit_and" },
  vjp: flat,
});
