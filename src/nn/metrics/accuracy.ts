// Accuracies and likenesses, example by example; a model reports their mean over all examples.
import { sameShape } from "../../base/shape.js";
import { argMax, cast, equal, greater, less, max, mean, mul, neg, oneHot, reshape, sum, where, type Tensor } from "../../engine/index.js";
import { inputOf, type AxisOption } from "../losses/loss.js";
import { cosineSimilarity as cosineLoss } from "../losses/regression.js";
import { checkWhole } from "../../base/options.js";

/** 1 where the class with the largest prediction is the true one. yTrue: one-hot, of the shape of yPred. */
export function categoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  return cast(equal(argMax(yTrue), argMax(scores(yPred))), "float32");
}

/** 1 where the class with the largest prediction is the true one. yTrue: class numbers, [batch, …] or [batch, …, 1]. */
export function sparseCategoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  return cast(equal(classNumbers(yTrue, yPred), argMax(scores(yPred))), "float32");
}

/** Mean over the last axis of: prediction above the threshold where yTrue is 1, and not where it is 0. */
export function binaryAccuracy(yTrue: Tensor, yPred: Tensor, threshold = 0.5): Tensor {
  const positive = cast(greater(yPred, threshold), "float32");
  const labels = sameShape(yTrue.shape, yPred.shape) ? yTrue : reshape(yTrue, yPred.shape);
  return mean(cast(equal(positive, cast(labels, "float32")), "float32"), { axes: [-1] });
}

/** 1 where the true class is among the k of the largest predictions; classes as good as the last of them belong to them. yTrue: one-hot. */
export function topKCategoricalAccuracy(yTrue: Tensor, yPred: Tensor, k = 5): Tensor {
  return amongTop(argMax(yTrue), yPred, k);
}

/** 1 where the true class is among the k of the largest predictions. yTrue: class numbers, [batch, …] or [batch, …, 1]. */
export function sparseTopKCategoricalAccuracy(yTrue: Tensor, yPred: Tensor, k = 5): Tensor {
  return amongTop(classNumbers(yTrue, yPred), yPred, k);
}

/** Binary, sparse or categorical accuracy, whichever the shapes tell, as Keras chooses. threshold: for binary. */
export function accuracy(yTrue: Tensor, yPred: Tensor, threshold = 0.5): Tensor {
  if (yPred.shape.at(-1) === 1) return binaryAccuracy(yTrue, yPred, threshold);
  const sparse = yTrue.shape.length < yPred.shape.length || yTrue.shape.at(-1) === 1;
  return sparse ? sparseCategoricalAccuracy(yTrue, yPred) : categoricalAccuracy(yTrue, yPred);
}

/** The cosine of the angle between yTrue and yPred along an axis, the last: 1 for the same direction, 0 beside a zero vector. */
export function cosineSimilarity(yTrue: Tensor, yPred: Tensor, options: AxisOption = {}): Tensor {
  return neg(cosineLoss(yTrue, yPred, options));
}

/** 1 where fewer than k classes are predicted above the true one; NaN is never among the best. */
function amongTop(classes: Tensor, yPred: Tensor, k: number): Tensor {
  const own = max(where(oneHot(classes, yPred.shape.at(-1)!), yPred, -Infinity), { axes: [-1], keepDims: true });
  const above = sum(cast(greater(yPred, own), "float32"), { axes: [-1] });
  const known = cast(equal(own, own), "float32");
  return mul(cast(less(above, checkWhole(k, "topK: k")), "float32"), reshape(known, above.shape));
}

function classNumbers(yTrue: Tensor, yPred: Tensor): Tensor {
  return reshape(cast(yTrue, "int32"), yPred.shape.slice(0, -1));
}

/** Logits order classes as their softmax does, and need no exponentials. */
function scores(yPred: Tensor): Tensor {
  return inputOf(yPred, "softmax") ?? yPred;
}
