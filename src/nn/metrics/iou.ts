// Intersection over union: how far predicted regions overlap the true ones, from a confusion matrix of all elements.
import { ValueError } from "../../base/errors.js";
import { argMax, cast, greaterEqual, mul, notEqual, reshape, type Tensor } from "../../engine/index.js";
import { checkNumber, checkWhole } from "../../base/options.js";
import { countPairs, elementWeights, rowsOf } from "./confusion.js";
import { ConfiguredMetric, ratio, type MetricOptions } from "./metric.js";

/** What the metrics of this file differ in. */
interface Rule {
  readonly numClasses: number;
  readonly targets: readonly number[];
  readonly ignoreClass?: number | undefined;
  /** Labels and predictions as class numbers. */
  readonly labels: (yTrue: Tensor) => Tensor;
  readonly predicted: (yPred: Tensor) => Tensor;
}

/** TP / (TP + FP + FN), averaged over the target classes that occur. */
abstract class Overlap extends ConfiguredMetric {
  constructor(kind: string, options: MetricOptions, known: readonly string[], private readonly rule: Rule) {
    super(kind, options, known);
    checkWhole(rule.numClasses, `metric "${kind}": numClasses`, 2);
    const wrong = rule.targets.find((id) => checkWhole(id, `metric "${kind}": targetClassIds`, 0) >= rule.numClasses);
    if (wrong !== undefined) throw new ValueError(`metric "${kind}": targetClassIds: expected classes from 0 to ${rule.numClasses - 1}, got ${wrong}.`);
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    const { numClasses, ignoreClass, labels, predicted } = this.rule;
    const [given, classes] = [labels(yTrue), predicted(yPred)];
    // A column of class numbers, or labels without the axis of one that predictions have.
    const y = given.size === classes.size ? reshape(given, classes.shape) : given;
    const weight = sampleWeight && elementWeights(sampleWeight, y);
    const kept = ignoreClass === undefined ? undefined : cast(notEqual(y, ignoreClass), "float32");
    return reshape(countPairs(y, classes, numClasses, kept && weight ? mul(kept, weight) : (kept ?? weight)), [numClasses * numClasses]);
  }

  protected override resultOf(sums: Float64Array): number {
    const rows = rowsOf(sums, this.rule.numClasses);
    const overlaps = this.rule.targets.flatMap((id) => {
      const union = rows[id]!.reduce((total, x) => total + x, 0) + rows.reduce((total, row) => total + row[id]!, 0) - rows[id]![id]!;
      return union > 0 ? [rows[id]![id]! / union] : [];
    });
    return ratio(overlaps.reduce((a, b) => a + b, 0), overlaps.length);
  }
}

/** Options of MeanIoU. */
export interface MeanIoUOptions extends MetricOptions {
  readonly numClasses: number;
  /** A label that marks what shall not count. */
  readonly ignoreClass?: number;
  /** Whether yTrue are class numbers, not one-hot rows; default true. */
  readonly sparseYTrue?: boolean;
  /** Whether yPred are class numbers, not scores along the last axis; default true. */
  readonly sparseYPred?: boolean;
}

/** Options of IoU. */
export interface IoUOptions extends MeanIoUOptions {
  /** The classes whose mean is taken. */
  readonly targetClassIds: readonly number[];
}

const MEAN_OPTIONS = ["numClasses", "ignoreClass", "sparseYTrue", "sparseYPred"];

const ruleOf = ({ numClasses, ignoreClass, sparseYTrue = true, sparseYPred = true }: MeanIoUOptions, targets: readonly number[]): Rule => ({
  numClasses,
  ignoreClass,
  targets,
  labels: sparseYTrue ? same : (yTrue) => argMax(yTrue),
  predicted: sparseYPred ? same : (yPred) => argMax(yPred),
});

/** Intersection over union of chosen classes, averaged over those that occur. Every element counts as an example: every pixel. */
export class IoU extends Overlap {
  constructor(options: IoUOptions) {
    super("iou", options, [...MEAN_OPTIONS, "targetClassIds"], ruleOf(options, options.targetClassIds));
  }
}

/** Intersection over union, averaged over all classes that occur. */
export class MeanIoU extends Overlap {
  constructor(options: MeanIoUOptions) {
    super("meanIoU", options, MEAN_OPTIONS, ruleOf(options, Array.from({ length: options.numClasses }, (_, i) => i)));
  }
}

/** Options of OneHotIoU. */
export type OneHotIoUOptions = Omit<IoUOptions, "sparseYTrue">;

/** Intersection over union of chosen classes, for one-hot labels, and scores (or class numbers: sparseYPred). */
export class OneHotIoU extends Overlap {
  constructor(options: OneHotIoUOptions) {
    const known = [...MEAN_OPTIONS.filter((name) => name !== "sparseYTrue"), "targetClassIds"];
    super("oneHotIoU", options, known, ruleOf({ sparseYPred: false, ...options, sparseYTrue: false }, options.targetClassIds));
  }
}

/** Options of OneHotMeanIoU. */
export type OneHotMeanIoUOptions = Omit<MeanIoUOptions, "sparseYTrue">;

/** Intersection over union, averaged over all classes that occur, for one-hot labels, and scores (or class numbers: sparseYPred). */
export class OneHotMeanIoU extends Overlap {
  constructor(options: OneHotMeanIoUOptions) {
    const known = MEAN_OPTIONS.filter((name) => name !== "sparseYTrue");
    super("oneHotMeanIoU", options, known, ruleOf({ sparseYPred: false, ...options, sparseYTrue: false }, Array.from({ length: options.numClasses }, (_, i) => i)));
  }
}

/** Options of BinaryIoU. */
export interface BinaryIoUOptions extends MetricOptions {
  /** Default [0, 1]: the mean of the region and of what surrounds it. */
  readonly targetClassIds?: readonly number[];
  /** Predictions of at least that belong to the region; default 0.5. */
  readonly threshold?: number;
}

/** Intersection over union of a region predicted by probabilities. yTrue: 0 and 1, of the shape of yPred. */
export class BinaryIoU extends Overlap {
  override readonly readsProbabilities = true;

  constructor(options: BinaryIoUOptions = {}) {
    const { targetClassIds = [0, 1], threshold = 0.5 } = options;
    checkNumber(threshold, 'metric "binaryIoU": threshold', 0, 1);
    super("binaryIoU", options, ["targetClassIds", "threshold"], {
      numClasses: 2,
      targets: targetClassIds,
      labels: same,
      predicted: (yPred) => cast(greaterEqual(yPred, threshold), "int32"),
    });
  }
}

function same(x: Tensor): Tensor {
  return x;
}
