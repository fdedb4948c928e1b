// svd: singular values and vectors, by one-sided Jacobi rotations in float64.
import { ValueError } from "../base/errors.js";
import { part, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { fourBytes } from "./cast.js";
import { div } from "./div.js";
import { differences } from "./eigh.js";
import { expandDims } from "./expandDims.js";
import { matmul } from "./matmul.js";
import { matrixSizes } from "./matrices.js";
import { mul } from "./mul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { square } from "./square.js";
import { sub } from "./sub.js";
import { turned } from "./swapAxes.js";

const svdOp: Op<[a: Value], { fullMatrices: boolean }> = op({
  name: "svd",
  shape: ([a], { fullMatrices }) => {
    const { batch, m, n } = matrixSizes(a, "svd");
    const k = Math.min(m, n);
    return [[m, fullMatrices ? m : k], [k], [fullMatrices ? n : k, n]].map((shape) => ({ shape: [...batch, ...shape], dtype: "float32" as const }));
  },
  vjpParts: ([du, ds, dvt], [u, s, vt], [a], { fullMatrices }) => {
    const { m, n } = matrixSizes(a, "svd");
    if (fullMatrices && m !== n && (du || dvt)) {
      throw new ValueError(`gradient: svd with fullMatrices has none for u and vt of [${m}, ${n}]: what is beyond min(m, n) is any basis of the rest. Use fullMatrices: false.`);
    }
    return [gradient(du ?? null, ds ?? null, dvt ?? null, u!, s!, vt!)];
  },
  lower: ([u, s, vt], [a], { fullMatrices }) => {
    const { count, m, n } = matrixSizes(a, "svd");
    const [long, short] = [Math.max(m, n), Math.min(m, n)];
    const basis = fullMatrices ? long : short;
    return {
      kernel: "f32_svd",
      workspace: 8 * (long * basis + short * short + short + 3),
      words: [at(u), at(s!), at(vt!), at(a), WORKSPACE, count, m, n, fullMatrices ? m : short, fullMatrices ? n : short],
    };
  },
  heavy: true,
  // About eight sweeps over all pairs, each of which takes six operations an element to look at and six to turn.
  flops: (_out, [a]) => {
    const { count, m, n } = matrixSizes(a, "svd");
    return 48 * count * Math.min(m, n) ** 2 * (m + n);
  },
});

/**
 * [u, s, vt] with a = u · diag(s) · vt, columns of u and rows of vt orthonormal, s falling.
 *
 * a: [..., m, n]   u: [..., m, k], s: [..., k], vt: [..., k, n] with k = min(m, n); fullMatrices: u [..., m, m], vt [..., n, n]
 * Gradients of u and vt exist where singular values differ: equal ones count as not turning into each other.
 * Throws ShapeError below rank 2, DTypeError unless float32.
 */
export function svd(a: Value, { fullMatrices = false }: { fullMatrices?: boolean } = {}): [u: Value, s: Value, vt: Value] {
  const all = svdOp(fourBytes(a), { fullMatrices });
  return [part(all, 0), part(all, 1), part(all, 2)];
}

/** Townsend 2016, "Differentiating the singular value decomposition". */
function gradient(du: Value | null, ds: Value | null, dvt: Value | null, u: Value, s: Value, vt: Value): Value {
  const [ut, v] = [turned(u), turned(vt)];
  const columns = expandDims(s, { axes: -2 });
  const rows = expandDims(s, { axes: -1 });
  const f = differences(square(s));
  const terms: Value[] = [];
  if (ds) terms.push(matmul(mul(u, expandDims(ds, { axes: -2 })), vt));
  if (du) {
    const inner = matmul(ut, du);
    terms.push(matmul(u, matmul(mul(mul(f, sub(inner, turned(inner))), columns), vt)));
    if (u.shape.at(-2)! > s.shape.at(-1)!) terms.push(matmul(div(sub(du, matmul(u, inner)), columns), vt));
  }
  if (dvt) {
    const inner = matmul(vt, turned(dvt));
    terms.push(matmul(u, matmul(mul(rows, mul(f, sub(inner, turned(inner)))), vt)));
    if (v.shape.at(-2)! > s.shape.at(-1)!) terms.push(matmul(u, div(sub(dvt, matmul(turned(inner), vt)), rows)));
  }
  return terms.reduce((sum, term) => add(sum, term));
}
