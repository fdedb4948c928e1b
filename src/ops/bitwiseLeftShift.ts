// bitwiseLeftShift: x << y, bit by bit.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x << y in int32, elementwise; shapes broadcast. Bits shifted out are lost; amounts outside 0 … 31 give 0. Throws DTypeError for floats. */
export const bitwiseLeftShift: Op<[x: Value, y: Value]> = elementwise({
  name: "bitwiseLeftShift",
  micro: { int32: "shift_left" },
  vjp: flat,
});
