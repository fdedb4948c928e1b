// cofactor: the matrices of cofactors, gradients of determinants; right for singular matrices too.
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { expandDims } from "./expandDims.js";
import { inv } from "./inv.js";
import { matmul } from "./matmul.js";
import { squareSizes } from "./matrices.js";
import { mul } from "./mul.js";
import { at, like, op, WORKSPACE, type Op } from "./op.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";
import { turned } from "./swapAxes.js";

/**
 * c[i, j] = ∂|a| / ∂a[i, j] of square matrices [..., n, n]: |a| · a⁻ᵀ where there is an inverse. By elimination with complete pivoting in float64.
 *
 * Its own gradient needs the inverse: the status "singular" where there is none.
 */
export const cofactor: Op<[a: Value]> = op({
  name: "cofactor",
  prepare: ([a], attrs) => [[fourBytes(a)], attrs],
  shape: ([a]) => (squareSizes(a, "cofactor"), like(a)),
  // With B = a⁻ᵀ, c = |a|·B: dc = ⟨c, da⟩·B − |a|·B·daᵀ·B.
  vjp: (dy, y, [a]) => {
    const b = turned(inv(a));
    const along = expandDims(sum(mul(dy, b), { axes: [-1, -2] }), { axes: [-1, -2] });
    return [sub(mul(along, y), matmul(y, matmul(turned(dy), b)))];
  },
  lower: ([out], [a]) => {
    const { count, n } = squareSizes(a, "cofactor");
    return { kernel: "f32_cofactor", workspace: 8 * n * (2 * n + 2), words: [at(out), at(a), WORKSPACE, count, n] };
  },
  heavy: true,
  flops: (_out, [a]) => 4 * squareSizes(a, "cofactor").count * a.shape.at(-1)! ** 3,
});
