// bitwiseXor: x ^ y, bit by bit.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x ^ y, bit by bit, of integers or booleans, elementwise; shapes broadcast. Throws DTypeError for floats. */
export const bitwiseXor: Op<[x: Value, y: Value]> = elementwise({
  name: "bitwiseXor",
  micro: { int32: "bit_xor", bool: "bit_xor" },
  vjp: flat,
});
