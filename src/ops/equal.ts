// equal: x = y as bool.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x = y as bool, elementwise; shapes broadcast. False where either is NaN. */
export const equal: Op<[x: Value, y: Value]> = elementwise({
  name: "equal",
  micro: { float32: "equal", int32: "equal_i32" },
  result: "bool",
  vjp: flat,
});
