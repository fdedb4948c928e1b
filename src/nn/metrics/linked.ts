// Metrics of probabilities beside models whose results are logits.
import { sigmoid, softmax, type Tensor } from "../../engine/index.js";
import type { Link } from "../losses/named.js";
import type { ChosenMetric, MetricConfig } from "./metric.js";

/** The metric, given probabilities even where the predictions are logits. config: what a file holds of it. */
export function linked(metric: ChosenMetric, link: Link | undefined, config: MetricConfig | undefined): ChosenMetric {
  const asked = metric.readsProbabilities ? link : undefined;
  return {
    name: metric.name,
    config,
    sums: (yTrue, yPred, sampleWeight) => metric.sums(yTrue, probabilities(yPred, asked), sampleWeight),
    result: (sums) => metric.result(sums),
  };
}

/** What a link makes of logits; without one predictions are what they are. */
export function probabilities(yPred: Tensor, link: Link | undefined): Tensor {
  return link === undefined ? yPred : { sigmoid, softmax }[link](yPred);
}
