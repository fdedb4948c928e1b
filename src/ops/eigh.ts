// eigh: eigenvalues and eigenvectors of symmetric matrices, in float64.
import { constant, part, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { fourBytes } from "./cast.js";
import { diagEmbed } from "./diagEmbed.js";
import { div } from "./div.js";
import { equal } from "./equal.js";
import { expandDims } from "./expandDims.js";
import { matmul } from "./matmul.js";
import { squareSizes } from "./matrices.js";
import { mul } from "./mul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { sub } from "./sub.js";
import { turned } from "./swapAxes.js";
import { where } from "./where.js";

const eighOp: Op<[a: Value]> = op({
  name: "eigh",
  shape: ([a]) => {
    const { batch, n } = squareSizes(a, "eigh");
    return [{ shape: [...batch, n], dtype: "float32" }, { shape: a.shape, dtype: "float32" }];
  },
  // v·(diag(dw) + F∘(vᵀ·dv))·vᵀ, made symmetric (Giles 2008).
  vjpParts: ([dw, dv], [w, v]) => {
    const turns = dv && mul(differences(w!), matmul(turned(v!), dv));
    const lengths = dw && diagEmbed(dw);
    const inner = turns && lengths ? add(turns, lengths) : (turns ?? lengths)!;
    const da = matmul(v!, matmul(inner, turned(v!)));
    return [mul(constant(0.5), add(da, turned(da)))];
  },
  lower: ([w, v], [a]) => {
    const { count, n } = squareSizes(a, "eigh");
    return { kernel: "f32_eigh", workspace: 8 * n * (2 * n + 3), words: [at(w), at(v!), at(a), WORKSPACE, count, n] };
  },
  heavy: true,
  flops: (_out, [a]) => 9 * squareSizes(a, "eigh").count * a.shape.at(-1)! ** 3,
});

/**
 * [w, v] with (a + aᵀ)/2 = v · diag(w) · vᵀ, w rising, columns of v orthonormal.
 *
 * a: [..., n, n]   w: [..., n]   v: [..., n, n]
 * Gradients of v exist where eigenvalues differ: equal ones count as not turning into each other. Throws ShapeError unless square, DTypeError unless float32.
 */
export function eigh(a: Value): [w: Value, v: Value] {
  const both = eighOp(fourBytes(a));
  return [part(both, 0), part(both, 1)];
}

/** f[i, j] = 1/(w[j] − w[i]), 0 where they are equal: how fast vector i turns into vector j. */
export function differences(w: Value): Value {
  const gap = sub(expandDims(w, { axes: -2 }), expandDims(w, { axes: -1 }));
  const same = equal(gap, constant(0));
  return where(same, constant(0), div(constant(1), where(same, constant(1), gap)));
}
