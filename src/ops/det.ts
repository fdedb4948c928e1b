// det: determinants, as the product of the pivots of elimination in float64.
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { cofactor } from "./cofactor.js";
import { expandDims } from "./expandDims.js";
import { squareSizes } from "./matrices.js";
import { mul } from "./mul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";

/** |a| of square matrices [..., n, n]; 1 where n is 0. Throws ShapeError unless square, DTypeError unless float32. */
export const det: Op<[a: Value]> = op({
  name: "det",
  prepare: ([a], attrs) => [[fourBytes(a)], attrs],
  shape: ([a]) => ({ shape: squareSizes(a, "det").batch, dtype: "float32" }),
  vjp: (dy, _y, [a]) => [mul(expandDims(dy, { axes: [-1, -2] }), cofactor(a))],
  lower: ([out], [a]) => {
    const { count, n } = squareSizes(a, "det");
    return { kernel: "f32_det", workspace: 8 * n * n, words: [at(out), 0, 0, at(a), WORKSPACE, count, n] };
  },
  heavy: true,
  flops: (_out, [a]) => Math.round((2 / 3) * squareSizes(a, "det").count * a.shape.at(-1)! ** 3),
});
