// F scores: precision and recall of each class in one number, from counts for each class.
import { argMax, cast, concat, greater, mul, oneHot, reshape, sum, type Tensor } from "../../engine/index.js";
import { weightsOf } from "../losses/reduction.js";
import { checkNumber, checkWord } from "../../base/options.js";
import { truthFor } from "./counts.js";
import { ConfiguredMetric, ratio, type MetricOptions } from "./metric.js";

const AVERAGES = ["macro", "micro", "weighted"] as const;

/** Options of F1Score. */
export interface F1Options extends MetricOptions {
  /** macro: the mean over classes. micro: of all counts together. weighted: classes count by how many are true. Default "macro"; perClass() has them all. */
  readonly average?: (typeof AVERAGES)[number];
  /** What is above is a yes; default: 0.5 for predictions of one column, else the largest prediction alone is a yes. */
  readonly threshold?: number;
}

/** Options of FBetaScore. */
export interface FBetaOptions extends F1Options {
  /** How much more recall counts than precision; default 1. */
  readonly beta?: number;
}

/** (1 + β²)·precision·recall / (β²·precision + recall) over classes. yTrue: [batch, classes] of 0 and 1, or class numbers; yPred: [batch, classes]. */
export class FBetaScore extends ConfiguredMetric {
  override readonly readsProbabilities = true;
  private readonly average: (typeof AVERAGES)[number];
  private readonly threshold: number | undefined;
  private readonly squaredBeta: number;

  constructor(options: FBetaOptions = {}, kind = "fBetaScore") {
    super(kind, options, ["average", "threshold", "beta"]);
    const { average = "macro", threshold, beta = 1 } = options;
    this.average = checkWord(average, AVERAGES, `metric "${kind}": average`);
    this.threshold = threshold === undefined ? undefined : checkNumber(threshold, `metric "${kind}": threshold`, 0, 1);
    this.squaredBeta = checkNumber(beta, `metric "${kind}": beta`, 0) ** 2;
  }

  /** True positives, what is predicted, and what is true, of each class. */
  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    const classes = yPred.shape.at(-1)!;
    const y = reshape(cast(greater(truthFor(yTrue, yPred, this.name), 0), "float32"), [-1, classes]);
    const { threshold = classes === 1 ? 0.5 : undefined } = this;
    const p = reshape(threshold === undefined ? oneHot(argMax(yPred), classes) : cast(greater(yPred, threshold), "float32"), [-1, classes]);
    const weight = sampleWeight && reshape(weightsOf(sampleWeight, yPred.shape.slice(0, -1)), [-1, 1]);
    const total = (x: Tensor): Tensor => sum(weight ? mul(x, weight) : x, { axes: [0] });
    return concat([total(mul(y, p)), total(p), total(y)]);
  }

  /** The score of each class; of the sums so far, or those given. */
  perClass(sums: Float64Array = this.sumsSoFar): number[] {
    const n = sums.length / 3;
    return Array.from({ length: n }, (_, i) => this.score(sums[i]!, sums[n + i]!, sums[2 * n + i]!));
  }

  protected override resultOf(sums: Float64Array): number {
    const n = sums.length / 3;
    const add = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
    if (this.average === "micro") return this.score(add(sums.subarray(0, n)), add(sums.subarray(n, 2 * n)), add(sums.subarray(2 * n)));
    const scores = this.perClass(sums);
    if (this.average === "macro") return add(scores) / n;
    return ratio(add(scores.map((score, i) => score * sums[2 * n + i]!)), add(sums.subarray(2 * n)));
  }

  /** The formula with precision and recall written out as counts: 0 where there is nothing to find or nothing found. */
  private score(tp: number, predicted: number, truth: number): number {
    return ratio((1 + this.squaredBeta) * tp, this.squaredBeta * truth + predicted);
  }
}

/** The harmonic mean of precision and recall over classes. Labels as FBetaScore. */
export class F1Score extends FBetaScore {
  constructor(options: F1Options = {}) {
    super(options, "f1Score");
  }
}
