// Losses of numbers: how far predictions are from measured values.
import { abs, add, div, log1p, maximum, minimum, mul, neg, rsqrt, softplus, square, sub, sum, type Tensor } from "../../engine/index.js";
import { checkNumber } from "../../base/options.js";
import { EPSILON, labelsFor, lastMean, type AxisOption } from "./loss.js";

/** Mean of (yTrue − yPred)² over the last axis. */
export function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  return lastMean(square(errorOf(yTrue, yPred, "meanSquaredError")));
}

/** Mean of |yTrue − yPred| over the last axis. The gradient where both are equal is 0. */
export function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  return lastMean(abs(errorOf(yTrue, yPred, "meanAbsoluteError")));
}

/** 100 times the mean of |yTrue − yPred| / |yTrue| over the last axis; |yTrue| counts as 1e-7 at least. */
export function meanAbsolutePercentageError(yTrue: Tensor, yPred: Tensor): Tensor {
  const y = labelsFor(yTrue, yPred, "meanAbsolutePercentageError");
  return mul(lastMean(abs(div(sub(y, yPred), maximum(abs(y), EPSILON)))), 100);
}

/** Mean of (ln(1 + yTrue) − ln(1 + yPred))² over the last axis; what is below 1e-7 counts as 1e-7. */
export function meanSquaredLogarithmicError(yTrue: Tensor, yPred: Tensor): Tensor {
  const y = labelsFor(yTrue, yPred, "meanSquaredLogarithmicError");
  return lastMean(square(sub(log1p(maximum(y, EPSILON)), log1p(maximum(yPred, EPSILON)))));
}

/** Mean of ln cosh(yPred − yTrue) over the last axis: half the square of small errors, the size of large ones less ln 2. */
export function logCosh(yTrue: Tensor, yPred: Tensor): Tensor {
  const error = errorOf(yTrue, yPred, "logCosh");
  // cosh overflows at 89; this does not.
  return lastMean(sub(add(error, softplus(mul(error, -2))), Math.LN2));
}

/** Options of huber. */
export interface HuberOptions {
  /** Errors up to delta count by half their square, larger ones by their size; default 1. */
  readonly delta?: number;
}

/** Mean over the last axis of e²/2 where |e| ≤ δ, and of δ·|e| − δ²/2 beyond, e = yTrue − yPred. Divided by δ it is PyTorch's smooth L1 with beta = δ. Huber 1964 */
export function huber(yTrue: Tensor, yPred: Tensor, { delta = 1 }: HuberOptions = {}): Tensor {
  const size = abs(errorOf(yTrue, yPred, "huber"));
  const near = minimum(size, checkNumber(delta, "huber: delta", 0));
  return lastMean(mul(near, sub(size, mul(near, 0.5))));
}

/** Minus the cosine of the angle between yTrue and yPred along an axis, the last: −1 for the same direction. A zero vector gives 0. */
export function cosineSimilarity(yTrue: Tensor, yPred: Tensor, { axis = -1 }: AxisOption = {}): Tensor {
  const y = labelsFor(yTrue, yPred, "cosineSimilarity");
  return neg(sum(mul(unit(y, axis), unit(yPred, axis)), { axes: [axis] }));
}

/** Vectors of length 1; those shorter than 1e-7 are divided by that. */
function unit(x: Tensor, axis: number): Tensor {
  return mul(x, rsqrt(maximum(sum(square(x), { axes: [axis], keepDims: true }), EPSILON ** 2)));
}

function errorOf(yTrue: Tensor, yPred: Tensor, where: string): Tensor {
  return sub(yPred, labelsFor(yTrue, yPred, where));
}
