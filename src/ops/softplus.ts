// softplus: ln(1 + eˣ).
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import { mul } from "./mul.js";
import type { Op } from "./op.js";
import { sigmoid } from "./sigmoid.js";

/** ln(1 + eˣ), elementwise; never overflows. */
export const softplus: Op<[x: Value]> = elementwise({
  name: "softplus",
  micro: { float32: "softplus" },
  vjp: (dy, _y, [x]) => [mul(dy, sigmoid(x))],
});
