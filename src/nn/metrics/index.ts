// The public names of metrics: functions that give a number for each example, and classes with state. compile takes names, { name, …options }, objects
// of the classes, or functions; `metrics.get` makes of each what can be asked for sums and results.
export * from "./accuracy.js";
export { AUC, type AUCOptions } from "./auc.js";
export { ConfusionMatrix, confusionMatrix, type ConfusionOptions } from "./confusion.js";
export {
  FalseNegatives, FalsePositives, Precision, precision, Recall, recall, TrueNegatives, TruePositives, type PrecisionOptions, type ThresholdOptions,
} from "./counts.js"; // prettier-ignore
export { F1Score, FBetaScore, type F1Options, type FBetaOptions } from "./fscore.js";
export {
  BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU, type BinaryIoUOptions, type IoUOptions, type MeanIoUOptions, type OneHotIoUOptions, type OneHotMeanIoUOptions,
} from "./iou.js"; // prettier-ignore
export { Accumulator, MeanMetric, Metric, type ChosenMetric, type MetricConfig, type MetricOptions } from "./metric.js";
export { getMetric as get, type MetricLike } from "./named.js";
export { Mean, R2Score, RootMeanSquaredError, Sum, type R2Options } from "./numbers.js";
export { PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity, type TradeoffOptions } from "./tradeoffs.js";
export {
  binaryCrossentropy, categoricalCrossentropy, klDivergence, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredError, meanSquaredLogarithmicError, poisson,
  sparseCategoricalCrossentropy,
} from "../losses/index.js"; // prettier-ignore
