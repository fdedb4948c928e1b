// softmaxCrossEntropyGrad: the gradient of softmaxCrossEntropy for its logits.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byRows } from "./cuts.js";
import { expandDims } from "./expandDims.js";
import { mul } from "./mul.js";
import { oneHot } from "./oneHot.js";
import { at, like, op, type Op } from "./op.js";
import { rowsAndColumns, softmax } from "./softmax.js";
import { softmaxGrad } from "./softmaxGrad.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";

/** dloss · (softmax(logits) · Σ labels − labels), row by row; a row of zeros for a class number out of range. Shapes as in softmaxCrossEntropy. */
export const softmaxCrossEntropyGrad: Op<[logits: Value, labels: Value, dloss: Value]> = op({
  name: "softmaxCrossEntropyGrad",
  shape: ([logits]) => like(logits),
  vjp: (d, _dx, [logits, labels, dloss]) => {
    const p = softmax(logits);
    const dense = labels.dtype === "float32";
    const weights = dense ? labels : oneHot(labels, { depth: logits.shape[logits.shape.length - 1]! });
    const total = sum(weights, { axes: -1, keepDims: true });
    const scale = expandDims(dloss, { axes: -1 });
    return [
      mul(mul(scale, total), softmaxGrad(p, d, { log: false })),
      dense ? mul(scale, sub(sum(mul(d, p), { axes: -1, keepDims: true }), d)) : null,
      sum(mul(d, sub(mul(p, total), weights)), { axes: -1 }),
    ];
  },
  lower: ([dlogits], [logits, labels, dloss]) => {
    const [rows, cols] = rowsAndColumns(logits.shape);
    const sparse = labels.dtype === "int32";
    return {
      kernel: "f32_softmax_xent_grad",
      words: [at(dlogits), at(logits), at(labels), at(dloss), rows, cols, sparse ? 1 : 0],
      split: byRows(rows, [cols], [cols, sparse ? 1 : cols, 1]),
    };
  },
  heavy: true,
  flops: (dlogits) => 4 * sizeOf(dlogits.shape),
});
