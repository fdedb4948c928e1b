// tril: the lower triangle of matrices, zeros above.
import type { Value } from "../graph/value.js";
import { triangle } from "./triu.js";

/** x [..., m, n] with 0 above the diagonal number `diagonal` (0: the main one, negative: below). Throws ShapeError below rank 2. */
export function tril(x: Value, { diagonal = 0 }: { diagonal?: number } = {}): Value {
  return triangle(x, "tril", (row, column, less) => less(column, row, diagonal + 1));
}
