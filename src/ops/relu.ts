// relu: max(x, 0), NaN kept.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";
import { reluGrad } from "./reluGrad.js";

/** max(x, 0), elementwise; NaN stays NaN. The gradient at 0 is 0. */
export const relu: Op<[x: Value]> = elementwise({
  name: "relu",
  micro: { float32: "relu" },
  vjp: (dy, y) => [reluGrad(dy, y)],
});
