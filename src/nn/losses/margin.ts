// Losses that ask for a margin, and losses of how far two regions overlap.
import { add, div, equal, max, mul, relu, square, sub, sum, where, type Tensor } from "../../engine/index.js";
import { checkNumber } from "../../base/options.js";
import { EPSILON, labelsFor, lastMean } from "./loss.js";

/** Mean of max(0, 1 − y·p) over the last axis. yTrue: −1 or 1; 0 counts as −1. yPred: any number, its sign is the answer. */
export function hinge(yTrue: Tensor, yPred: Tensor): Tensor {
  return lastMean(shortfall(yTrue, yPred, "hinge"));
}

/** Mean of max(0, 1 − y·p)² over the last axis. Labels as hinge. */
export function squaredHinge(yTrue: Tensor, yPred: Tensor): Tensor {
  return lastMean(square(shortfall(yTrue, yPred, "squaredHinge")));
}

/** max(0, 1 + the largest score of a wrong class − the score of the true one), over the last axis. yTrue: one-hot, of the shape of yPred. */
export function categoricalHinge(yTrue: Tensor, yPred: Tensor): Tensor {
  const y = labelsFor(yTrue, yPred, "categoricalHinge", ' For class numbers take oneHot(yTrue, classes).');
  const wrong = max(mul(sub(1, y), yPred), { axes: [-1] });
  return relu(add(sub(wrong, sum(mul(y, yPred), { axes: [-1] })), 1));
}

/** Options of dice. */
export interface OverlapOptions {
  /** Axes that are summed over; default all, the batch included: the result is then one number. */
  readonly axis?: number | readonly number[];
}

/** 1 − 2·Σ y·p / (Σ y + Σ p): 0 for equal regions, 1 for regions without overlap. yTrue, yPred: in [0, 1], of one shape. */
export function dice(yTrue: Tensor, yPred: Tensor, options: OverlapOptions = {}): Tensor {
  const y = labelsFor(yTrue, yPred, "dice");
  return sub(1, div(mul(total(mul(y, yPred), options), 2), add(add(total(y, options), total(yPred, options)), EPSILON)));
}

/** Options of tversky. */
export interface TverskyOptions extends OverlapOptions {
  /** Weight of what is predicted but not true; default 0.5. */
  readonly alpha?: number;
  /** Weight of what is true but not predicted; default 0.5. */
  readonly beta?: number;
}

/** 1 − Σ y·p / (Σ y·p + α·Σ (1 − y)·p + β·Σ y·(1 − p)); with both at ½ it is dice. Salehi et al. 2017 */
export function tversky(yTrue: Tensor, yPred: Tensor, options: TverskyOptions = {}): Tensor {
  const { alpha = 0.5, beta = 0.5 } = options;
  const y = labelsFor(yTrue, yPred, "tversky");
  const both = total(mul(y, yPred), options);
  const surplus = mul(total(mul(sub(1, y), yPred), options), checkNumber(alpha, "tversky: alpha", 0));
  const missed = mul(total(mul(y, sub(1, yPred)), options), checkNumber(beta, "tversky: beta", 0));
  return sub(1, div(both, add(add(both, add(surplus, missed)), EPSILON)));
}

function total(x: Tensor, { axis }: OverlapOptions): Tensor {
  return axis === undefined ? sum(x) : sum(x, { axes: axis });
}

/** How much each answer lacks of the margin 1. */
function shortfall(yTrue: Tensor, yPred: Tensor, place: string): Tensor {
  const y = labelsFor(yTrue, yPred, place);
  return relu(sub(1, mul(where(equal(y, 0), -1, y), yPred)));
}
