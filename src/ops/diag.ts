// diag: a vector as a diagonal matrix, or the diagonal of a matrix.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { diagEmbed } from "./diagEmbed.js";
import { diagonal } from "./diagonal.js";

/** The matrix with x on its diagonal number `offset`, or the diagonal of the matrix x. Throws ShapeError for other ranks. */
export function diag(x: Value, { offset = 0 }: { offset?: number } = {}): Value {
  if (x.shape.length === 1) return diagEmbed(x, { offset });
  if (x.shape.length === 2) return diagonal(x, { offset });
  throw new ShapeError(`diag: takes a vector or a matrix, got ${showShape(x.shape)}. See diagonal and diagEmbed for batches.`);
}
