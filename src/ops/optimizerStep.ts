// optimizerStep: what the optimizers' update ops share. Their results are the parameter and its slots, changed in place.
import { DTypeError, ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import { like } from "./op.js";

export const IN_PLACE = "an update in place is the end of a training step";

/**
 * Types of the results: those of the variables.
 * Throws DTypeError or ShapeError unless variables and gradient are float32 of one shape and the rate is a float32 scalar.
 */
export function stepTypes(where: string, variables: readonly TensorType[], grad: TensorType, rate: TensorType): TensorType[] {
  const p = variables[0]!;
  for (const x of [...variables, grad, rate]) {
    if (x.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${x.dtype}. Cast first.`);
  }
  for (const x of [...variables, grad]) {
    if (!sameShape(x.shape, p.shape)) {
      throw new ShapeError(`${where}: the parameter is ${showShape(p.shape)}, its slots and gradient must be so too, got ${showShape(x.shape)}.`);
    }
  }
  if (rate.shape.length !== 0) throw new ShapeError(`${where}: the learning rate must be a scalar, got ${showShape(rate.shape)}.`);
  return variables.map((x) => like(x));
}
