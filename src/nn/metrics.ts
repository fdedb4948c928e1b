// Metrics: numbers for people, example by example; a model reports their mean over all examples. Nothing is learned from them.
import { sameShape } from "../base/shape.js";
import { argMax, cast, equal, greater, mean, reshape, type Tensor } from "../engine/index.js";
import { getLoss, inputOf, type Loss } from "./losses.js";
import { lookUp, nearestName, normalizeName } from "./names.js";

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

type ThresholdedMetric = (yTrue: Tensor, yPred: Tensor, threshold?: number) => Tensor;

const METRICS: Readonly<Record<string, ThresholdedMetric>> = {
  accuracy, acc: accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy,
}; // prettier-ignore

/** A metric by name ("accuracy", or a loss: "mse"), or a function of one's own, which its name is shown by. */
export type MetricLike = string | Loss;

export interface ChosenMetric {
  /** Key in logs and history, as the user spelled it. */
  readonly name: string;
  readonly call: Loss;
  /** What a file holds; undefined for a function. */
  readonly config: string | undefined;
}

/**
 * The metric a name or function means.
 *
 * logits: predictions are logits, so the border between the two classes lies at 0. Throws ValueError on an unknown name.
 */
export function getMetric(like: MetricLike, logits = false, where = "metric"): ChosenMetric {
  if (typeof like === "function") return { name: like.name || "metric", call: like, config: undefined };
  const isAccuracy = Object.keys(METRICS).some((key) => normalizeName(key) === normalizeName(like));
  if (!isAccuracy && nearestName(like, Object.keys(METRICS)) === undefined) {
    return { name: like, call: getLoss(like, logits, where).call, config: like };
  }
  const metric = lookUp(METRICS, like, where);
  return { name: like, call: (yTrue, yPred) => metric(yTrue, yPred, logits ? 0 : 0.5), config: like };
}

/** Logits order classes as their softmax does, and need no exponentials. */
function scores(yPred: Tensor): Tensor {
  return inputOf(yPred, "softmax") ?? yPred;
}
