// Losses of probabilities: cross-entropies, focal ones, and what one distribution knows of another. They take probabilities or logits and are finite
// for both: where the predictions were made by softmax or sigmoid, what went into it is used instead, which loses no digits.
import { ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, showShape } from "../../base/shape.js";
import {
  add, cast, clip, div, equal, exp, log, logSoftmax, mean, mul, neg, oneHot, pow, reshape, sigmoid, softmax, softmaxCrossEntropy, softplus, sub, sum, where, type Tensor, type TensorLike,
} from "../../engine/index.js"; // prettier-ignore
import { checkNumber, checkWhole } from "../../base/options.js";
import { axisOf, EPSILON, inputOf, labelsFor, smoothed, withLast, type AxisOption, type LogitsOption, type SmoothingOption } from "./loss.js";

/** Options of binaryCrossentropy. */
export interface BinaryOptions extends LogitsOption, SmoothingOption, AxisOption {
  /** How much a label of 1 counts beside one of 0: a number, or one for each place of the last axis; default 1. */
  readonly posWeight?: TensorLike;
}

/**
 * Mean of −y·ln p − (1 − y)·ln(1 − p) over an axis, the last.
 *
 * yTrue: in [0, 1], of the shape of yPred, or [batch] for [batch, 1]   labelSmoothing s: labels become (1 − s)·y + s/2   posWeight w: −w·y·ln p − …
 */
export function binaryCrossentropy(yTrue: Tensor, yPred: Tensor, options: BinaryOptions = {}): Tensor {
  const { axis = -1 } = options;
  return mean(binaryTerms(yTrue, yPred, options, "binaryCrossentropy").terms, { axes: [axis] });
}

/** Options of binaryFocalCrossentropy. */
export interface BinaryFocalOptions extends LogitsOption, SmoothingOption, AxisOption {
  /** Whether labels of 1 count alpha and those of 0 count 1 − alpha; default false. */
  readonly applyClassBalancing?: boolean;
  /** Default 0.25. */
  readonly alpha?: number;
  /** How fast examples that are read well lose weight; 0: not at all. Default 2. */
  readonly gamma?: number;
}

/** Mean of (1 − pₜ)^γ times the binary cross-entropy, pₜ the probability of what is true. Lin et al. 2018, eq. 4. Labels as binaryCrossentropy. */
export function binaryFocalCrossentropy(yTrue: Tensor, yPred: Tensor, options: BinaryFocalOptions = {}): Tensor {
  const { applyClassBalancing = false, alpha = 0.25, gamma = 2, axis = -1 } = options;
  const { y, p, terms } = binaryTerms(yTrue, yPred, options, "binaryFocalCrossentropy");
  const mistaken = sub(1, add(mul(y, p), mul(sub(1, y), sub(1, p))));
  const focal = mul(pow(mistaken, checkNumber(gamma, "binaryFocalCrossentropy: gamma", 0)), terms);
  const balanced = applyClassBalancing ? mul(add(mul(y, alpha), mul(sub(1, y), 1 - alpha)), focal) : focal;
  return mean(balanced, { axes: [axis] });
}

/** Options of categoricalCrossentropy. */
export interface CategoricalOptions extends LogitsOption, SmoothingOption, AxisOption {}

/** −Σ y·ln p over an axis, the last. yTrue: a distribution over classes (one-hot), of the shape of yPred. labelSmoothing s of n classes: (1 − s)·y + s/n. */
export function categoricalCrossentropy(yTrue: Tensor, yPred: Tensor, options: CategoricalOptions = {}): Tensor {
  const { y, logits, p } = categoricalTerms(yTrue, yPred, options, "categoricalCrossentropy");
  return logits ? softmaxCrossEntropy(logits, y) : neg(sum(mul(y, log(p())), { axes: [-1] }));
}

/** Options of categoricalFocalCrossentropy. */
export interface CategoricalFocalOptions extends CategoricalOptions {
  /** Weight of the loss: a number, or one for each class; default 0.25. */
  readonly alpha?: TensorLike;
  /** How fast examples that are read well lose weight; 0: not at all. Default 2. */
  readonly gamma?: number;
}

/** −Σ α·(1 − p)^γ·y·ln p over an axis, the last. Labels as categoricalCrossentropy. Lin et al. 2018 */
export function categoricalFocalCrossentropy(yTrue: Tensor, yPred: Tensor, options: CategoricalFocalOptions = {}): Tensor {
  const { alpha = 0.25, gamma = 2 } = options;
  const { y, logP, p } = categoricalTerms(yTrue, yPred, options, "categoricalFocalCrossentropy");
  const focus = pow(sub(1, p()), checkNumber(gamma, "categoricalFocalCrossentropy: gamma", 0));
  return neg(sum(mul(mul(focus, alpha), mul(y, logP())), { axes: [-1] }));
}

/** Options of sparseCategoricalCrossentropy. */
export interface SparseOptions extends CategoricalOptions {
  /** A label that marks what shall not count: its loss is 0, and a mean of losses leaves it out. */
  readonly ignoreClass?: number;
}

