// matrices: what the operations of linear algebra ask of their operands.
import { isFloat } from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";

/** Sizes of a batch of matrices [..., m, n]. */
export interface MatrixSizes {
  readonly batch: Shape;
  /** Matrices in the batch. */
  readonly count: number;
  readonly m: number;
  readonly n: number;
}

/** Throws ShapeError below rank 2, DTypeError for anything but floats: rounding a result to whole numbers would be wrong without a word. */
export function matrixSizes({ shape, dtype }: TensorType, where: string): MatrixSizes {
  if (!isFloat(dtype)) throw new DTypeError(`${where}: takes float32, got ${dtype}. Cast to float32 first.`);
  if (shape.length < 2) throw new ShapeError(`${where}: takes matrices [..., m, n], got ${showShape(shape)}.`);
  const [m, n] = shape.slice(-2) as [number, number];
  const batch = shape.slice(0, -2);
  return { batch, count: sizeOf(batch), m, n };
}

/** The same for square matrices. */
export function squareSizes(x: TensorType, where: string): MatrixSizes {
  const sizes = matrixSizes(x, where);
  if (sizes.m !== sizes.n) throw new ShapeError(`${where}: takes square matrices, got ${showShape(x.shape)}.`);
  return sizes;
}
