// inv: inverse matrices, by elimination with partial pivoting in float64.
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { matmul } from "./matmul.js";
import { squareSizes } from "./matrices.js";
import { neg } from "./neg.js";
import { at, like, op, STATUS_ADDRESS, STEP_INDEX, WORKSPACE, type Op } from "./op.js";
import { turned } from "./swapAxes.js";

/**
 * a⁻¹ of square matrices [..., n, n]. A matrix that is singular to working precision gives NaN and the status "singular".
 *
 * Throws ShapeError unless square, DTypeError unless float32.
 */
export const inv: Op<[a: Value]> = op({
  name: "inv",
  prepare: ([a], attrs) => [[fourBytes(a)], attrs],
  shape: ([a]) => (squareSizes(a, "inv"), like(a)),
  vjp: (dy, y) => [neg(matmul(turned(y), matmul(dy, turned(y))))],
  lower: ([out], [a]) => {
    const { count, n } = squareSizes(a, "inv");
    return { kernel: "f32_solve", workspace: 16 * n * n, words: [at(out), at(a), 0, WORKSPACE, count, n, n, STATUS_ADDRESS, STEP_INDEX] };
  },
  fails: true,
  heavy: true,
  flops: (_out, [a]) => 2 * squareSizes(a, "inv").count * a.shape.at(-1)! ** 3,
});
