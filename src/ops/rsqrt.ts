// rsqrt: 1 / √x, a composition.
import type { Value } from "../graph/value.js";
import { reciprocal } from "./reciprocal.js";
import { sqrt } from "./sqrt.js";

/** 1 / √x, elementwise; ∞ at 0, NaN below. */
export function rsqrt(x: Value): Value {
  return reciprocal(sqrt(x));
}
