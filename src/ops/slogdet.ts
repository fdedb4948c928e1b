// slogdet: sign and logarithm of determinants, where the determinant itself would overflow or vanish.
import { part, type Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { expandDims } from "./expandDims.js";
import { inv } from "./inv.js";
import { squareSizes } from "./matrices.js";
import { mul } from "./mul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { turned } from "./swapAxes.js";

const slogdetOp: Op<[a: Value]> = op({
  name: "slogdet",
  shape: ([a]) => {
    const { batch } = squareSizes(a, "slogdet");
    return [{ shape: batch, dtype: "float32" }, { shape: batch, dtype: "float32" }];
  },
  vjpParts: ([, dlog], _ys, [a]) => [dlog ? mul(expandDims(dlog, { axes: [-1, -2] }), turned(inv(a))) : null],
  lower: ([sign, log], [a]) => {
    const { count, n } = squareSizes(a, "slogdet");
    return { kernel: "f32_det", workspace: 8 * n * n, words: [0, at(sign), at(log!), at(a), WORKSPACE, count, n] };
  },
  heavy: true,
  flops: (_out, [a]) => Math.round((2 / 3) * squareSizes(a, "slogdet").count * a.shape.at(-1)! ** 3),
});

/**
 * [sign, log] with |a| = sign · e^log, of square matrices [..., n, n]; 0 and −∞ where a is singular.
 *
 * The gradient of log is a⁻ᵀ: the status "singular" where there is none. Throws ShapeError unless square, DTypeError unless float32.
 */
export function slogdet(a: Value): [sign: Value, log: Value] {
  const both = slogdetOp(fourBytes(a));
  return [part(both, 0), part(both, 1)];
}
