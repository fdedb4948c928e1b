// clip: x held between two bounds, a composition.
import { isFloat } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { constant, type Value } from "../graph/value.js";
import { less } from "./less.js";
import { where } from "./where.js";

/**
 * x held in [min, max], elementwise; a bound that is absent does not hold. NaN stays NaN.
 *
 * The gradient is 1 inside and on the bounds, 0 outside. Throws ValueError when min > max.
 */
export function clip(x: Value, { min, max }: { min?: number; max?: number }): Value {
  if (min !== undefined && max !== undefined && !(min <= max)) {
    throw new ValueError(`clip: min ${min} is not at or below max ${max}.`);
  }
  // Comparisons with NaN are false, so NaN falls through to x: minimum and maximum would split the gradient on the bounds.
  let y = x;
  if (max !== undefined) {
    const high = constant(max, boundDtype(x, max));
    y = where(less(high, y), high, y);
  }
  if (min !== undefined) {
    const low = constant(min, boundDtype(x, min));
    y = where(less(y, low), low, y);
  }
  return y;
}

/** Whole bounds leave an integer tensor integer. */
function boundDtype(x: Value, bound: number): "int32" | "float32" {
  return !isFloat(x.dtype) && Number.isInteger(bound) ? "int32" : "float32";
}
