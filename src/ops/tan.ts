// tan: tangent.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** tan x, elementwise; error < 0.51 ulp for |x| ≤ 1e6. NaN for ±∞. */
export const tan: Op<[x: Value]> = elementwise({
  name: "tan",
  micro: { float32: "tan" },
  vjp: (dy, y) => [mul(dy, add(square(y), constant(1)))],
});
