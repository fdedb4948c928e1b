// vdot: the product of two tensors as vectors.
import { ShapeError } from "../base/errors.js";
import { showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { dot } from "./dot.js";
import { reshape } from "./reshape.js";

/** Σ a · b over all elements, in row-major order. Throws ShapeError when they have not equally many. */
export function vdot(a: Value, b: Value): Value {
  if (sizeOf(a.shape) !== sizeOf(b.shape)) throw new ShapeError(`vdot: a ${showShape(a.shape)} and b ${showShape(b.shape)} have not equally many elements.`);
  return dot(reshape(a, { shape: [-1] }), reshape(b, { shape: [-1] }));
}
