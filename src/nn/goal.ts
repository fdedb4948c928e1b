// What training aims at: compile's options, sorted by output and checked.
import { ValueError } from "../base/errors.js";
import { getLoss, type ChosenLoss, type LossConfig, type LossLike } from "./losses/named.js";
import type { ChosenMetric, MetricConfig } from "./metrics/metric.js";
import { getMetric, type MetricLike } from "./metrics/named.js";
import { checkNumber, checkOptions } from "../base/options.js";
import { getOptimizer, type Optimizer, type OptimizerLike } from "./optimizers/index.js";

/** One thing, or one for each output: in their order, or by their names. */
export type PerOutput<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** Options of compile() of a model. */
export interface CompileOptions {
  /** "sgd", "rmsprop", "adam", or one with options of its own: adam({ learningRate: 0.01 }). */
  readonly optimizer: OptimizerLike;
  /** "meanSquaredError", "categorical_crossentropy" …, { name, fromLogits }, or a function of (yTrue, yPred); for several outputs a list of them, or an object by output name. null: nothing is learned from this output. */
  readonly loss: PerOutput<LossLike | null>;
  /** How much the loss of each output counts; default 1. */
  readonly lossWeights?: PerOutput<number>;
  /** "accuracy", names of losses, or functions; for several outputs a list of lists, or an object by output name. */
  readonly metrics?: readonly (MetricLike | readonly MetricLike[])[] | Readonly<Record<string, MetricLike | readonly MetricLike[]>>;
  /** Metrics in which sampleWeight and classWeight count; given as metrics are. */
  readonly weightedMetrics?: CompileOptions["metrics"];
}

/** What is learned from one output, and what is reported of it. */
export interface Target {
  readonly output: string;
  /** undefined: nothing is learned from this output. */
  readonly loss: ChosenLoss | undefined;
  readonly weight: number;
  readonly metrics: readonly ChosenMetric[];
  readonly weightedMetrics: readonly ChosenMetric[];
}

/** What training aims at, chosen by compile(). */
export interface Goal {
  readonly optimizer: Optimizer;
  /** In the order of the outputs. */
  readonly targets: readonly Target[];
  /** Names in the logs: of the losses of outputs, where there are several, and of all metrics. */
  readonly reported: readonly Reported[];
}

/** A number in the logs that is the result of sums. */
export interface Reported {
  readonly name: string;
  result(sums: Float64Array): number;
}

/** What is known of a model's outputs when it is compiled. */
export interface Outputs {
  readonly outputNames: readonly string[];
  readonly linearOutputs: readonly boolean[];
}

/** The goal that compile's options mean. Throws ValueError for what is not known, and for names of outputs that there are not. */
export function goalOf(options: CompileOptions, { outputNames, linearOutputs }: Outputs): Goal {
  const { optimizer, loss, lossWeights, metrics = [], weightedMetrics = [] } = checkOptions(options, ["optimizer", "loss", "lossWeights", "metrics", "weightedMetrics"], "compile");
  if (loss === undefined || (loss === null && outputNames.length < 2)) throw new ValueError("compile: expected a loss, got none.");
  const chosenOptimizer = getOptimizer(optimizer, {}, "compile: optimizer");
  const several = outputNames.length > 1;
  const losses = spread<LossLike | null>(loss, outputNames, "loss", isLossConfig);
  const weights = spread<number>(lossWeights ?? 1, outputNames, "lossWeights");
  const [plain, weighted] = [listsOf(metrics, outputNames, "metrics"), listsOf(weightedMetrics, outputNames, "weightedMetrics")];
  const targets = outputNames.map((output, i): Target => {
    const place = several ? ` of output "${output}"` : "";
    const like = losses[i] ?? undefined;
    const chosen = like === undefined ? undefined : getLoss(like, linearOutputs[i], `compile: loss${place}`);
    if (chosen?.reduction === "none") throw new ValueError(`compile: loss${place}: expected a reduction to one number, got "none". Use "sumOverBatchSize", "meanWithSampleWeight" or "sum".`);
    const get = (metric: MetricLike): ChosenMetric => getMetric(metric, chosen?.link, `compile: metric${place}`);
    return { output, loss: chosen, weight: checkNumber(weights[i] ?? 1, `compile: lossWeights${place}`), metrics: plain[i]!.map(get), weightedMetrics: weighted[i]!.map(get) };
  });
  if (targets.every((target) => target.loss === undefined)) throw new ValueError("compile: expected a loss for at least one output, got none.");
  return { optimizer: chosenOptimizer, targets, reported: reportedOf(targets) };
}

