// reluGrad: the gradient of relu, from dy and relu's own result.
import type { Value } from "../graph/value.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";

/** dy where y > 0, else 0; NaN where y is NaN. y is relu's result, so relu's input need not live on. */
export const reluGrad: Op<[dy: Value, y: Value]> = elementwise({
  name: "reluGrad",
  micro: { float32: "relu_grad" },
  // Linear in dy; flat in y almost everywhere.
  vjp: (d, _out, [, y]) => [reluGrad(d, y), null],
});
