// Metrics of numbers: means and sums of values, and how well predictions explain measured values.
import { ShapeError } from "../../base/errors.js";
import { showShape } from "../../base/shape.js";
import { cast, concat, mul, onesLike, reshape, square, sub, sum, tensor, type Tensor, type TensorLike } from "../../engine/index.js";
import { labelsFor } from "../losses/loss.js";
import { meanSquaredError } from "../losses/regression.js";
import { checkWhole, checkWord } from "../../base/options.js";
import { elementWeights } from "./confusion.js";
import { Accumulator, asTensor, ConfiguredMetric, ratio, sumAndCount, type MetricOptions } from "./metric.js";

/** The weighted mean of values, batch by batch. */
export class Mean extends Accumulator {
  constructor({ name = "mean" }: MetricOptions = {}) {
    super(name);
  }

  /** Takes values of any shape into account. sampleWeight: of the leading axes of the values. */
  updateState(values: TensorLike, sampleWeight?: TensorLike): void {
    this.addSums(sumAndCount(asTensor(values), asTensor(sampleWeight)));
  }

  /** Throws ValueError before the first batch. */
  result(): number {
    const [total, count] = this.sumsSoFar;
    return ratio(total!, count!);
  }
}

/** The weighted sum of values, batch by batch. */
export class Sum extends Accumulator {
  constructor({ name = "sum" }: MetricOptions = {}) {
    super(name);
  }

  /** Takes values of any shape into account. sampleWeight: of the leading axes of the values. */
  updateState(values: TensorLike, sampleWeight?: TensorLike): void {
    const all = cast(asTensor(values), "float32");
    this.addSums(reshape(sum(sampleWeight === undefined ? all : mul(all, elementWeights(asTensor(sampleWeight), all))), [1]));
  }

  /** Throws ValueError before the first batch. */
  result(): number {
    return this.sumsSoFar[0]!;
  }
}

/** √ of the mean of (yTrue − yPred)² over all elements. */
export class RootMeanSquaredError extends ConfiguredMetric {
  constructor(options: MetricOptions = {}) {
    super("rootMeanSquaredError", options);
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    return sumAndCount(meanSquaredError(yTrue, yPred), sampleWeight);
  }

  protected override resultOf([total, count]: Float64Array): number {
    return Math.sqrt(ratio(total!, count!));
  }
}

/** Options of R2Score. */
export interface R2Options extends MetricOptions {
  /** Columns count alike, or by their variance; default "uniformAverage". */
  readonly classAggregation?: "uniformAverage" | "varianceWeightedAverage";
  /** Independent variables that the model has, for the adjusted score 1 − (1 − R²)·(n − 1) / (n − p − 1); default 0: R² itself, as for too few examples. */
  readonly numRegressors?: number;
}

/**
 * 1 − Σ(y − p)² / Σ(y − ȳ)² for each column: 1 for perfect predictions, 0 for the mean of the labels, negative for worse. 0 where labels do not vary.
 *
 * yTrue, yPred: [batch, columns]. Sums of squares are float32 in a batch: take the mean off labels that are large beside their spread.
 */
export class R2Score extends ConfiguredMetric {
  private readonly byVariance: boolean;
  private readonly regressors: number;

  constructor(options: R2Options = {}) {
    super("r2Score", options, ["classAggregation", "numRegressors"]);
    this.regressors = checkWhole(options.numRegressors ?? 0, 'metric "r2Score": numRegressors', 0);
    this.byVariance = checkWord(options.classAggregation ?? "uniformAverage", ["uniformAverage", "varianceWeightedAverage"], 'metric "r2Score": classAggregation') === "varianceWeightedAverage";
  }

  /** Σ w, Σ w·y, Σ w·y², Σ w·(y − p)² of each column, and how many labels there are. */
  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    const y = labelsFor(yTrue, yPred, "r2Score");
    if (y.shape.length !== 2) throw new ShapeError(`r2Score: expected labels [batch, columns], got ${showShape(y.shape)}. Reshape both?`);
    const weight = sampleWeight === undefined ? onesLike(y, "float32") : elementWeights(sampleWeight, y);
    const columns = [weight, mul(weight, y), mul(weight, square(y)), mul(weight, square(sub(y, yPred)))].map((x) => sum(x, { axes: [0] }));
    return concat([...columns, tensor([y.size], undefined, "float32")]);
  }

  protected override resultOf(sums: Float64Array): number {
    const left = sums[sums.length - 1]! - this.regressors - 1;
    const score = this.scoreOf(sums.subarray(0, -1));
    return this.regressors === 0 || left <= 0 ? score : 1 - ((1 - score) * (left + this.regressors)) / left;
  }

  private scoreOf(sums: Float64Array): number {
    const n = sums.length / 4;
    const columns = Array.from({ length: n }, (_, i) => {
      const [count, total, squares, errors] = [sums[i]!, sums[n + i]!, sums[2 * n + i]!, sums[3 * n + i]!];
      const spread = Math.max(0, squares - total * ratio(total, count));
      return { spread, score: spread === 0 ? 0 : 1 - errors / spread };
    });
    const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    if (!this.byVariance) return add(columns.map(({ score }) => score)) / n;
    return ratio(add(columns.map(({ spread, score }) => spread * score)), add(columns.map(({ spread }) => spread)));
  }
}
