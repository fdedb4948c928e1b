// qr: orthonormal columns times a triangle, by Householder reflections in float64.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { constant, part, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { broadcastTo } from "./broadcastTo.js";
import { fourBytes } from "./cast.js";
import { concat } from "./concat.js";
import { matmul } from "./matmul.js";
import { matrixSizes } from "./matrices.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { split } from "./split.js";
import { sub } from "./sub.js";
import { turned } from "./swapAxes.js";
import { triangularSolve } from "./triangularSolve.js";
import { tril } from "./tril.js";

/** "reduced": q [m, k], r [k, n] with k = min(m, n); "complete": q [m, m], r [m, n]. */
export type QrMode = "reduced" | "complete";

const qrOp: Op<[a: Value], { mode: QrMode }> = op({
  name: "qr",
  shape: ([a], { mode }) => {
    const { batch, m, n } = matrixSizes(a, "qr");
    const k = mode === "complete" ? m : Math.min(m, n);
    return [{ shape: [...batch, m, k], dtype: "float32" }, { shape: [...batch, k, n], dtype: "float32" }];
  },
  vjpParts: ([dq, dr], [q, r], [a], { mode }) => {
    const { m, n } = matrixSizes(a, "qr");
    if (mode === "complete" && m > n) {
      throw new ShapeError(`gradient: qr of ${showShape(a.shape)} in mode "complete" has none: columns beyond the ${n}th are any basis of the rest. Use "reduced".`);
    }
    const zeros = (like: Value): Value => broadcastTo(constant(0), { shape: like.shape });
    if (m >= n) return [gradient(dq ?? zeros(q!), dr ?? zeros(r!), q!, r!)];
    // a = [x, y] with r = [u, v]: x = q·u is square, and y = q·v.
    const [y, [u], [du, dv]] = [split(a, { parts: [m, n - m], axis: -1 })[1]!, split(r!, { parts: [m, n - m], axis: -1 }), split(dr ?? zeros(r!), { parts: [m, n - m], axis: -1 })];
    const dqAll = add(dq ?? zeros(q!), matmul(y, turned(dv!)));
    return [concat([gradient(dqAll, du!, q!, u!), matmul(q!, dv!)], { axis: -1 })];
  },
  lower: ([q, r], [a], { mode }) => {
    const { count, m, n } = matrixSizes(a, "qr");
    const k = mode === "complete" ? m : Math.min(m, n);
    return { kernel: "f32_qr", workspace: 8 * (m * n + m * k + Math.min(m, n)), words: [at(q), at(r!), at(a), WORKSPACE, count, m, n, k] };
  },
  heavy: true,
  flops: (_out, [a]) => {
    const { count, m, n } = matrixSizes(a, "qr");
    return 4 * count * m * n * Math.min(m, n);
  },
});

/**
 * [q, r] with q · r = a, columns of q orthonormal, r upper triangular; the diagonal of r may be negative, as LAPACK's.
 *
 * a: [..., m, n]   The gradient needs min(m, n) independent columns in front ("singular" otherwise) and, where m > n, mode "reduced".
 * Throws ShapeError below rank 2, DTypeError unless float32, ValueError for another mode.
 */
export function qr(a: Value, { mode = "reduced" }: { mode?: QrMode } = {}): [q: Value, r: Value] {
  if (mode !== "reduced" && mode !== "complete") throw new ValueError(`qr: mode "${String(mode)}" is not known; expected "reduced" or "complete".`);
  const both = qrOp(fourBytes(a), { mode });
  return [part(both, 0), part(both, 1)];
}

/** (dq + q · copyltu(r·drᵀ − dqᵀ·q)) · r⁻ᵀ, where copyltu mirrors the lower triangle (Walter & Lehmann 2010). */
function gradient(dq: Value, dr: Value, q: Value, r: Value): Value {
  const m = sub(matmul(r, turned(dr)), matmul(turned(dq), q));
  const mirrored = add(tril(m), turned(tril(m, { diagonal: -1 })));
  return turned(triangularSolve(r, turned(add(dq, matmul(q, mirrored))), { lower: false }));
}
