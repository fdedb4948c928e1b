// pinv: the pseudo-inverse (Moore & Penrose), by singular values; its gradient does not go through singular vectors.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { fourBytes } from "./cast.js";
import { div } from "./div.js";
import { expandDims } from "./expandDims.js";
import { greater } from "./greater.js";
import { matmul } from "./matmul.js";
import { matrixSizes } from "./matrices.js";
import { max } from "./max.js";
import { mul } from "./mul.js";
import { op, type Op } from "./op.js";
import { sub } from "./sub.js";
import { svd } from "./svd.js";
import { turned } from "./swapAxes.js";
import { where } from "./where.js";

/** Rounding of float32. */
const EPSILON = 2 ** -23;

const pinvOp: Op<[a: Value], { rcond: number }> = op({
  name: "pinv",
  shape: ([a]) => {
    const { batch, m, n } = matrixSizes(a, "pinv");
    return { shape: [...batch, n, m], dtype: "float32" };
  },
  // dp = −p·da·p + p·pᵀ·daᵀ·(1 − a·p) + (1 − p·a)·daᵀ·pᵀ·p   (Golub & Pereyra 1973), for matrices of constant rank.
  vjp: (dy, y, [a]) => {
    const [yt, dyt] = [turned(y), turned(dy)];
    const direct = matmul(yt, matmul(dy, yt));
    const left = matmul(dyt, matmul(y, yt));
    const right = matmul(matmul(yt, y), dyt);
    const rows = sub(left, matmul(a, matmul(y, left)));
    const columns = sub(right, matmul(matmul(right, y), a));
    return [add(sub(rows, direct), columns)];
  },
  expand: ([a], { rcond }) => {
    const [u, s, vt] = svd(a);
    const kept = greater(s, mul(constant(rcond), max(s, { axes: -1, keepDims: true })));
    const inverse = where(kept, div(constant(1), where(kept, s, constant(1))), constant(0));
    return matmul(mul(turned(vt), expandDims(inverse, { axes: -2 })), turned(u));
  },
});

/**
 * a⁺ [..., n, m] of a [..., m, n]: singular values at most `rcond` times the largest count as 0 (max(m, n) · 2⁻²³ when absent).
 *
 * Throws ShapeError below rank 2, DTypeError unless float32.
 */
export function pinv(a: Value, { rcond }: { rcond?: number } = {}): Value {
  const { m, n } = matrixSizes(a, "pinv");
  return pinvOp(fourBytes(a), { rcond: rcond ?? Math.max(m, n) * EPSILON });
}
