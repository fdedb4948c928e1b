// Metrics of yes and no: how many answers at a threshold are right, wrong, missed; precision and recall. They add up counts, so batches may be cut anywhere.
import { ValueError } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import {
  add, argMax, cast, concat, div, greater, matmul, maximum, mul, oneHot, reshape, sub, sum, tensor, where, type Tensor,
} from "../../engine/index.js"; // prettier-ignore
import { labelsFor } from "../losses/loss.js";
import { checkNumber, checkWhole } from "../../base/options.js";
import { elementWeights } from "./confusion.js";
import { ConfiguredMetric, ratio, type MetricOptions } from "./metric.js";

/** Sums of weights at a threshold: true and false positives, and all that is, and is not. */
export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** Elements of a comparison of examples with thresholds that are made at once: 16 MB. */
const AT_ONCE = 1 << 22;

/** Sums [true positives of each threshold, false positives of each, positives, negatives]: what is above a threshold is positive. */
export function countSums(yTrue: Tensor, yPred: Tensor, thresholds: readonly number[], sampleWeight: Tensor | undefined): Tensor {
  const count = yPred.size;
  const truth = reshape(cast(greater(yTrue, 0), "float32"), [1, count]);
  const both = concat([truth, sub(1, truth)], 0);
  const weighted = sampleWeight === undefined ? both : mul(both, reshape(elementWeights(sampleWeight, yPred), [1, count]));
  const column = reshape(yPred, [count, 1]);
  const group = Math.max(1, Math.floor(AT_ONCE / count));
  const above: Tensor[] = [];
  for (let i = 0; i < thresholds.length; i += group) {
    above.push(matmul(weighted, cast(greater(column, tensor(thresholds.slice(i, i + group), undefined, "float32")), "float32")));
  }
  return concat([reshape(above.length === 1 ? above[0]! : concat(above, 1), [2 * thresholds.length]), sum(weighted, { axes: [1] })]);
}

/** The counts of threshold i out of countSums' sums for n thresholds. */
export function countsAt(sums: Float64Array, n: number, i: number): Counts {
  const [tp, fp] = [sums[i]!, sums[n + i]!];
  return { tp, fp, fn: sums[2 * n]! - tp, tn: sums[2 * n + 1]! - fp };
}

/** Labels of the predictions' shape; class numbers become one-hot rows. */
export function truthFor(yTrue: Tensor, yPred: Tensor, where: string): Tensor {
  const [classes, lead] = [yPred.shape.at(-1)!, yPred.shape.slice(0, -1)];
  const sparse = classes > 1 && (sameShape(yTrue.shape, lead) || sameShape(yTrue.shape, [...lead, 1]));
  return sparse ? oneHot(reshape(cast(yTrue, "int32"), lead), classes) : labelsFor(yTrue, yPred, where);
}

/** Options of counts at a threshold. */
export interface ThresholdOptions extends MetricOptions {
  /** What is above is a yes; a single number, in [0, 1]. Default 0.5. */
  readonly thresholds?: number;
}

/** One count, or what follows from the four. */
abstract class CountMetric extends ConfiguredMetric {
  override readonly readsProbabilities: boolean = true;
  private readonly threshold: number;

  constructor(private readonly kind: string, options: ThresholdOptions, known: readonly string[] = []) {
    super(kind, options, ["thresholds", ...known]);
    const { thresholds = 0.5 } = options;
    if (Array.isArray(thresholds)) throw new ValueError(`metric "${kind}": thresholds: expected one number, got ${JSON.stringify(thresholds)}. Use a metric for each, each with a name.`);
    this.threshold = checkNumber(thresholds, `metric "${kind}": thresholds`, 0, 1);
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    const [y, p] = this.chosen(truthFor(yTrue, yPred, this.kind), yPred);
    return countSums(y, p, [this.threshold], sampleWeight);
  }

  protected override resultOf(sums: Float64Array): number {
    return this.of(countsAt(sums, 1, 0));
  }

  protected abstract of(counts: Counts): number;

  /** Those labels and predictions that count. */
  protected chosen(y: Tensor, p: Tensor): readonly [y: Tensor, p: Tensor] {
    return [y, p];
  }
}

/** How many are true and predicted, weighted. yTrue: 0 and 1, of the shape of yPred; or class numbers. */
export class TruePositives extends CountMetric {
  constructor(options: ThresholdOptions = {}) {
    super("truePositives", options);
  }
  protected override of({ tp }: Counts): number {
    return tp;
  }
}

