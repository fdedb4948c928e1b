// sign: −1, 0 or 1.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** −1, 0 or 1 by the sign of x, elementwise; NaN stays NaN. */
export const sign: Op<[x: Value]> = elementwise({
  name: "sign",
  micro: { float32: "sign" },
  vjp: flat,
});
