// diagEmbed: vectors as diagonals of matrices that are 0 elsewhere. The gradient of diagonal.
import { ShapeError } from "../base/errors.js";
import { showShape, sizeOf, stridesOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { copyInto } from "./copyInto.js";
import { diagonal } from "./diagonal.js";
import { filled } from "./filled.js";
import { at, op, type Op } from "./op.js";

const diagEmbedOp: Op<[x: Value], { offset: number; rows: number; columns: number }> = op({
  name: "diagEmbed",
  shape: ([x], { rows, columns }) => ({ shape: [...x.shape.slice(0, -1), rows, columns], dtype: x.dtype }),
  vjp: (dy, _y, _x, { offset }) => [diagonal(dy, { offset })],
  lower: ([out], [x], { offset, columns }) => {
    const strides = stridesOf(out.shape);
    const first = offset > 0 ? offset : -offset * columns;
    return [
      filled(out, 0),
      ...(sizeOf(x.shape) > 0 ? [copyInto(at(out, first), [...strides.slice(0, -2), columns + 1], x)] : []),
    ];
  },
  strided: true,
});

/**
 * Matrices [..., rows, columns] with x [..., n] on the diagonal number `offset`; square and just large enough when sizes are absent. uint8 becomes int32.
 *
 * Throws ShapeError for a scalar and when x does not fit.
 */
export function diagEmbed(x: Value, { offset = 0, rows, columns }: { offset?: number; rows?: number; columns?: number } = {}): Value {
  const n = x.shape.at(-1);
  if (n === undefined) throw new ShapeError("diagEmbed: takes vectors, got a scalar.");
  const size = n + Math.abs(offset);
  const [m, k] = [rows ?? size, columns ?? size];
  const length = Math.max(0, Math.min(m + Math.min(offset, 0), k - Math.max(offset, 0)));
  if (length !== n) throw new ShapeError(`diagEmbed: diagonal ${offset} of ${showShape([m, k])} has ${length} elements, x ${showShape(x.shape)} has ${n}.`);
  return diagEmbedOp(fourBytes(x), { offset, rows: m, columns: k });
}
