// Metrics by name, for compile.
import { ValueError } from "../../base/errors.js";
import type { Tensor } from "../../engine/index.js";
import type { Loss } from "../losses/loss.js";
import { getLoss, lossNames, type Link, type LossConfig, type LossName } from "../losses/named.js";
import { lookUp, type NameIn } from "../../base/names.js";
import { checkOptions } from "../../base/options.js";
import { accuracy, binaryAccuracy, categoricalAccuracy, cosineSimilarity, sparseCategoricalAccuracy, sparseTopKCategoricalAccuracy, topKCategoricalAccuracy } from "./accuracy.js";
import { AUC } from "./auc.js";
import { Precision, Recall } from "./counts.js";
import { LinkedMetric, probabilities } from "./linked.js";
import { MeanMetric, type ChosenMetric, type Metric, type MetricConfig } from "./metric.js";
import { RootMeanSquaredError } from "./numbers.js";

/**
 * A metric by name ("accuracy", or a loss: "mse"), with options ({ name: "auc", curve: "PR" }), an object with state, or a function of one's own, which
 * its name is shown by. A model's file holds metrics that have a name here; others are left out of it.
 */
export type MetricLike = MetricName | Exclude<MetricConfig, string> | ChosenMetric | Loss;

/** "accuracy", "auc" …, or the name of a loss. */
export type MetricName = NameIn<ReturnType<typeof table>> | LossName;

/** The mean over examples of a function of labels, predictions and one option; that option's value for logits that sigmoid reads. */
type Averaged = readonly [fn: (yTrue: Tensor, yPred: Tensor, option?: never) => Tensor, option?: string, ofLogits?: number];

type Row = Averaged | (new (options: never) => Metric);

/** Made when asked for: nothing runs at import. Other classes are used as objects: names cost every program that trains the code of what they mean. */
function table() {
  return {
    accuracy: [accuracy, "threshold", 0], acc: [accuracy, "threshold", 0], binaryAccuracy: [binaryAccuracy, "threshold", 0],
    categoricalAccuracy: [categoricalAccuracy], sparseCategoricalAccuracy: [sparseCategoricalAccuracy],
    topKCategoricalAccuracy: [topKCategoricalAccuracy, "k"], sparseTopKCategoricalAccuracy: [sparseTopKCategoricalAccuracy, "k"],
    cosineSimilarity: [(yTrue, yPred, axis) => cosineSimilarity(yTrue, yPred, { axis: axis ?? -1 }), "axis"],
    auc: AUC, precision: Precision, recall: Recall, rootMeanSquaredError: RootMeanSquaredError, rmse: RootMeanSquaredError,
  } satisfies Readonly<Record<string, Row>>; // prettier-ignore
}

/**
 * The metric a name, a name with options, a function or an object means, with state of its own.
 *
 * link: what makes probabilities of the predictions, where those are logits: metrics that read probabilities are given them
 * Throws ValueError on an unknown name or option, with the nearest that is known.
 */
export function getMetric(like: MetricLike, link?: Link, where = "metric"): Metric {
  if (typeof like === "function") return new MeanMetric(like, like.name || "metric");
  if (isChosen(like)) return new LinkedMetric(like, link, Object.values<unknown>(table()).includes(like.constructor) ? like.config : undefined);
  const { name: kind, label: name = kind, ...options } = typeof like === "string" ? { name: like } : like;
  if (typeof kind !== "string") throw new ValueError(`${where}: expected a name, { name, …options }, a metric or a function, got ${JSON.stringify(like)}.`);
  const losses = Object.fromEntries(lossNames().map((key) => [key, undefined]));
  const row = lookUp<Row | undefined>({ ...losses, ...table() }, kind, where);
  if (typeof row === "function") return new LinkedMetric(new row({ ...options, name } as never), link, like);
  if (row === undefined) return new MeanMetric(getLoss({ ...options, name: kind } as LossConfig, link !== undefined, where).call, name, like);
  const [fn, option = "", ofLogits] = row;
  const value = (checkOptions(options, option.split(" "), `${where} "${kind}"`) as Readonly<Record<string, unknown>>)[option];
  // Above ½ is a logit above 0; other borders need the probability.
  const [border, before] = value === undefined && link === "sigmoid" ? [ofLogits, undefined] : [value, ofLogits === undefined ? undefined : link];
  return new MeanMetric((yTrue, yPred) => fn(yTrue, probabilities(yPred, before), border as never), name, like);
}

function isChosen(like: MetricLike): like is ChosenMetric {
  return typeof like === "object" && like !== null && "sums" in like && typeof like.sums === "function";
}
