// exp: eˣ.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** eˣ, elementwise. */
export const exp: Op<[x: Value]> = elementwise({
  name: "exp",
  micro: { float32: "exp" },
  vjp: (dy, y) => [mul(dy, y)],
});
