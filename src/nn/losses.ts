// Losses: how far predictions are from the truth, example by example; a model takes their mean. Order of arguments and
// names as Keras. Cross-entropies take probabilities or logits and are finite for both: where the predictions were made by
// softmax or sigmoid, what went into it is used instead, which loses no digits.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import {
  abs, add, cast, clip, div, log, mean, mul, neg, oneHot, reshape, softmaxCrossEntropy, softplus, square, sub, sum, Tensor,
} from "../engine/index.js"; // prettier-ignore
import { lookUp, normalizeName } from "./names.js";

/** Loss of each example: yTrue and yPred to [batch, …without the last axis]. */
export type Loss = (yTrue: Tensor, yPred: Tensor) => Tensor;

export interface LogitsOption {
  /** yPred are logits: any numbers, not probabilities. */
  readonly fromLogits?: boolean;
}

/** Probabilities are kept this far from 0 and 1, so that their logarithm stays finite. As Keras. */
const EPSILON = 1e-7;

/** Mean of (yTrue − yPred)² over the last axis. */
export function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  checkSame(yTrue, yPred, "meanSquaredError");
  return lastMean(square(sub(yPred, yTrue)));
}

/** Mean of |yTrue − yPred| over the last axis. */
export function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  checkSame(yTrue, yPred, "meanAbsoluteError");
  return lastMean(abs(sub(yPred, yTrue)));
}

/** Mean of −y·ln p − (1 − y)·ln(1 − p) over the last axis. yTrue, in [0, 1], and yPred have one shape. */
export function binaryCrossentropy(yTrue: Tensor, yPred: Tensor, { fromLogits = false }: LogitsOption = {}): Tensor {
  checkSame(yTrue, yPred, "binaryCrossentropy");
  const y = cast(yTrue, "float32");
  const logits = fromLogits ? yPred : inputOf(yPred, "sigmoid");
  // −y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = ln(1 + eᶻ) − y·z
  if (logits) return lastMean(sub(softplus(logits), mul(y, logits)));
  const p = clip(yPred, EPSILON, 1 - EPSILON);
  return lastMean(neg(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p))))));
}

/** −Σ y·ln p over the last axis. yTrue: a distribution over classes (one-hot), of the shape of yPred. */
export function categoricalCrossentropy(yTrue: Tensor, yPred: Tensor, { fromLogits = false }: LogitsOption = {}): Tensor {
  checkSame(yTrue, yPred, "categoricalCrossentropy", ' For class numbers use "sparseCategoricalCrossentropy".');
  const y = cast(yTrue, "float32");
  const logits = fromLogits ? yPred : inputOf(yPred, "softmax");
  if (logits) return softmaxCrossEntropy(logits, y);
  return neg(sum(mul(y, log(normalized(yPred))), { axes: [-1] }));
}

/** −ln p of the true class. yTrue: class numbers, [batch, …] or [batch, …, 1]; yPred: [batch, …, classes]. */
export function sparseCategoricalCrossentropy(yTrue: Tensor, yPred: Tensor, { fromLogits = false }: LogitsOption = {}): Tensor {
  const lead = yPred.shape.slice(0, -1);
  if (!sameShape(yTrue.shape, lead) && !sameShape(yTrue.shape, [...lead, 1])) {
    throw new ShapeError(
      `sparseCategoricalCrossentropy: expected class numbers of shape ${showShape(lead)} for predictions ${showShape(yPred.shape)}, got ${showShape(yTrue.shape)}. For one-hot labels use "categoricalCrossentropy".`,
    );
  }
  const classes = reshape(cast(yTrue, "int32"), lead);
  const logits = fromLogits ? yPred : inputOf(yPred, "softmax");
  if (logits) return softmaxCrossEntropy(logits, classes);
  return neg(sum(mul(oneHot(classes, yPred.shape.at(-1)!), log(normalized(yPred))), { axes: [-1] }));
}

const LOSSES = {
  meanSquaredError, mse: meanSquaredError,
  meanAbsoluteError, mae: meanAbsoluteError,
  binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy,
} as const; // prettier-ignore

/** What the labels of a loss look like: class numbers, or values of the predictions' shape in a range. */
export type LabelKind = "classes" | "probabilities" | "values";

const LABELS: Readonly<Record<string, LabelKind>> = {
  binarycrossentropy: "probabilities",
  categoricalcrossentropy: "probabilities",
  sparsecategoricalcrossentropy: "classes",
};

/** A loss by name, with its option, or a function of one's own. */
export type LossLike = string | ({ readonly name: string } & LogitsOption) | Loss;

export interface ChosenLoss {
  readonly call: Loss;
  readonly labels: LabelKind;
  /** What a file holds; undefined for a function. */
  readonly config: ({ readonly name: string } & LogitsOption) | undefined;
}

/**
 * The loss a name or function means.
 *
 * linearOutput: the predictions come from a layer without activation, so a cross-entropy that was not told otherwise reads
 * them as logits. Throws ValueError on an unknown name.
 */
export function getLoss(like: LossLike, linearOutput = false, where = "loss"): ChosenLoss {
  if (typeof like === "function") return { call: like, labels: "values", config: undefined };
  const config = typeof like === "string" ? { name: like } : like;
  const loss = lookUp<(yTrue: Tensor, yPred: Tensor, options?: LogitsOption) => Tensor>(LOSSES, config.name, where);
  const labels = LABELS[normalizeName(config.name)] ?? "values";
  const fromLogits = config.fromLogits ?? (linearOutput && labels !== "values");
  return { call: (yTrue, yPred) => loss(yTrue, yPred, { fromLogits }), labels, config };
}

/** The tensor an activation was applied to, if predictions are its result; reshapes do not occur between them. */
export function inputOf(prediction: Tensor, activation: "softmax" | "sigmoid"): Tensor | undefined {
  const { value } = prediction;
  if (value.op.name !== activation) return undefined;
  const axis = value.attrs["axis"];
  const last = axis === undefined || axis === -1 || axis === value.shape.length - 1;
  return activation === "sigmoid" || last ? new Tensor(value.inputs[0]!) : undefined;
}

/** Rows scaled to sum 1, away from 0 and 1. */
function normalized(p: Tensor): Tensor {
  return clip(div(p, sum(p, { axes: [-1], keepDims: true })), EPSILON, 1 - EPSILON);
}

function lastMean(x: Tensor): Tensor {
  return mean(x, { axes: [-1] });
}

function checkSame(yTrue: Tensor, yPred: Tensor, where: string, cure = ""): void {
  if (!sameShape(yTrue.shape, yPred.shape)) {
    throw new ShapeError(`${where}: expected labels of the predictions' shape ${showShape(yPred.shape)}, got ${showShape(yTrue.shape)}.${cure}`);
  }
}
