// Losses by name, for compile: which there are, what options they take, what their labels look like.
import { ValueError } from "../../base/errors.js";
import { cast, div, maximum, mul, notEqual, sum, type Tensor } from "../../engine/index.js";
import { lookUp } from "../names.js";
import { checkOptions } from "../options.js";
import { binaryCrossentropy, binaryFocalCrossentropy, categoricalCrossentropy, categoricalFocalCrossentropy, klDivergence, poisson, sparseCategoricalCrossentropy } from "./crossentropy.js";
import type { Loss } from "./loss.js";
import { categoricalHinge, dice, hinge, squaredHinge, tversky } from "./margin.js";
import { reduce, reductionOf, type Reduction } from "./reduction.js";
import { cosineSimilarity, huber, logCosh, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredError, meanSquaredLogarithmicError } from "./regression.js";

/** What the labels of a loss look like: class numbers, or values of the predictions' shape in a range. */
export type LabelKind = "classes" | "probabilities" | "values";

/** What makes probabilities of logits. */
export type Link = "sigmoid" | "softmax";

/** A loss with its options: those its function takes, and the reduction. */
export interface LossConfig {
  /** In either spelling: "huber", "binaryCrossentropy", "binary_crossentropy". */
  readonly name: string;
  /** Default "sumOverBatchSize". */
  readonly reduction?: Reduction;
  readonly fromLogits?: boolean;
  readonly labelSmoothing?: number;
  readonly axis?: number | readonly number[];
  readonly posWeight?: number | readonly number[];
  readonly ignoreClass?: number;
  readonly applyClassBalancing?: boolean;
  readonly alpha?: number | readonly number[];
  readonly beta?: number;
  readonly gamma?: number;
  readonly delta?: number;
  readonly logInput?: boolean;
}

interface Row {
  readonly call: (yTrue: Tensor, yPred: Tensor, options: never) => Tensor;
  /** Options beside the reduction. */
  readonly options: readonly string[];
  readonly labels: LabelKind;
  /** What its probabilities are made by. */
  readonly link?: Link;
}

const row = (call: Row["call"], options = "", labels: LabelKind = "values", link?: Link): Row => ({ call, options: options.split(" ").filter(Boolean), labels, ...(link && { link }) });

/** By name. Made when asked for: nothing runs at import. */
function table(): Readonly<Record<string, Row>> {
  const [logits, mse, mae, mape, msle, bce, kl, cosine] = [
    "fromLogits labelSmoothing axis",
    row(meanSquaredError),
    row(meanAbsoluteError),
    row(meanAbsolutePercentageError),
    row(meanSquaredLogarithmicError),
    row(binaryCrossentropy, "fromLogits labelSmoothing axis posWeight", "probabilities", "sigmoid"),
    row(klDivergence, "", "probabilities"),
    row(cosineSimilarity, "axis"),
  ];
  return {
    meanSquaredError: mse, mse, meanAbsoluteError: mae, mae, meanAbsolutePercentageError: mape, mape, meanSquaredLogarithmicError: msle, msle,
    binaryCrossentropy: bce, bce,
    categoricalCrossentropy: row(categoricalCrossentropy, logits, "probabilities", "softmax"),
    sparseCategoricalCrossentropy: row(sparseCategoricalCrossentropy, `${logits} ignoreClass`, "classes", "softmax"),
    binaryFocalCrossentropy: row(binaryFocalCrossentropy, `${logits} applyClassBalancing alpha gamma`, "probabilities", "sigmoid"),
    categoricalFocalCrossentropy: row(categoricalFocalCrossentropy, `${logits} alpha gamma`, "probabilities", "softmax"),
    hinge: row(hinge), squaredHinge: row(squaredHinge), categoricalHinge: row(categoricalHinge, "", "probabilities"),
    klDivergence: kl, kld: kl, kullbackLeiblerDivergence: kl, poisson: row(poisson, "logInput"), logCosh: row(logCosh),
    cosineSimilarity: cosine, cosineProximity: cosine, huber: row(huber, "delta"),
    dice: row(dice, "axis", "probabilities"), tversky: row(tversky, "axis alpha beta", "probabilities"),
  }; // prettier-ignore
}

