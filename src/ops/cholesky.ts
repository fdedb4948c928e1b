// cholesky: the lower triangular root of positive definite matrices, in float64.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { fourBytes } from "./cast.js";
import { diagEmbed } from "./diagEmbed.js";
import { diagonal } from "./diagonal.js";
import { matmul } from "./matmul.js";
import { squareSizes } from "./matrices.js";
import { mul } from "./mul.js";
import { at, like, op, STATUS_ADDRESS, STEP_INDEX, WORKSPACE, type Op } from "./op.js";
import { sub } from "./sub.js";
import { turned } from "./swapAxes.js";
import { triangularSolve } from "./triangularSolve.js";
import { tril } from "./tril.js";

/**
 * The lower triangular L with L · Lᵀ = (a + aᵀ)/2, of matrices [..., n, n]. One that is not positive definite gives NaN and the status "not positive definite".
 *
 * Throws ShapeError unless square, DTypeError unless float32.
 */
export const cholesky: Op<[a: Value]> = op({
  name: "cholesky",
  prepare: ([a], attrs) => [[fourBytes(a)], attrs],
  shape: ([a]) => (squareSizes(a, "cholesky"), like(a)),
  // L⁻ᵀ·Φ(Lᵀ·dy)·L⁻¹, made symmetric, where Φ takes the lower triangle and half the diagonal (Murray 2016, eq. 10).
  vjp: (dy, y) => {
    const product = tril(matmul(turned(y), tril(dy)));
    const half = sub(product, diagEmbed(mul(constant(0.5), diagonal(product))));
    const left = triangularSolve(y, half, { transposed: true });
    const both = turned(triangularSolve(y, turned(left), { transposed: true }));
    return [mul(constant(0.5), add(both, turned(both)))];
  },
  lower: ([out], [a]) => {
    const { count, n } = squareSizes(a, "cholesky");
    return { kernel: "f32_cholesky", workspace: 8 * n * n, words: [at(out), at(a), WORKSPACE, count, n, STATUS_ADDRESS, STEP_INDEX] };
  },
  fails: true,
  heavy: true,
  flops: (_out, [a]) => Math.round((squareSizes(a, "cholesky").count * a.shape.at(-1)! ** 3) / 3),
});
