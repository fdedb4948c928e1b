// The area under a curve of rates: ROC or precision over recall, from counts at evenly spaced thresholds.
import { ShapeError, ValueError } from "../../base/errors.js";
import { log } from "../../base/math.js";
import { showShape } from "../../base/shape.js";
import { concat, mul, onesLike, sigmoid, slice, tensor, type Tensor } from "../../engine/index.js";
import { checkNumber, checkWhole, checkWord } from "../../base/options.js";
import { elementWeights } from "./confusion.js";
import { countsAt, countSums, truthFor, type Counts } from "./counts.js";
import { ConfiguredMetric, ratio, type MetricOptions } from "./metric.js";

/** Options of AUC. */
export interface AUCOptions extends MetricOptions {
  /** Default 200. The area is exact as far as predictions differ by more than 1 / numThresholds. */
  readonly numThresholds?: number;
  /** Instead of evenly spaced ones: numbers in [0, 1]; 0 and 1 are added. */
  readonly thresholds?: readonly number[];
  /** ROC: true positive rate over false positive rate. PR: precision over recall. Default "ROC". */
  readonly curve?: "ROC" | "PR";
  /** Heights between two thresholds: their mean (for PR: precision that follows the counts, Davis & Goadrich 2006), the lower, or the higher. Default "interpolation". */
  readonly summationMethod?: "interpolation" | "minoring" | "majoring";
  /** Whether predictions are logits, of which sigmoid makes probabilities; default: what the model's loss says. */
  readonly fromLogits?: boolean;
  /** An area for each column of [batch, labels], of which the mean is taken; default false: all elements count as examples. */
  readonly multiLabel?: boolean;
  /** How many columns there have to be with multiLabel; default: as many as come. */
  readonly numLabels?: number;
  /** How much each column counts: its area with multiLabel, else its elements; default: all alike. */
  readonly labelWeights?: readonly number[];
}

/** Area under the ROC curve (or PR), in [0, 1]; ½ is guessing. yTrue: 0 and 1; yPred: probabilities of its shape. All elements count as examples. 0 where one kind is missing. */
export class AUC extends ConfiguredMetric {
  override readonly readsProbabilities: boolean;
  private readonly thresholds: readonly number[];
  private readonly curve: "ROC" | "PR";
  private readonly method: "interpolation" | "minoring" | "majoring";
  private readonly logits: boolean;
  private readonly multiLabel: boolean;
  private readonly labels: number | undefined;
  private readonly labelWeights: readonly number[] | undefined;

  constructor(options: AUCOptions = {}) {
    super("auc", options, ["numThresholds", "thresholds", "curve", "summationMethod", "fromLogits", "multiLabel", "numLabels", "labelWeights"]);
    const { numThresholds = 200, thresholds, curve = "ROC", summationMethod = "interpolation", fromLogits } = options;
    const inner = thresholds?.map((x) => checkNumber(x, `metric "auc": thresholds`, 0, 1)).sort((a, b) => a - b);
    const steps = checkWhole(numThresholds, `metric "auc": numThresholds`, 2) - 1;
    // A little below 0 and above 1, so that everything is above the first and nothing above the last.
    this.thresholds = [-1e-7, ...(inner ?? Array.from({ length: steps - 1 }, (_, i) => (i + 1) / steps)), 1 + 1e-7];
    this.curve = checkWord(curve, ["ROC", "PR"], `metric "auc": curve`);
    this.method = checkWord(summationMethod, ["interpolation", "minoring", "majoring"], `metric "auc": summationMethod`);
    this.logits = fromLogits === true;
    this.multiLabel = options.multiLabel ?? false;
    this.labelWeights = options.labelWeights?.map((weight) => checkNumber(weight, `metric "auc": labelWeights`, 0));
    const { numLabels = this.labelWeights?.length } = options;
    if (options.numLabels !== undefined && !this.multiLabel) throw new ValueError(`metric "auc": numLabels: expected it only with multiLabel: true.`);
    this.labels = numLabels === undefined ? undefined : checkWhole(numLabels, `metric "auc": numLabels`);
    this.readsProbabilities = fromLogits === undefined;
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    const { shape } = yPred;
    const columns = shape[shape.length - 1]!;
    if ((this.multiLabel && shape.length !== 2) || (this.labels !== undefined && columns !== this.labels)) {
      throw new ShapeError(`metric "auc": expected predictions [batch, ${this.labels ?? "labels"}], got ${showShape(shape)}.`);
    }
    const [y, p] = [truthFor(yTrue, yPred, "auc"), this.logits ? sigmoid(yPred) : yPred];
    if (!this.multiLabel) return countSums(y, p, this.thresholds, this.labelWeights ? mul(sampleWeight ? elementWeights(sampleWeight, yPred) : onesLike(yPred, "float32"), tensor([...this.labelWeights], undefined, "float32")) : sampleWeight);
    const column = (x: Tensor, i: number): Tensor => slice(x, [0, i], [shape[0]!, 1]);
    return concat(Array.from({ length: columns }, (_, i) => countSums(column(y, i), column(p, i), this.thresholds, sampleWeight)));
  }

  protected override resultOf(sums: Float64Array): number {
    // Of each column: two counts a threshold, and all that is, and is not.
    const size = 2 * this.thresholds.length + 2;
    const weightOf = (i: number): number => (this.multiLabel ? (this.labelWeights?.[i] ?? 1) : 1);
    const columns = Array.from({ length: sums.length / size }, (_, i) => ({ weight: weightOf(i), area: this.areaOf(sums.subarray(i * size, (i + 1) * size)) }));
    return ratio(columns.reduce((total, { weight, area }) => total + weight * area, 0), columns.reduce((total, { weight }) => total + weight, 0));
  }

  private areaOf(sums: Float64Array): number {
    const { curve, method, thresholds } = this;
    const counts = thresholds.map((_, i) => countsAt(sums, thresholds.length, i));
    const strip = curve === "PR" && method === "interpolation" ? followed : (a: Counts, b: Counts): number => (across(a, curve) - across(b, curve)) * HEIGHTS[method](upward(a, curve), upward(b, curve));
    return counts.slice(1).reduce((area, next, i) => area + strip(counts[i]!, next), 0);
  }
}

const HEIGHTS = {
  interpolation: (a: number, b: number): number => (a + b) / 2,
  minoring: (a: number, b: number): number => Math.min(a, b),
  majoring: (a: number, b: number): number => Math.max(a, b),
} as const;

function across({ tp, fp, tn, fn }: Counts, curve: "ROC" | "PR"): number {
  return curve === "ROC" ? ratio(fp, fp + tn) : ratio(tp, tp + fn);
}

function upward({ tp, fp, fn }: Counts, curve: "ROC" | "PR"): number {
  return curve === "ROC" ? ratio(tp, tp + fn) : ratio(tp, tp + fp);
}

/** Area under precision over recall between two thresholds, where false positives grow evenly with true ones. Davis & Goadrich 2006 */
function followed(a: Counts, b: Counts): number {
  const [gained, before, after] = [a.tp - b.tp, b.tp + b.fp, a.tp + a.fp];
  const slope = ratio(gained, Math.max(after - before, 0));
  const intercept = b.tp - slope * before;
  const grown = before > 0 && after > 0 ? log(after / before) : 0;
  return ratio(slope * (gained + intercept * grown), b.tp + b.fn);
}
