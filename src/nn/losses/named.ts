// Losses by name, for compile: which there are, what options they take, what their labels look like.
import { ValueError } from "../../base/errors.js";
import { cast, div, maximum, mul, notEqual, sum, type Tensor } from "../../engine/index.js";
import { lookUp, type NameIn } from "../../base/names.js";
import { checkOptions } from "../../base/options.js";
import { binaryCrossentropy, binaryFocalCrossentropy, categoricalCrossentropy, categoricalFocalCrossentropy, klDivergence, poisson, sparseCategoricalCrossentropy } from "./crossentropy.js";
import type { Loss } from "./loss.js";
import { categoricalHinge, dice, hinge, squaredHinge, tversky } from "./margin.js";
import { reduce, reductionOf, type Reduction } from "./reduction.js";
import { cosineSimilarity, huber, logCosh, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredError, meanSquaredLogarithmicError } from "./regression.js";

/** What the labels of a loss look like: class numbers, values of the predictions' shape, in [0, 1] or not, or what only the loss knows. */
export type LabelKind = "classes" | "probabilities" | "values" | "any";

/** What makes probabilities of logits. */
export type Link = "sigmoid" | "softmax";

/** A loss with its options: those its function takes, and the reduction. */
export interface LossConfig {
  /** In either spelling: "huber", "binaryCrossentropy", "binary_crossentropy". */
  readonly name: LossName;
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

/** A loss, its options beside the reduction, its labels where they are not any values, and what its probabilities are made by. */
type Row = readonly [call: (yTrue: Tensor, yPred: Tensor, options: never) => Tensor, options?: string, labels?: LabelKind, link?: Link];

/** By name. Made when asked for: nothing runs at import. */
function table() {
  const logits = "fromLogits labelSmoothing axis";
  const bce: Row = [binaryCrossentropy, `${logits} posWeight`, "probabilities", "sigmoid"];
  const kld: Row = [klDivergence, "", "probabilities"];
  const cosine: Row = [cosineSimilarity, "axis"];
  return {
    meanSquaredError: [meanSquaredError], mse: [meanSquaredError],
    meanAbsoluteError: [meanAbsoluteError], mae: [meanAbsoluteError],
    meanAbsolutePercentageError: [meanAbsolutePercentageError], mape: [meanAbsolutePercentageError],
    meanSquaredLogarithmicError: [meanSquaredLogarithmicError], msle: [meanSquaredLogarithmicError],
    binaryCrossentropy: bce, bce,
    categoricalCrossentropy: [categoricalCrossentropy, logits, "probabilities", "softmax"],
    sparseCategoricalCrossentropy: [sparseCategoricalCrossentropy, `${logits} ignoreClass`, "classes", "softmax"],
    binaryFocalCrossentropy: [binaryFocalCrossentropy, `${logits} applyClassBalancing alpha gamma`, "probabilities", "sigmoid"],
    categoricalFocalCrossentropy: [categoricalFocalCrossentropy, `${logits} alpha gamma`, "probabilities", "softmax"],
    hinge: [hinge], squaredHinge: [squaredHinge], categoricalHinge: [categoricalHinge, "", "probabilities"],
    klDivergence: kld, kld: kld, kullbackLeiblerDivergence: kld, poisson: [poisson, "logInput"], logCosh: [logCosh],
    cosineSimilarity: cosine, cosineProximity: cosine, huber: [huber, "delta"],
    dice: [dice, "axis", "probabilities"], tversky: [tversky, "axis alpha beta", "probabilities"],
  } satisfies Readonly<Record<string, Row>>; // prettier-ignore
}

/** The names of all losses. */
export function lossNames(): readonly string[] {
  return Object.keys(table());
}

/** "meanSquaredError", "mean_squared_error", "mse" … */
export type LossName = NameIn<ReturnType<typeof table>>;

/** A loss by name, with its options, or a function of one's own. */
export type LossLike = LossName | LossConfig | Loss;

/** A loss as training uses it. */
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
  if (typeof like === "function") return chosen(like, "any", undefined, "sumOverBatchSize", undefined);
  const config = typeof like === "string" ? { name: like } : like;
  if (typeof config?.name !== "string") throw new ValueError(`${where}: expected a name, { name, …options } or a function, got ${JSON.stringify(like)}.`);
  const [call, options = "", labels = "values", link] = lookUp<Row>(table(), config.name, where);
  const place = `${where} "${config.name}"`;
  checkOptions(config, `name reduction ${options}`.trim().split(" "), place);
  const { name: _name, reduction: asked = "sumOverBatchSize", ...given } = config;
  const reduction = reductionOf(asked, place);
  const fromLogits = config.fromLogits ?? (linearOutput && link !== undefined);
  const told = (link === undefined ? given : { ...given, fromLogits }) as never;
  const warn = link === undefined ? undefined : pairing(link, fromLogits, place);
  const plain: Loss = (yTrue, yPred) => {
    const losses = call(yTrue, yPred, told);
    warn?.(yPred);
    return losses;
  };
  const { ignoreClass } = config;
  const lastAxis = labels !== "classes" || (config.axis ?? -1) === -1;
  const averaged = ignoreClass !== undefined && reduction !== "sum" && reduction !== "none";
  return chosen(averaged ? (yTrue, yPred) => mul(plain(yTrue, yPred), shareKept(yTrue, ignoreClass)) : plain, lastAxis ? labels : "any", config, reduction, fromLogits ? link : undefined);
}

/** By how much losses grow when those with an ignored label leave the mean. */
function shareKept(yTrue: Tensor, ignoreClass: number): Tensor {
  const kept = sum(cast(notEqual(cast(yTrue, "int32"), ignoreClass), "float32"));
  return div(yTrue.size, maximum(kept, 1));
}

/** Says once when the last activation is not the one that a cross-entropy goes with. */
function pairing(link: Link, fromLogits: boolean, place: string): (yPred: Tensor) => void {
  let told = false;
  return ({ value: { op } }) => {
    if (told || (op.name === link) !== fromLogits || !["sigmoid", "softmax", "relu", "tanh"].includes(op.name)) return;
    told = true;
    const cure = fromLogits ? "Leave fromLogits out." : 'If one class is true: "softmax" and "categoricalCrossentropy"; if several can be: "sigmoid" and "binaryCrossentropy".';
    console.warn(`${place}: expected ${fromLogits ? "logits" : `probabilities made by ${link}`}, the predictions are made by ${op.name}. ${cure}`);
  };
}
