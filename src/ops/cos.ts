// cos: cosine.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";
import { sin } from "./sin.js";

/** cos x, elementwise; x in radians. */
export const cos: Op<[x: Value]> = elementwise({
  name: "cos",
  micro: { float32: "cos" },
  vjp: (dy, _y, [x]) => [neg(mul(dy, sin(x)))],
});
