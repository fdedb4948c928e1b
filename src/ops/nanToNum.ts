// nanToNum: numbers in place of NaN and infinities, a composition.
import { isFloat } from "../base/dtype.js";
import { constant, type Value } from "../graph/value.js";
import { equal } from "./equal.js";
import { notEqual } from "./notEqual.js";
import { where } from "./where.js";

/** The largest float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

export interface NanToNumAttrs {
  /** In place of NaN; 0 when absent. */
  readonly nan?: number;
  /** In place of ∞; the largest float32 when absent. */
  readonly posinf?: number;
  /** In place of −∞; the smallest float32 when absent. */
  readonly neginf?: number;
}

/** x with finite numbers where it has none, elementwise, in the shape of x; no gradient flows there. Whole numbers stay as they are. */
export function nanToNum(x: Value, { nan = 0, posinf = LARGEST, neginf = -LARGEST }: NanToNumAttrs = {}): Value {
  if (!isFloat(x.dtype)) return x;
  const below = where(equal(x, constant(-Infinity)), constant(neginf), where(equal(x, constant(Infinity)), constant(posinf), x));
  return where(notEqual(x, x), constant(nan), below);
}
