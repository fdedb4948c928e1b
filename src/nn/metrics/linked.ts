// Metrics of probabilities beside models whose results are logits.
import { sigmoid, softmax, type Tensor } from "../../engine/index.js";
import type { Link } from "../losses/named.js";
import { Metric, type ChosenMetric, type MetricConfig } from "./metric.js";

/** A metric that is given probabilities even where the predictions are logits; with state of its own. */
export class LinkedMetric extends Metric {
  private readonly link: Link | undefined;

  /** config: what a file holds of it. */
  constructor(private readonly metric: ChosenMetric, link: Link | undefined, override readonly config: MetricConfig | undefined) {
    super(metric.name);
    this.link = metric.readsProbabilities ? link : undefined;
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    return this.metric.sums(yTrue, probabilities(yPred, this.link), sampleWeight);
  }

  protected override resultOf(sums: Float64Array): number {
    return this.metric.result(sums);
  }
}

/** What a link makes of logits; without one predictions are what they are. */
export function probabilities(yPred: Tensor, link: Link | undefined): Tensor {
  return link === undefined ? yPred : { sigmoid, softmax }[link](yPred);
}
