// Metrics by name, for compile.
import { ValueError } from "../../base/errors.js";
import { sigmoid, softmax, type Tensor } from "../../engine/index.js";
import type { Loss } from "../losses/loss.js";
import { getLoss, lossNames, type Link, type LossConfig } from "../losses/named.js";
import { lookUp } from "../names.js";
import { checkOptions } from "../options.js";
import { accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy, sparseTopKCategoricalAccuracy, topKCategoricalAccuracy } from "./accuracy.js";
import { AUC } from "./auc.js";
import { FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives } from "./counts.js";
import { F1Score, FBetaScore } from "./fscore.js";
import { BinaryIoU, IoU, MeanIoU, OneHotIoU } from "./iou.js";
import { MeanMetric, Metric, type ChosenMetric, type MetricConfig } from "./metric.js";
import { cosineSimilarity, R2Score, RootMeanSquaredError } from "./numbers.js";

/** A metric by name ("accuracy", or a loss: "mse"), with options ({ name: "auc", curve: "PR" }), an object with state, or a function of one's own, which its name is shown by. */
export type MetricLike = MetricConfig | ChosenMetric | Loss;

/** Mean over examples of a function of labels, predictions and one option. */
interface Averaged {
  readonly fn: (yTrue: Tensor, yPred: Tensor, option?: never) => Tensor;
  readonly option?: string;
  /** The option's value where predictions are logits that sigmoid reads. */
  readonly ofLogits?: number;
}

type Row = Averaged | (new (options: never) => Metric);

/** Made when asked for: nothing runs at import. */
function table(): Readonly<Record<string, Row>> {
  const guess = { option: "threshold", ofLogits: 0 };
  return {
    accuracy: { fn: accuracy, ...guess }, acc: { fn: accuracy, ...guess }, binaryAccuracy: { fn: binaryAccuracy, ...guess },
    categoricalAccuracy: { fn: categoricalAccuracy }, sparseCategoricalAccuracy: { fn: sparseCategoricalAccuracy },
    topKCategoricalAccuracy: { fn: topKCategoricalAccuracy, option: "k" }, sparseTopKCategoricalAccuracy: { fn: sparseTopKCategoricalAccuracy, option: "k" },
    cosineSimilarity: { fn: (yTrue, yPred, axis) => cosineSimilarity(yTrue, yPred, { axis: axis ?? -1 }), option: "axis" },
    auc: AUC, precision: Precision, recall: Recall, f1Score: F1Score, fBetaScore: FBetaScore,
    truePositives: TruePositives, falsePositives: FalsePositives, trueNegatives: TrueNegatives, falseNegatives: FalseNegatives,
    iou: IoU, meanIoU: MeanIoU, binaryIoU: BinaryIoU, oneHotIoU: OneHotIoU,
    r2Score: R2Score, rootMeanSquaredError: RootMeanSquaredError, rmse: RootMeanSquaredError,
  }; // prettier-ignore
}

/**
 * The metric a name, a name with options, or a function means; an object is taken as it is.
 *
 * link: what makes probabilities of the predictions, where those are logits: metrics that read probabilities are given them
 * Throws ValueError on an unknown name or option, with the nearest that is known.
 */
export function getMetric(like: MetricLike, link?: Link, where = "metric"): ChosenMetric {
  if (typeof like === "function") return new MeanMetric(like, like.name || "metric");
  if (isChosen(like)) return like instanceof Metric && like.readsProbabilities ? linked(like, link) : like;
  const { name, label = name, ...options } = typeof like === "string" ? { name: like } : like;
  if (typeof name !== "string") throw new ValueError(`${where}: expected a name, { name, …options }, a metric or a function, got ${JSON.stringify(like)}.`);
  const losses = Object.fromEntries(lossNames().map((key) => [key, undefined]));
  const row = lookUp<Row | undefined>({ ...losses, ...table() }, name, where);
  if (row === undefined) return new MeanMetric(getLoss({ ...options, name } as LossConfig, link !== undefined, where).call, label, like);
  if (typeof row === "function") return linked(new row({ ...options, name: label } as never), link, like);
  const { fn, option, ofLogits } = row;
  const given = checkOptions(options, option === undefined ? [] : [option], `${where} "${name}"`) as Readonly<Record<string, unknown>>;
  const value = option === undefined ? undefined : given[option];
  // Above ½ is a logit above 0; other borders need the probability.
  const [border, before] = value === undefined && link === "sigmoid" ? [ofLogits, undefined] : [value, ofLogits === undefined ? undefined : link];
  return new MeanMetric((yTrue, yPred) => fn(yTrue, probabilities(yPred, before), border as never), label, like);
}

function isChosen(like: MetricLike): like is ChosenMetric {
  return typeof like === "object" && like !== null && "sums" in like && typeof like.sums === "function";
}

/** The metric, of probabilities even where the predictions are logits; config: as the user gave it. */
function linked(metric: Metric, link: Link | undefined, config = metric.config): ChosenMetric {
  const asked = metric.readsProbabilities ? link : undefined;
  return {
    name: metric.name,
    config,
    sums: (yTrue, yPred, sampleWeight) => metric.sums(yTrue, probabilities(yPred, asked), sampleWeight),
    result: (sums) => metric.result(sums),
  };
}

function probabilities(yPred: Tensor, link: Link | undefined): Tensor {
  return link === "sigmoid" ? sigmoid(yPred) : link === "softmax" ? softmax(yPred) : yPred;
}
