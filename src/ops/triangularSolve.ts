// triangularSolve: linear systems with triangular matrices, by substitution in float64.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { matmul } from "./matmul.js";
import { neg } from "./neg.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, WORKSPACE, type Op } from "./op.js";
import { matched } from "./solve.js";
import { turned } from "./swapAxes.js";
import { tril } from "./tril.js";
import { triu } from "./triu.js";

export interface TriangularAttrs {
  /** Which triangle of a counts; true when absent. */
  readonly lower?: boolean;
  /** Solve with that triangle transposed. */
  readonly transposed?: boolean;
  /** Take the diagonal as 1. */
  readonly unit?: boolean;
}

const solveOp: Op<[a: Value, b: Value], Required<TriangularAttrs>> = op({
  name: "triangularSolve",
  shape: ([, b]) => ({ shape: b.shape, dtype: "float32" }),
  vjp: (dy, y, [a], { lower, transposed, unit }) => {
    const db = solveOp(a, dy, { lower, transposed: !transposed, unit });
    const da = neg(transposed ? matmul(y, turned(db)) : matmul(db, turned(y)));
    const edge = unit ? 1 : 0;
    return [lower ? tril(da, { diagonal: -edge }) : triu(da, { diagonal: edge }), db];
  },
  lower: ([out], [a, b], { lower, transposed, unit }) => {
    const [n, columns] = b.shape.slice(-2) as [number, number];
    return {
      kernel: "f32_triangular_solve",
      workspace: 8 * n * columns,
      words: [
        at(out), at(a), at(b), WORKSPACE, sizeOf(a.shape.slice(0, -2)), n, columns, Number(lower), Number(transposed), Number(unit),
        STATUS_ADDRESS, STEP_INDEX,
      ],
    };
  },
  fails: true,
  heavy: true,
  flops: (_out, [a, b]) => sizeOf(b.shape) * a.shape.at(-1)!,
});

/**
 * The x with t · x = b, t being one triangle of a. A 0 on the diagonal gives NaN and the status "singular".
 *
 * a: [..., n, n]   b: [..., n, columns]; leading axes broadcast   returns the shape of b, broadcast
 * Throws ShapeError when they do not fit, DTypeError unless float32.
 */
export function triangularSolve(a: Value, b: Value, { lower = true, transposed = false, unit = false }: TriangularAttrs = {}): Value {
  const [left, right] = matched(a, b, "triangularSolve");
  return solveOp(left, right, { lower, transposed, unit });
}
