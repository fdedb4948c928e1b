// hardSwish: x · hardSigmoid(x), a composition.
import type { Value } from "../graph/value.js";
import { hardSigmoid } from "./hardSigmoid.js";
import { mul } from "./mul.js";

/** x · hardSigmoid(x), elementwise: 0 below −3, x above 3.   Howard et al. 2019 */
export function hardSwish(x: Value): Value {
  return mul(x, hardSigmoid(x));
}
