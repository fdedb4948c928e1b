// logSumExp: ln Σ eˣ along axes, a composition.
import { reducedShape, normalizeAxes } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { exp } from "./exp.js";
import { isFinite } from "./isFinite.js";
import { log } from "./log.js";
import { max } from "./max.js";
import type { ReduceAttrs } from "./reduction.js";
import { reshape } from "./reshape.js";
import { stopGradient } from "./stopGradient.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";
import { where } from "./where.js";

/** ln Σ eˣ over `axes` (all when absent), in float32, without overflow: the maximum is subtracted first. −∞ over no elements. */
export function logSumExp(x: Value, { axes, keepDims = false }: ReduceAttrs = {}): Value {
  const peak = max(x, { axes, keepDims: true });
  // An infinite peak would give ∞ − ∞; the result is unchanged by whatever is subtracted, and so is the gradient.
  const shift = stopGradient(where(isFinite(peak), peak, constant(0)));
  const y = add(log(sum(exp(sub(x, shift)), { axes, keepDims: true })), shift);
  return reshape(y, { shape: reducedShape(x.shape, normalizeAxes(axes, x.shape.length, "logSumExp"), keepDims) });
}
