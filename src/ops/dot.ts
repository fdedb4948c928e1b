// dot: products of vectors and matrices, a composition.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { expandDims } from "./expandDims.js";
import { matmul } from "./matmul.js";
import { mul } from "./mul.js";
import { squeeze } from "./squeeze.js";
import { sum } from "./sum.js";

/**
 * Like matmul, with vectors: a vector on the left is a row, one on the right a column, and the axis of size 1 goes again.
 *
 * a: [k] or [..., m, k]   b: [k] or [..., k, n]   Throws ShapeError for scalars and when k differs.
 */
export function dot(a: Value, b: Value): Value {
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw new ShapeError(`dot: takes vectors and matrices, got ${showShape(a.shape)} and ${showShape(b.shape)}. Use mul for scalars.`);
  }
  const row = a.shape.length === 1;
  const column = b.shape.length === 1;
  if (row && column) {
    if (a.shape[0] !== b.shape[0]) throw new ShapeError(`dot: lengths differ, a is ${showShape(a.shape)}, b is ${showShape(b.shape)}.`);
    return sum(mul(a, b));
  }
  const product = matmul(row ? expandDims(a, { axes: 0 }) : a, column ? expandDims(b, { axes: 1 }) : b);
  return row ? squeeze(product, { axes: -2 }) : column ? squeeze(product, { axes: -1 }) : product;
}
