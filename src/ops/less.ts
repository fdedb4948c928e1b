// less: x < y as bool.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** x < y as bool, elementwise; shapes broadcast. False where either is NaN. */
export const less: Op<[x: Value, y: Value]> = elementwise({
  name: "less",
  micro: { float32: "less", int32: "less_i32" },
  result: "bool",
  vjp: flat,
});
