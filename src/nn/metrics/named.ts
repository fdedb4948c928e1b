// Metrics by name, for compile.
import type { Tensor } from "../../engine/index.js";
import type { Loss } from "../losses/loss.js";
import { getLoss } from "../losses/named.js";
import { lookUp, nearestName, normalizeName } from "../names.js";
import { accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from "./accuracy.js";
import { MeanMetric, type ChosenMetric, type MetricConfig } from "./metric.js";

type ThresholdedMetric = (yTrue: Tensor, yPred: Tensor, threshold?: number) => Tensor;

const METRICS: Readonly<Record<string, ThresholdedMetric>> = {
  accuracy, acc: accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy,
}; // prettier-ignore

/** A metric by name ("accuracy", or a loss: "mse"), one with state, or a function of one's own, which its name is shown by. */
export type MetricLike = MetricConfig | ChosenMetric | Loss;

/**
 * The metric a name or function means.
 *
 * logits: predictions are logits, so the border between the two classes lies at 0. Throws ValueError on an unknown name.
 */
export function getMetric(like: MetricLike, logits = false, where = "metric"): ChosenMetric {
  if (typeof like === "function") return new MeanMetric(like, like.name || "metric");
  if (typeof like === "object") return "sums" in like ? (like as ChosenMetric) : getMetric(like.name, logits, where);
  const isAccuracy = Object.keys(METRICS).some((key) => normalizeName(key) === normalizeName(like));
  if (!isAccuracy && nearestName(like, Object.keys(METRICS)) === undefined) {
    return new MeanMetric(getLoss(like, logits, where).call, like, like);
  }
  const metric = lookUp(METRICS, like, where);
  return new MeanMetric((yTrue, yPred) => metric(yTrue, yPred, logits ? 0 : 0.5), like, like);
}
