// Confusion matrices: how often each class was read as each other one.
import { ShapeError } from "../../base/errors.js";
import { sameShape, showShape } from "../../base/shape.js";
import { argMax, broadcastTo, cast, matmul, mul, oneHot, reshape, transpose, type Tensor, type TensorLike } from "../../engine/index.js";
import { weightsOf } from "../losses/reduction.js";
import { checkOptions, checkWhole } from "../../base/options.js";
import { Accumulator, asTensor } from "./metric.js";

/** Options of confusionMatrix. */
export interface ConfusionOptions {
  readonly numClasses: number;
  /** How much each example counts, of the shape of yTrue; default 1. */
  readonly sampleWeight?: TensorLike;
}

/**
 * How often class i (row) was read as class j (column): int32 [classes, classes], float32 with weights.
 *
 * yTrue: class numbers of any shape   yPred: class numbers of that shape, or scores with the classes along one more axis. Throws ShapeError. Class numbers
 * out of range count nowhere.
 */
export function confusionMatrix(yTrue: TensorLike, yPred: TensorLike, options: ConfusionOptions): Tensor {
  const { numClasses, sampleWeight } = checkOptions(options, ["numClasses", "sampleWeight"], "confusionMatrix");
  const counts = countPairs(asTensor(yTrue), asTensor(yPred), checkWhole(numClasses, "confusionMatrix: numClasses"), asTensor(sampleWeight));
  return sampleWeight === undefined ? cast(counts, "int32") : counts;
}

/** A confusion matrix that grows from batch to batch. */
export class ConfusionMatrix extends Accumulator {
  private readonly numClasses: number;

  constructor({ numClasses, name = "confusionMatrix" }: { readonly numClasses: number; readonly name?: string }) {
    super(name);
    this.numClasses = checkWhole(numClasses, "ConfusionMatrix: numClasses");
  }

  /** Takes a batch into account. Arguments as confusionMatrix. */
  updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): void {
    this.addSums(countPairs(asTensor(yTrue), asTensor(yPred), this.numClasses, asTensor(sampleWeight)));
  }

  /** Rows are the true classes, columns what they were read as. */
  result(): number[][] {
    return rowsOf(this.sumsSoFar, this.numClasses);
  }
}

/** The matrix as float32 [classes, classes]. */
export function countPairs(yTrue: Tensor, yPred: Tensor, classes: number, sampleWeight?: Tensor): Tensor {
  const predicted = sameShape(yTrue.shape, yPred.shape) ? yPred : argMax(yPred);
  if (!sameShape(yTrue.shape, predicted.shape)) {
    throw new ShapeError(`confusion matrix: expected class numbers of one shape, or scores with one axis more than the labels; got labels ${showShape(yTrue.shape)} and predictions ${showShape(yPred.shape)}.`);
  }
  const rows = (x: Tensor): Tensor => oneHot(reshape(cast(x, "int32"), [-1]), classes);
  const truth = rows(yTrue);
  const weighted = sampleWeight === undefined ? truth : mul(truth, reshape(elementWeights(sampleWeight, yTrue), [-1, 1]));
  return matmul(transpose(weighted), rows(predicted));
}

/** A weight for every element, from weights of the leading axes. */
export function elementWeights(sampleWeight: Tensor, { shape }: Tensor): Tensor {
  const weight = weightsOf(sampleWeight, shape);
  return broadcastTo(reshape(weight, [...weight.shape, ...shape.slice(weight.shape.length).map(() => 1)]), shape);
}

/** Sums of a matrix as its rows. */
export function rowsOf(sums: Float64Array, classes: number): number[][] {
  return Array.from({ length: classes }, (_, i) => [...sums.subarray(i * classes, (i + 1) * classes)]);
}
