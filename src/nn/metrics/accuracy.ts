// Accuracies, example by example; a model reports their mean over all examples.
import { sameShape } from "../../base/shape.js";
import { argMax, cast, equal, greater, mean, reshape, type Tensor } from "../../engine/index.js";
import { inputOf } from "../losses/loss.js";

/** 1 where the class with the largest prediction is the true one. yTrue: one-hot, of the shape of yPred. */
export function categoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  return cast(equal(argMax(yTrue), argMax(scores(yPred))), "float32");
}

/** 1 where the class with the largest prediction is the true one. yTrue: class numbers, [batch, …] or [batch, …, 1]. */
export function sparseCategoricalAccuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  const classes = reshape(cast(yTrue, "int32"), yPred.shape.slice(0, -1));
  return cast(equal(classes, argMax(scores(yPred))), "float32");
}

/** Mean over the last axis of: prediction above the threshold where yTrue is 1, and not where it is 0. */
export function binaryAccuracy(yTrue: Tensor, yPred: Tensor, threshold = 0.5): Tensor {
  const positive = cast(greater(yPred, threshold), "float32");
  return mean(cast(equal(positive, cast(yTrue, "float32")), "float32"), { axes: [-1] });
}

/** Binary, sparse or categorical accuracy, whichever the shapes tell, as Keras chooses. threshold: for binary. */
export function accuracy(yTrue: Tensor, yPred: Tensor, threshold = 0.5): Tensor {
  if (yPred.shape.at(-1) === 1) return binaryAccuracy(sameShape(yTrue.shape, yPred.shape) ? yTrue : reshape(yTrue, yPred.shape), yPred, threshold);
  const sparse = yTrue.shape.length < yPred.shape.length || yTrue.shape.at(-1) === 1;
  return sparse ? sparseCategoricalAccuracy(yTrue, yPred) : categoricalAccuracy(yTrue, yPred);
}

/** Logits order classes as their softmax does, and need no exponentials. */
function scores(yPred: Tensor): Tensor {
  return inputOf(yPred, "softmax") ?? yPred;
}
