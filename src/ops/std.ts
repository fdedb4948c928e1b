// std: standard deviation along axes, a composition.
import type { Value } from "../graph/value.js";
import { sqrt } from "./sqrt.js";
import { variance, type VarianceAttrs } from "./variance.js";

/** √variance over `axes` (all when absent), in float32. The gradient is NaN where all elements are equal. */
export function std(x: Value, attrs: VarianceAttrs = {}): Value {
  return sqrt(variance(x, attrs));
}
