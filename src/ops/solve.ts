// solve: linear systems, by elimination with partial pivoting in float64.
import { ShapeError } from "../base/errors.js";
import { broadcastShapes, sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { fourBytes } from "./cast.js";
import { expandDims } from "./expandDims.js";
import { matmul } from "./matmul.js";
import { matrixSizes, squareSizes } from "./matrices.js";
import { neg } from "./neg.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, WORKSPACE, type Op } from "./op.js";
import { squeeze } from "./squeeze.js";
import { turned } from "./swapAxes.js";

const solveOp: Op<[a: Value, b: Value]> = op({
  name: "solve",
  shape: ([, b]) => ({ shape: b.shape, dtype: "float32" }),
  vjp: (dy, y, [a]) => {
    const db = solveOp(turned(a), dy);
    return [neg(matmul(db, turned(y))), db];
  },
  lower: ([out], [a, b]) => {
    const { count, n } = squareSizes(a, "solve");
    const columns = b.shape.at(-1)!;
    return { kernel: "f32_solve", workspace: 8 * n * (n + columns), words: [at(out), at(a), at(b), WORKSPACE, count, n, columns, STATUS_ADDRESS, STEP_INDEX] };
  },
  fails: true,
  heavy: true,
  flops: (_out, [a, b]) => {
    const { count, n } = squareSizes(a, "solve");
    return Math.round(count * n * n * ((2 / 3) * n + 2 * b.shape.at(-1)!));
  },
});

/**
 * The x with a · x = b. A matrix that is singular to working precision gives NaN and the status "singular".
 *
 * a: [..., n, n]   b: [..., n, columns], or a vector [n]; leading axes broadcast   returns the shape of b, broadcast
 * Throws ShapeError when they do not fit, DTypeError unless float32.
 */
export function solve(a: Value, b: Value): Value {
  if (b.shape.length === 1) return squeeze(solve(a, expandDims(b, { axes: 1 })), { axes: -1 });
  const [left, right] = matched(a, b, "solve");
  return solveOp(left, right);
}

/** a [..., n, n] and b [..., n, columns] with the same axes in front. */
export function matched(a: Value, b: Value, where: string): [a: Value, b: Value] {
  const { batch, n } = squareSizes(a, where);
  const other = matrixSizes(b, where);
  if (other.m !== n) throw new ShapeError(`${where}: a ${showShape(a.shape)} has ${n} rows, b ${showShape(b.shape)} has ${other.m}.`);
  const front = sameShape(batch, other.batch) ? batch : broadcastShapes(batch, other.batch, where);
  return [broadcastTo(fourBytes(a), { shape: [...front, n, n] }), broadcastTo(fourBytes(b), { shape: [...front, n, other.n] })];
}