/** How many are predicted but not true, weighted. */
export class FalsePositives extends CountMetric {
  constructor(options: ThresholdOptions = {}) {
    super("falsePositives", options);
  }
  protected override of({ fp }: Counts): number {
    return fp;
  }
}

/** How many are neither true nor predicted, weighted. */
export class TrueNegatives extends CountMetric {
  constructor(options: ThresholdOptions = {}) {
    super("trueNegatives", options);
  }
  protected override of({ tn }: Counts): number {
    return tn;
  }
}

/** How many are true but not predicted, weighted. */
export class FalseNegatives extends CountMetric {
  constructor(options: ThresholdOptions = {}) {
    super("falseNegatives", options);
  }
  protected override of({ fn }: Counts): number {
    return fn;
  }
}

/** Options of Precision and Recall. */
export interface PrecisionOptions extends ThresholdOptions {
  /** Only the k largest predictions of an example can be a yes; without thresholds they all are. */
  readonly topK?: number;
  /** Only this class counts. */
  readonly classId?: number;
}

/** Precision and recall look at the best predictions, or at one class, if asked. */
abstract class RateMetric extends CountMetric {
  private readonly topK: number | undefined;
  private readonly classId: number | undefined;
  /** The best are a yes whatever they are. */
  private readonly everyBest: boolean;

  constructor(kind: string, options: PrecisionOptions) {
    super(kind, options, ["topK", "classId"]);
    this.topK = options.topK === undefined ? undefined : checkWhole(options.topK, `metric "${kind}": topK`);
    this.classId = options.classId === undefined ? undefined : checkWhole(options.classId, `metric "${kind}": classId`, 0);
    this.everyBest = options.topK !== undefined && options.thresholds === undefined;
  }

  protected override chosen(y: Tensor, p: Tensor): readonly [y: Tensor, p: Tensor] {
    const { topK, classId } = this;
    const classes = p.shape.at(-1)!;
    const best = topK === undefined ? undefined : topMask(p, Math.min(topK, classes));
    const predicted = best === undefined ? p : this.everyBest ? best : mul(p, best);
    if (classId === undefined) return [y, predicted];
    return [y, predicted].map((x) => columnOf(x, classId, this.name)) as [Tensor, Tensor];
  }
}

/** The share of what is predicted that is true: TP / (TP + FP), 0 when nothing is predicted. */
export class Precision extends RateMetric {
  constructor(options: PrecisionOptions = {}) {
    super("precision", options);
  }
  protected override of({ tp, fp }: Counts): number {
    return ratio(tp, tp + fp);
  }
}

/** The share of what is true that is predicted: TP / (TP + FN), 0 when nothing is true. */
export class Recall extends RateMetric {
  constructor(options: PrecisionOptions = {}) {
    super("recall", options);
  }
  protected override of({ tp, fn }: Counts): number {
    return ratio(tp, tp + fn);
  }
}

/** What [batch, classes] says of one class. Throws ValueError for a class that is not there. */
export function columnOf(x: Tensor, classId: number, name: string): Tensor {
  const classes = x.shape.at(-1)!;
  if (classId >= classes) throw new ValueError(`metric "${name}": classId: expected a class from 0 to ${classes - 1}, got ${classId}.`);
  return sum(mul(x, oneHot(tensor(classId, [], "int32"), classes)), { axes: [-1] });
}

/** 1 at the k largest of the last axis, the first of equals, else 0. */
function topMask(p: Tensor, k: number): Tensor {
  let mask: Tensor | undefined;
  for (let i = 0; i < k; i++) {
    const left = mask === undefined ? p : where(greater(mask, 0), -Infinity, p);
    const found = oneHot(argMax(left), p.shape.at(-1)!);
    mask = mask === undefined ? found : add(mask, found);
  }
  return mask!;
}

/** TP / (TP + FP) of a batch at ½, as a scalar. yTrue, yPred: of one shape. */
export function precision(yTrue: Tensor, yPred: Tensor): Tensor {
  return share(yTrue, yPred, 1);
}

/** TP / (TP + FN) of a batch at ½, as a scalar. yTrue, yPred: of one shape. */
export function recall(yTrue: Tensor, yPred: Tensor): Tensor {
  return share(yTrue, yPred, 2);
}

function share(yTrue: Tensor, yPred: Tensor, beside: 1 | 2): Tensor {
  const sums = countSums(truthFor(yTrue, yPred, "metrics"), yPred, [0.5], undefined);
  const [tp, fp, positives] = [0, 1, 2].map((i) => sum(mul(sums, oneHot(tensor(i, [], "int32"), 4))));
  const all = beside === 1 ? add(tp!, fp!) : positives!;
  return div(tp!, maximum(all, 1));
}
