// The best one rate can be where another is at least what is asked for, over evenly spaced thresholds.
import type { Tensor } from "../../engine/index.js";
import { checkNumber, checkWhole } from "../../base/options.js";
import { columnOf, countsAt, countSums, truthFor, type Counts } from "./counts.js";
import { ConfiguredMetric, ratio, type MetricOptions } from "./metric.js";

/** Options of metrics at a rate. */
export interface TradeoffOptions extends MetricOptions {
  /** Evenly spaced from 0 to 1; default 200. */
  readonly numThresholds?: number;
  /** Only this class counts. */
  readonly classId?: number;
}

type Rate = (counts: Counts) => number;

const precision: Rate = ({ tp, fp }) => ratio(tp, tp + fp);
const sensitivity: Rate = ({ tp, fn }) => ratio(tp, tp + fn);
const specificity: Rate = ({ tn, fp }) => ratio(tn, tn + fp);

abstract class Tradeoff extends ConfiguredMetric {
  override readonly readsProbabilities = true;
  private readonly thresholds: readonly number[];
  private readonly classId: number | undefined;

  constructor(kind: string, options: TradeoffOptions, private readonly best: Rate, private readonly held: Rate, private readonly least: number) {
    super(kind, options, ["numThresholds", "classId"]);
    this.classId = options.classId === undefined ? undefined : checkWhole(options.classId, `metric "${kind}": classId`, 0);
    checkNumber(least, `metric "${kind}": rate`, 0, 1);
    const steps = checkWhole(options.numThresholds ?? 200, `metric "${kind}": numThresholds`, 2) - 1;
    this.thresholds = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  }

  override sums(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor {
    const { classId } = this;
    const [y, p] = [truthFor(yTrue, yPred, this.name), yPred].map((x) => (classId === undefined ? x : columnOf(x, classId, this.name))) as [Tensor, Tensor];
    return countSums(y, p, this.thresholds, sampleWeight);
  }

  /** 0 where no threshold reaches the rate that is held. */
  protected override resultOf(sums: Float64Array): number {
    const counts = this.thresholds.map((_, i) => countsAt(sums, this.thresholds.length, i));
    return counts.reduce((most, each) => (this.held(each) >= this.least ? Math.max(most, this.best(each)) : most), 0);
  }
}

/** The highest precision at a recall of at least `least`. yTrue: 0 and 1; yPred: probabilities of its shape. */
export class PrecisionAtRecall extends Tradeoff {
  constructor(least: number, options: TradeoffOptions = {}) {
    super("precisionAtRecall", options, precision, sensitivity, least);
  }
}

/** The highest recall at a precision of at least `least`. */
export class RecallAtPrecision extends Tradeoff {
  constructor(least: number, options: TradeoffOptions = {}) {
    super("recallAtPrecision", options, sensitivity, precision, least);
  }
}

/** The highest sensitivity, TP / (TP + FN), at a specificity, TN / (TN + FP), of at least `least`. */
export class SensitivityAtSpecificity extends Tradeoff {
  constructor(least: number, options: TradeoffOptions = {}) {
    super("sensitivityAtSpecificity", options, sensitivity, specificity, least);
  }
}

/** The highest specificity at a sensitivity of at least `least`. */
export class SpecificityAtSensitivity extends Tradeoff {
  constructor(least: number, options: TradeoffOptions = {}) {
    super("specificityAtSensitivity", options, specificity, sensitivity, least);
  }
}
