// neg: −x.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";

/** −x, elementwise. int32 wraps. */
export const neg: Op<[x: Value]> = elementwise({
  name: "neg",
  micro: { float32: "neg", int32: "neg_i32" },
  vjp: (dy) => [neg(dy)],
});
