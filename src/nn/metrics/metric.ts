// What a metric is: sums over the examples of a batch, and a number made of the sums of all batches. Batches may be cut anywhere: sums are added
// in float64 on the host. Nothing is learned from a metric.
import { ValueError } from "../../base/errors.js";
import { cast, mean, mul, stack, sum, tensor, Tensor, type TensorLike } from "../../engine/index.js";
import type { Loss } from "../losses/loss.js";
import { weightsOf } from "../losses/reduction.js";
import { checkOptions } from "../../base/options.js";

/** What a file holds of a metric: its kind in either spelling, the name it is shown by where that is another, and the options of that kind. */
export type MetricConfig = string | { readonly name: string; readonly label?: string; readonly [option: string]: unknown };

/** A metric as training and evaluation use it: `sums` belongs into their programs, `result` is called on the host. */
export interface ChosenMetric {
  /** Key in logs and history. */
  readonly name: string;
  /** What a file holds; undefined for a function. */
  readonly config: MetricConfig | undefined;
  /** Whether predictions are probabilities: where a model's results are logits, compile makes probabilities of them first. Default false. */
  readonly readsProbabilities?: boolean;
  /** Sums over the examples of a batch, float32 [n], n the same for every batch. sampleWeight: [batch], or the shape of what is averaged. */
  sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor;
  /** The metric of all examples whose sums were added up. */
  result(sums: Float64Array): number;
}

/** Sums that grow from batch to batch: what Keras calls a stateful metric. */
export abstract class Accumulator {
  private totals: Float64Array | undefined;

  constructor(readonly name: string) {}

  /** Forgets all batches. */
  resetState(): void {
    this.totals = undefined;
  }

  /** Adds the sums of a batch; runs what they depend on. */
  protected addSums(sums: Tensor): void {
    const values = sums.dataSync();
    this.totals ??= new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) this.totals[i]! += values[i]!;
  }

  /** The sums so far. Throws ValueError before the first batch. */
  protected get sumsSoFar(): Float64Array {
    if (this.totals === undefined) throw new ValueError(`${this.name}: no examples yet. Call updateState() first.`);
    return this.totals;
  }
}

/**
 * A metric with state: give it to compile, which uses it without touching its state, or call updateState batch by batch and then result.
 *
 * A metric of one's own extends it by `sums` and `resultOf`.
 */
export abstract class Metric extends Accumulator implements ChosenMetric {
  readonly config: MetricConfig | undefined = undefined;
  readonly readsProbabilities: boolean = false;

  /** Sums over the examples of a batch, float32 [n], n the same for every batch. sampleWeight: [batch], or the shape of what is averaged. */
  abstract sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor;
  /** The metric from its sums. */
  protected abstract resultOf(sums: Float64Array): number;

  /** Takes a batch into account. sampleWeight: how much each example counts, [batch]; default 1. Throws DeviceError before init(). */
  updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): void {
    this.addSums(this.sums(asTensor(yTrue), asTensor(yPred), asTensor(sampleWeight)));
  }

  /** The metric of all batches since the start or resetState; or of the sums given. Throws ValueError when there was no batch. */
  result(sums: Float64Array = this.sumsSoFar): number {
    return this.resultOf(sums);
  }
}

/** The mean of a function's values over all examples, weighted. fn: (yTrue, yPred) to [batch, …], a loss or an accuracy. */
export class MeanMetric extends Metric {
  constructor(private readonly fn: Loss, name: string, override readonly config: MetricConfig | undefined = undefined) {
    super(name);
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    return sumAndCount(this.fn(yTrue, yPred), sampleWeight);
  }

  protected override resultOf([total, count]: Float64Array): number {
    return ratio(total!, count!);
  }
}

/** What all metrics with options take. */
export interface MetricOptions {
  /** Key in logs; default: the kind of metric. */
  readonly name?: string;
}

/** A metric that a file can hold: its kind and its options. */
export abstract class ConfiguredMetric extends Metric {
  override readonly config: MetricConfig;

  /** known: names of the options there are beside the name. Throws ValueError for others. */
  constructor(kind: string, options: MetricOptions, known: readonly string[] = []) {
    const { name, ...rest } = checkOptions(options, ["name", ...known], `metric "${kind}"`);
    super(name ?? kind);
    this.config = { name: kind, ...(name !== undefined && { label: name }), ...rest };
  }
}

/** [Σ w·v, Σ w]: axes that the weights do not have are averaged first, as Keras does. */
export function sumAndCount(values: Tensor, sampleWeight: Tensor | undefined): Tensor {
  const numbers = cast(values, "float32");
  if (sampleWeight === undefined) return stack([sum(numbers), tensor(numbers.size, [], "float32")]);
  // A value of the whole batch, as of dice, counts as often as there are weights.
  const weight = numbers.shape.length === 0 ? sampleWeight : weightsOf(sampleWeight, numbers.shape);
  const rank = weight.shape.length;
  const averaged = numbers.shape.length > rank ? mean(numbers, { axes: numbers.shape.slice(rank).map((_, i) => i + rank) }) : numbers;
  return stack([sum(mul(averaged, weight)), sum(weight)]);
}

/** a / b, and 0 where nothing was counted, as Keras has it. */
export function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

export function asTensor(x: TensorLike): Tensor;
export function asTensor(x: TensorLike | undefined): Tensor | undefined;
export function asTensor(x: TensorLike | undefined): Tensor | undefined {
  return x === undefined || x instanceof Tensor ? x : tensor(x);
}
