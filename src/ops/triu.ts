// triu: the upper triangle of matrices, zeros below; and what tril shares with it.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { fourBytes } from "./cast.js";
import { expandDims } from "./expandDims.js";
import { iota } from "./iota.js";
import { less } from "./less.js";
import { where } from "./where.js";

/** x [..., m, n] with 0 below the diagonal number `diagonal` (0: the main one, positive: above). Throws ShapeError below rank 2. */
export function triu(x: Value, { diagonal = 0 }: { diagonal?: number } = {}): Value {
  return triangle(x, "triu", (row, column, isLess) => isLess(row, column, 1 - diagonal));
}

type Less = (a: Value, b: Value, shift: number) => Value;

/** x where `keep` holds of the row and the column of an element: a < b + shift. */
export function triangle(x: Value, name: string, keep: (row: Value, column: Value, less: Less) => Value): Value {
  if (x.shape.length < 2) throw new ShapeError(`${name}: takes matrices, got ${showShape(x.shape)}.`);
  const [m, n] = x.shape.slice(-2) as [number, number];
  const kept = keep(expandDims(iota({ n: m }), { axes: 1 }), iota({ n }), (a, b, shift) => less(a, add(b, constant(shift, "int32"))));
  const values = fourBytes(x);
  return where(kept, values, constant(0, values.dtype));
}
