// softmaxGrad: the gradient of softmax and logSoftmax along the last axis, from the result and dy.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byRows } from "./cuts.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { at, like, op, type Op } from "./op.js";
import { rowsAndColumns } from "./softmax.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";

/** softmax: y·(dy − Σ dy·y); logSoftmax: dy − eʸ·Σ dy. Sums run along the last axis. */
export const softmaxGrad: Op<[y: Value, dy: Value], { log: boolean }> = op({
  name: "softmaxGrad",
  shape: ([y]) => like(y),
  vjp: (d, _dx, [y, dy], { log }) => {
    if (log) {
      const p = exp(y);
      return [neg(mul(d, mul(p, rowSum(dy)))), sub(d, rowSum(mul(d, p)))];
    }
    // The matrix diag(y) − y·yᵀ is symmetric, so dy's side is the op itself.
    return [sub(mul(d, sub(dy, rowSum(mul(dy, y)))), mul(dy, rowSum(mul(d, y)))), softmaxGrad(y, d, { log })];
  },
  lower: ([dx], [y, dy], { log }) => {
    const [rows, cols] = rowsAndColumns(y.shape);
    return { kernel: "f32_softmax_grad", words: [at(dx), at(y), at(dy), rows, cols, log ? 1 : 0], split: byRows(rows, [cols], [cols, cols]) };
  },
  inPlace: [1],
  heavy: true,
  flops: (dx) => 4 * sizeOf(dx.shape),
});

function rowSum(x: Value): Value {
  return sum(x, { axes: -1, keepDims: true });
}
