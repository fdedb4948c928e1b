// bitwiseRightShift: x >> y, bit by bit.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x >> y in int32, elementwise; shapes broadcast. The sign is shifted in; amounts outside 0 … 31 leave 0 or −1. Throws DTypeError for floats. */
export const bitwiseRightShift: Op<[x: Value, y: Value]> = elementwise({
  name: "bitwiseRightShift",
  micro: { int32: "shift_right" },
  vjp: flat,
});
