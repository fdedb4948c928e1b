// The public names of metrics.
export * from "./accuracy.js";
export { Metric, MeanMetric, type ChosenMetric, type MetricConfig } from "./metric.js";
export { getMetric as get, type MetricLike } from "./named.js";