/** The names of all losses. */
export function lossNames(): readonly string[] {
  return Object.keys(table());
}

/** A loss by name, with its options, or a function of one's own. */
export type LossLike = string | LossConfig | Loss;

export interface ChosenLoss {
  /** Losses of examples. */
  readonly call: Loss;
  readonly labels: LabelKind;
  /** What a file holds; undefined for a function. */
  readonly config: LossConfig | undefined;
  readonly reduction: Reduction;
  /** The losses that `call` gave as the number that training lowers. */
  reduce(losses: Tensor, sampleWeight?: Tensor): Tensor;
  /** What makes probabilities of the predictions, where those are logits. */
  readonly link: Link | undefined;
}

/**
 * The loss a name or function means.
 *
 * linearOutput: the predictions come from a layer without activation, so a cross-entropy that was not told otherwise reads
 * them as logits. Throws ValueError on an unknown name or option, with the nearest that is known.
 */
export function getLoss(like: LossLike, linearOutput = false, where = "loss"): ChosenLoss {
  const chosen = (call: Loss, labels: LabelKind, config: LossConfig | undefined, reduction: Reduction, link: Link | undefined): ChosenLoss => ({
    call, labels, config, reduction, link, reduce: (values, sampleWeight) => reduce(values, reduction, sampleWeight),
  }); // prettier-ignore
  if (typeof like === "function") return chosen(like, "values", undefined, "sumOverBatchSize", undefined);
  const config = typeof like === "string" ? { name: like } : like;
  if (typeof config?.name !== "string") throw new ValueError(`${where}: expected a name, { name, …options } or a function, got ${JSON.stringify(like)}.`);
  const { call, options, labels, link } = lookUp(table(), config.name, where);
  const place = `${where} "${config.name}"`;
  checkOptions(config, ["name", "reduction", ...options], place);
  const { name: _name, reduction: asked = "sumOverBatchSize", ...given } = config;
  const reduction = reductionOf(asked, place);
  const fromLogits = config.fromLogits ?? (linearOutput && link !== undefined);
  const told = (link === undefined ? given : { ...given, fromLogits }) as never;
  const warn = link === undefined || fromLogits ? undefined : pairing(link, place);
  const plain: Loss = (yTrue, yPred) => {
    const losses = call(yTrue, yPred, told);
    warn?.(yPred);
    return losses;
  };
  const { ignoreClass } = config;
  const averaged = ignoreClass !== undefined && reduction !== "sum" && reduction !== "none";
  return chosen(averaged ? (yTrue, yPred) => mul(plain(yTrue, yPred), shareKept(yTrue, ignoreClass)) : plain, labels, config, reduction, fromLogits ? link : undefined);
}

/** By how much losses grow when those with an ignored label leave the mean. */
function shareKept(yTrue: Tensor, ignoreClass: number): Tensor {
  const kept = sum(cast(notEqual(cast(yTrue, "int32"), ignoreClass), "float32"));
  return div(yTrue.size, maximum(kept, 1));
}

const CURES: Readonly<Record<Link, string>> = {
  sigmoid: `For labels of which several can be 1 let the last layer end in "sigmoid"; if just one class is true use "categoricalCrossentropy".`,
  softmax: `If just one class is true let the last layer end in "softmax"; for labels of which several can be 1 use "binaryCrossentropy".`,
};

/** Says once when the last activation is not the one that a cross-entropy goes with. */
function pairing(link: Link, place: string): (yPred: Tensor) => void {
  let told = false;
  return ({ value: { op } }) => {
    if (told || op.name === link || !["sigmoid", "softmax", "relu", "tanh"].includes(op.name)) return;
    told = true;
    console.warn(`${place}: expected probabilities made by ${link}, the predictions are made by ${op.name}. ${CURES[link]}`);
  };
}
