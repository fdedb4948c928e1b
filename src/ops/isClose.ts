// isClose: whether numbers are equal but for rounding, a composition.
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { isFinite } from "./isFinite.js";
import { lessEqual } from "./lessEqual.js";
import { logicalAnd } from "./logicalAnd.js";
import { logicalOr } from "./logicalOr.js";
import { mul } from "./mul.js";
import { notEqual } from "./notEqual.js";
import { sub } from "./sub.js";

export interface CloseAttrs {
  /** Share of |b| that they may differ by; 1e-5 when absent. */
  readonly rtol?: number;
  /** What they may differ by besides; 1e-8 when absent. */
  readonly atol?: number;
  /** Whether NaN is close to NaN; false when absent. */
  readonly equalNan?: boolean;
}

/** |a − b| ≤ atol + rtol · |b|, bool; shapes broadcast. Infinities are close to themselves only. */
export function isClose(a: Value, b: Value, { rtol = 1e-5, atol = 1e-8, equalNan = false }: CloseAttrs = {}): Value {
  const [x, y] = [a, b].map((value) => cast(value, { dtype: "float32" })) as [Value, Value];
  const near = lessEqual(abs(sub(x, y)), add(constant(atol), mul(abs(y), constant(rtol))));
  const close = logicalOr(equal(x, y), logicalAnd(isFinite(y), near));
  return equalNan ? logicalOr(close, logicalAnd(notEqual(x, x), notEqual(y, y))) : close;
}