/** A goal as a file holds it, without the optimizer. */
export interface StoredGoal {
  /** null, for the whole: a function, which a file cannot hold; in a list: an output that nothing is learned from. */
  readonly loss: LossConfig | null | readonly (LossConfig | null)[];
  readonly metrics: readonly MetricConfig[] | readonly (readonly MetricConfig[])[];
  readonly lossWeights?: readonly number[];
  readonly weightedMetrics?: readonly MetricConfig[] | readonly (readonly MetricConfig[])[];
}

/** What compile() takes to set the same goal again. Metrics that are functions are left out. */
export function storedGoal({ targets }: Goal): StoredGoal {
  const several = targets.length > 1;
  const configs = (metrics: readonly ChosenMetric[]): readonly MetricConfig[] => metrics.flatMap(({ config }) => (config === undefined ? [] : [config]));
  const losses = targets.map(({ loss }) => loss?.config ?? null);
  const lost = targets.some(({ loss }) => loss !== undefined && loss.config === undefined);
  const weighted = targets.map(({ weightedMetrics }) => configs(weightedMetrics));
  return {
    loss: lost ? null : several ? losses : losses[0]!,
    metrics: several ? targets.map(({ metrics }) => configs(metrics)) : configs(targets[0]!.metrics),
    ...(targets.some(({ weight }) => weight !== 1) && { lossWeights: targets.map(({ weight }) => weight) }),
    ...(weighted.some((list) => list.length > 0) && { weightedMetrics: several ? weighted : weighted[0]! }),
  };
}

/** Names of what a step reports beside the loss, in its order. A weighted metric beside its unweighted twin is named "weighted_…", as Keras does. */
function reportedOf(targets: readonly Target[]): readonly Reported[] {
  const several = targets.length > 1;
  const mean = ([total, count]: Float64Array): number => total! / count!;
  const reported: Reported[] = several ? targets.flatMap(({ output, loss }) => (loss ? [{ name: `${output}_loss`, result: mean }] : [])) : [];
  const taken = new Set(["loss", ...reported.map(({ name }) => name)]);
  const put = (metric: ChosenMetric, name: string): void => {
    if (taken.has(name)) throw new ValueError(`compile: metrics: "${name}" stands twice.`);
    taken.add(name);
    reported.push({ name, result: (sums) => metric.result(sums) });
  };
  for (const { output, metrics, weightedMetrics } of targets) {
    const named = ({ name }: ChosenMetric): string => (several ? `${output}_${name}` : name);
    for (const metric of metrics) put(metric, named(metric));
    for (const metric of weightedMetrics) put(metric, taken.has(named(metric)) ? `weighted_${named(metric)}` : named(metric));
  }
  return reported;
}

/** One of each output: from one for all, a list in their order, or an object by their names. single: what is an object and still one. */
function spread<T>(given: PerOutput<T>, names: readonly string[], where: string, single: (given: object) => boolean = () => false): readonly (T | undefined)[] {
  if (Array.isArray(given)) {
    if (given.length !== names.length) throw new ValueError(`compile: ${where}: expected one for each of the outputs ${names.join(", ")}, got ${given.length}.`);
    return given as readonly T[];
  }
  if (typeof given !== "object" || given === null || single(given)) return names.map(() => given as T);
  checkOptions(given, names, `compile: ${where}, by output`);
  return names.map((name) => (given as Readonly<Record<string, T>>)[name]);
}

function isLossConfig(given: object): given is LossConfig {
  return "name" in given && typeof given.name === "string";
}

/** The metrics of each output. With one output the list is its own; with several there is a list for each, or one metric. */
function listsOf(given: NonNullable<CompileOptions["metrics"]>, names: readonly string[], where: string): readonly (readonly MetricLike[])[] {
  const listed = (one: MetricLike | readonly MetricLike[] | undefined): readonly MetricLike[] => (one === undefined ? [] : Array.isArray(one) ? one : [one as MetricLike]);
  if (Array.isArray(given)) {
    const list = given as readonly (MetricLike | readonly MetricLike[])[];
    if (names.length === 1) return [list.flatMap(listed)];
    if (list.length === 0) return names.map(() => []);
    if (list.length !== names.length) {
      throw new ValueError(`compile: ${where}: expected a list for each of the outputs, or an object by their names ${names.join(", ")}; got ${list.length} for ${names.length} outputs.`);
    }
    return list.map(listed);
  }
  if (typeof given !== "object" || given === null) throw new ValueError(`compile: ${where}: expected a list, got ${JSON.stringify(given)}.`);
  checkOptions(given, names, `compile: ${where}, by output`);
  return names.map((name) => listed((given as Readonly<Record<string, MetricLike | readonly MetricLike[]>>)[name]));
}
