// variance: mean squared distance from the mean along axes, a composition.
import { normalizeAxes, reducedShape, sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { mean } from "./mean.js";
import { mul } from "./mul.js";
import type { ReduceAttrs } from "./reduction.js";
import { square } from "./square.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";

export interface VarianceAttrs extends ReduceAttrs {
  /** Subtracted from the number of elements in the divisor: 0 the population's variance, 1 the sample's. */
  readonly correction?: number;
}

/** Σ(x − mean)² / (n − correction) over `axes` (all when absent), in float32. Two passes: no cancellation when the mean is large. */
export function variance(x: Value, { axes, keepDims, correction = 0 }: VarianceAttrs = {}): Value {
  const reduced = reducedShape(x.shape, normalizeAxes(axes, x.shape.length, "variance"), false);
  const count = sizeOf(x.shape) / sizeOf(reduced);
  const squares = sum(square(sub(x, mean(x, { axes, keepDims: true }))), { axes, keepDims });
  return mul(squares, constant(1 / (count - correction)));
}