/** −ln p of the true class. yTrue: class numbers, of the shape of yPred without the axis of classes, the last; or with that axis of size 1. */
export function sparseCategoricalCrossentropy(yTrue: Tensor, yPred: Tensor, options: SparseOptions = {}): Tensor {
  const { axis = -1, labelSmoothing = 0, fromLogits = false, ignoreClass } = options;
  const at = axisOf(yPred, axis, "sparseCategoricalCrossentropy");
  const lead = yPred.shape.filter((_, i) => i !== at);
  if (!sameShape(yTrue.shape, lead) && !sameShape(yTrue.shape, yPred.shape.map((size, i) => (i === at ? 1 : size)))) {
    throw new ShapeError(
      `sparseCategoricalCrossentropy: expected class numbers of shape ${showShape(lead)} for predictions ${showShape(yPred.shape)}, got ${showShape(yTrue.shape)}. For one-hot labels use "categoricalCrossentropy".`,
    );
  }
  const given = reshape(cast(yTrue, "int32"), lead);
  const ignored = ignoreClass === undefined ? undefined : equal(given, checkWhole(ignoreClass, "sparseCategoricalCrossentropy: ignoreClass", -Infinity));
  const classes = ignored ? where(ignored, 0, given) : given;
  const scores = withLast(yPred, axis, "sparseCategoricalCrossentropy");
  const count = classesOf(scores, "sparseCategoricalCrossentropy");
  const logits = fromLogits ? scores : inputOf(scores, "softmax");
  const losses =
    logits && labelSmoothing === 0
      ? softmaxCrossEntropy(logits, classes)
      : categoricalCrossentropy(oneHot(classes, count), scores, { fromLogits, labelSmoothing });
  return ignored ? where(ignored, 0, losses) : losses;
}

/** Kullback-Leibler divergence Σ y·ln(y / p) over the last axis: 0 where the two distributions are equal. yTrue, yPred: of one shape. */
export function klDivergence(yTrue: Tensor, yPred: Tensor): Tensor {
  const y = clip(labelsFor(yTrue, yPred, "klDivergence"), EPSILON, 1);
  const logits = inputOf(yPred, "softmax");
  return sum(mul(y, sub(log(y), logits ? logSoftmax(logits) : log(clip(yPred, EPSILON, 1)))), { axes: [-1] });
}

/** Options of poisson. */
export interface PoissonOptions {
  /** yPred are logarithms of the expected counts; default false. */
  readonly logInput?: boolean;
}

/** Mean of p − y·ln p over the last axis: −ln of the Poisson probability of the count y where p are expected, less what depends on y alone. */
export function poisson(yTrue: Tensor, yPred: Tensor, { logInput = false }: PoissonOptions = {}): Tensor {
  const y = labelsFor(yTrue, yPred, "poisson");
  return mean(logInput ? sub(exp(yPred), mul(y, yPred)) : sub(yPred, mul(y, log(add(yPred, EPSILON)))), { axes: [-1] });
}

/** Labels, probabilities and the cross-entropy of every single question. */
function binaryTerms(yTrue: Tensor, yPred: Tensor, options: BinaryOptions, place: string): { y: Tensor; p: Tensor; terms: Tensor } {
  const { fromLogits = false, labelSmoothing = 0, posWeight } = options;
  const y = smoothed(labelsFor(yTrue, yPred, place), labelSmoothing, 2, place);
  const logits = fromLogits ? yPred : inputOf(yPred, "sigmoid");
  if (logits === undefined) {
    const p = clip(yPred, EPSILON, 1 - EPSILON);
    const ones = mul(y, log(p));
    return { y, p, terms: neg(add(posWeight === undefined ? ones : mul(ones, posWeight), mul(sub(1, y), log(sub(1, p))))) };
  }
  const p = clip(fromLogits ? sigmoid(logits) : yPred, EPSILON, 1 - EPSILON);
  // −y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = ln(1 + eᶻ) − y·z, and with a weight w on y: (1 − y)·z + (1 + (w − 1)·y)·ln(1 + e⁻ᶻ).
  if (posWeight === undefined) return { y, p, terms: sub(softplus(logits), mul(y, logits)) };
  return { y, p, terms: add(mul(sub(1, y), logits), mul(add(1, mul(y, sub(posWeight, 1))), softplus(neg(logits)))) };
}

/** Labels with the classes last; logits if there are any; probabilities, kept from 0 and 1, and their logarithms, for those who ask. */
function categoricalTerms(yTrue: Tensor, yPred: Tensor, options: CategoricalOptions, place: string): { y: Tensor; logits: Tensor | undefined; p: () => Tensor; logP: () => Tensor } {
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  const scores = withLast(yPred, axis, place);
  const classes = classesOf(scores, place);
  const whole = labelsFor(yTrue, yPred, place, sameShape(yTrue.shape, scores.shape.slice(0, -1)) ? ' For class numbers use "sparseCategoricalCrossentropy".' : "");
  const y = smoothed(withLast(whole, axis, place), labelSmoothing, classes, place);
  const logits = fromLogits ? scores : inputOf(scores, "softmax");
  const p = (): Tensor => clip(logits ? softmax(logits) : div(scores, sum(scores, { axes: [-1], keepDims: true })), EPSILON, 1 - EPSILON);
  return { y, logits, p, logP: () => (logits ? logSoftmax(logits) : log(p())) };
}

/** How many classes lie along the last axis. Throws ValueError for one. */
function classesOf({ shape }: Tensor, place: string): number {
  const classes = shape.at(-1)!;
  if (classes > 1) return classes;
  throw new ValueError(`${place}: expected predictions for two classes or more, got ${showShape(shape)}: of one class the loss is always 0. Use one unit with activation "sigmoid" and "binaryCrossentropy".`);
}
