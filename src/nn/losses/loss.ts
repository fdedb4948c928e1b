// What a loss is, and what all losses share: labels brought to the shape of the predictions, smoothing, and the way back from probabilities to logits.
import { ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, showShape } from "../../base/shape.js";
import { add, cast, mean, mul, reshape, Tensor, transpose } from "../../engine/index.js";
import { checkNumber, checkWhole } from "../../base/options.js";

/** Loss of each example: yTrue and yPred to [batch, …without the last axis]. */
export type Loss = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Probabilities are kept this far from 0 and 1, so that their logarithm stays finite. As Keras. */
export const EPSILON = 1e-7;

/** For losses of probabilities. */
export interface LogitsOption {
  /** yPred are logits: any numbers, not probabilities; default false. */
  readonly fromLogits?: boolean;
}

/** For losses that take labels for less than certain. */
export interface SmoothingOption {
  /** Share of the labels, in [0, 1), that is spread evenly over all classes; default 0. */
  readonly labelSmoothing?: number;
}

/** For functions of what lies along one axis. */
export interface AxisOption {
  /** Axis of the classes, or of the vectors; default −1. */
  readonly axis?: number;
}

/** Labels as float32 of the predictions' shape; [batch] stands for [batch, 1]. Throws ShapeError. */
export function labelsFor(yTrue: Tensor, yPred: Tensor, where: string, cure = ""): Tensor {
  if (!(yPred instanceof Tensor && yTrue instanceof Tensor)) throw new ValueError(`${where}: expected tensors. Write tensor(…) around arrays.`);
  if (yPred.shape.at(-1) === 1 && inputOf(yPred, "softmax")) {
    throw new ValueError(`${where}: the predictions ${showShape(yPred.shape)} are made by softmax over one unit, which is always 1. Use activation "sigmoid", or a unit for each class.`);
  }
  const y = cast(yTrue, "float32");
  if (sameShape(y.shape, yPred.shape)) return y;
  if (yPred.shape.at(-1) === 1 && sameShape(y.shape, yPred.shape.slice(0, -1))) return reshape(y, yPred.shape);
  throw new ShapeError(`${where}: expected labels of the predictions' shape ${showShape(yPred.shape)}, got ${showShape(yTrue.shape)}.${cure}`);
}

/** (1 − s)·y + s / parts: the share s of all labels is spread over the parts. */
export function smoothed(y: Tensor, share: number, parts: number, where: string): Tensor {
  return checkNumber(share, `${where}: labelSmoothing`, 0, 1, true) === 0 ? y : add(mul(y, 1 - share), share / parts);
}

/** The same tensor with one axis moved to the end. */
export function withLast(x: Tensor, axis: number, where: string): Tensor {
  const rank = x.shape.length;
  const at = axisOf(x, axis, where);
  return at === rank - 1 ? x : transpose(x, [...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== at), at]);
}

/** An axis counted from the start. Throws ValueError when there is no such axis. */
export function axisOf({ shape }: Tensor, axis: number, where: string): number {
  const at = checkWhole(axis, `${where}: axis`, -shape.length) + (axis < 0 ? shape.length : 0);
  if (at >= shape.length) throw new ValueError(`${where}: axis ${axis} does not exist in predictions ${showShape(shape)}.`);
  return at;
}

/** The tensor an activation was applied to, along the last axis, if predictions are its result; reshapes do not occur between them. */
export function inputOf(prediction: Tensor, activation: "softmax" | "sigmoid"): Tensor | undefined {
  const { value } = prediction;
  if (value.op.name !== activation) return undefined;
  const axis = value.attrs["axis"];
  const last = axis === undefined || axis === -1 || axis === value.shape.length - 1;
  return activation === "sigmoid" || last ? new Tensor(value.inputs[0]!) : undefined;
}

export function lastMean(x: Tensor): Tensor {
  return mean(x, { axes: [-1] });
}
