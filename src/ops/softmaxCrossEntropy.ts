// softmaxCrossEntropy: −Σ labels · logSoftmax(logits), row by row, without ever forming the probabilities.
import { DTypeError, ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byRows } from "./cuts.js";
import { cast } from "./cast.js";
import { expandDims } from "./expandDims.js";
import { logSoftmax } from "./logSoftmax.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type Op } from "./op.js";
import { rowsAndColumns } from "./softmax.js";
import { softmaxCrossEntropyGrad } from "./softmaxCrossEntropyGrad.js";

/**
 * Cross-entropy of softmax(logits) with the labels: one loss a row. A class number out of range gives NaN and the status "index out of range".
 *
 * logits: [..., classes]   labels: [..., classes] weights, or [...] class numbers of an integer dtype   returns [...]
 * Throws ShapeError when the labels have neither shape, DTypeError for class numbers in float32.
 */
export const softmaxCrossEntropy: Op<[logits: Value, labels: Value]> = op({
  name: "softmaxCrossEntropy",
  prepare: ([logits, labels], attrs) => {
    const dense = sameShape(labels.shape, logits.shape);
    if (!dense && (labels.dtype === "float32" || labels.dtype === "bool")) {
      throw new DTypeError(`softmaxCrossEntropy: class numbers must be integers, got ${labels.dtype}. Cast to int32 first.`);
    }
    return [[cast(logits, { dtype: "float32" }), cast(labels, { dtype: dense ? "float32" : "int32" })], attrs];
  },
  shape: ([logits, labels]) => {
    const rows = logits.shape.slice(0, -1);
    if (logits.shape.length === 0 || (!sameShape(labels.shape, logits.shape) && !sameShape(labels.shape, rows))) {
      throw new ShapeError(
        `softmaxCrossEntropy: labels for logits ${showShape(logits.shape)} must be ${showShape(logits.shape)} weights or ${showShape(rows)} class numbers, got ${showShape(labels.shape)}.`,
      );
    }
    return { shape: rows, dtype: "float32" };
  },
  vjp: (dy, _y, [logits, labels]) => [
    softmaxCrossEntropyGrad(logits, labels, dy),
    labels.dtype === "float32" ? neg(mul(logSoftmax(logits), expandDims(dy, { axes: -1 }))) : null,
  ],
  lower: ([loss], [logits, labels]) => {
    const [rows, cols] = rowsAndColumns(logits.shape);
    const sparse = labels.dtype === "int32";
    return {
      kernel: "f32_softmax_xent",
      words: [at(loss), at(logits), at(labels), rows, cols, STATUS_ADDRESS, STEP_INDEX, sparse ? 1 : 0],
      split: byRows(rows, [1], [cols, sparse ? 1 : cols]),
    };
  },
  fails: true,
  heavy: true,
  flops: (_loss, [logits]) => 4 * sizeOf(logits.shape),
});
