// batchNorm: normalisation by given statistics, as batch normalisation does once it is trained; a composition.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { constant, type TensorType, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { mul } from "./mul.js";
import { rsqrt } from "./rsqrt.js";
import { sub } from "./sub.js";

/**
 * (x − mean) / √(variance + ε) · gamma + beta, channel by channel; gradients flow to all five.
 *
 * x: [..., channels]   the others: [channels]   returns the shape of x   Throws ShapeError when a row has another length.
 */
export function batchNorm(x: Value, mean: Value, variance: Value, gamma: Value, beta: Value, { epsilon }: { epsilon: number }): Value {
  checkRows(x, { mean, variance, gamma, beta }, "batchNorm");
  // Centred before it is scaled: x·scale − mean·scale would cancel when the mean is large.
  return add(mul(sub(x, mean), mul(rsqrt(add(variance, constant(epsilon))), gamma)), beta);
}

/** Throws ShapeError unless each of `rows` has one number for each channel of x. */
export function checkRows(x: TensorType, rows: Readonly<Record<string, TensorType>>, where: string): void {
  const channels = x.shape[x.shape.length - 1];
  for (const [name, { shape }] of Object.entries(rows)) {
    if (shape.length !== 1 || shape[0] !== channels) {
      throw new ShapeError(`${where}: ${name} must be [${channels}], one number a channel of x ${showShape(x.shape)}, got ${showShape(shape)}.`);
    }
  }
}
