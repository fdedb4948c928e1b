// sin: sine.
import type { Value } from "../graph/value.js";
import { cos } from "./cos.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";

/** sin x, elementwise; x in radians. */
export const sin: Op<[x: Value]> = elementwise({
  name: "sin",
  micro: { float32: "sin" },
  vjp: (dy, _y, [x]) => [mul(dy, cos(x))],
});
