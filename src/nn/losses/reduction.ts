// From the losses of examples to the one number that training lowers.
import { ShapeError } from "../../base/errors.js";
import { sameShape, showShape, type Shape } from "../../base/shape.js";
import { cast, div, mean, mul, reshape, sum, type Tensor } from "../../engine/index.js";
import { lookUp } from "../../base/names.js";

/** How losses become one number; "none" leaves them as they are. "mean" and "sumOverBatchSize" are the same: sample weights change the sum, not the number it is divided by. */
export type Reduction = "sumOverBatchSize" | "mean" | "meanWithSampleWeight" | "sum" | "none";

const REDUCTIONS: Readonly<Record<Reduction, (values: Tensor, weights: Tensor | undefined) => Tensor>> = {
  sumOverBatchSize: (values) => mean(values),
  mean: (values) => mean(values),
  meanWithSampleWeight: (values, weights) => (weights === undefined ? mean(values) : div(sum(values), sum(weights))),
  sum: (values) => sum(values),
  none: (values) => values,
};

/** A reduction in either spelling. Throws ValueError for another word. */
export function reductionOf(name: string, where: string): Reduction {
  return lookUp(Object.fromEntries(Object.keys(REDUCTIONS).map((key) => [key, key as Reduction])), name, `${where}: reduction`);
}

/**
 * Losses of examples, [batch, …], as one number.
 *
 * sampleWeight: [batch], or of the leading axes of the losses: each is multiplied by its weight first   reduction: default "sumOverBatchSize"
 */
export function reduce(losses: Tensor, reduction: Reduction = "sumOverBatchSize", sampleWeight?: Tensor): Tensor {
  const rule = REDUCTIONS[reductionOf(reduction, "reduce")];
  if (sampleWeight === undefined) return rule(losses, undefined);
  // A loss of the whole batch, as dice, counts as often as there are weights.
  const weights = losses.shape.length === 0 ? sampleWeight : weightsOf(sampleWeight, losses.shape);
  const beside = reshape(weights, [...weights.shape, ...losses.shape.slice(weights.shape.length).map(() => 1)]);
  const weighted = mul(losses, beside);
  return rule(weighted, mul(beside, weighted.size / beside.size));
}

/** Weights as float32, of the leading axes of a shape. Throws ShapeError when they are of none. */
export function weightsOf(sampleWeight: Tensor, shape: Shape): Tensor {
  const weight = cast(sampleWeight, "float32");
  const { shape: own } = weight;
  if (own.length <= shape.length && sameShape(own, shape.slice(0, own.length))) return weight;
  // [batch, 1] is how a column of weights comes out of a table.
  if (own.length === shape.length + 1 && own.at(-1) === 1 && sameShape(own.slice(0, -1), shape)) return reshape(weight, shape);
  throw new ShapeError(`sampleWeight: expected a weight an example, ${showShape(shape.slice(0, 1))}, or of the leading axes of ${showShape(shape)}; got ${showShape(own)}.`);
}
