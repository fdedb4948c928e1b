// Normalisation over tensors, lifted from nodes; formulas and sources stand with the ops. scale and offset come last, as options.
import { batchNorm as batchNormOp } from "../ops/batchNorm.js";
import type { DataFormat } from "../ops/dataFormat.js";
import { groupNorm as groupNormOp } from "../ops/groupNorm.js";
import { instanceNorm as instanceNormOp } from "../ops/instanceNorm.js";
import { layerNorm as layerNormOp } from "../ops/layerNorm.js";
import { rmsNorm as rmsNormOp } from "../ops/rmsNorm.js";
import { constant, type Value } from "../graph/value.js";
import { Tensor, valueOf, type Axes, type TensorLike } from "./tensor.js";

interface Affine {
  /** Added to the variance. */
  readonly epsilon?: number;
  /** Multiplied and added after. */
  readonly scale?: TensorLike;
  readonly offset?: TensorLike;
}

/** Options of layerNorm(). */
export interface LayerNormOptions extends Affine {
  /** Axes over which mean and variance are taken, by either name; the last when absent. */
  readonly axes?: Axes;
  readonly axis?: Axes;
}

/** Options of instanceNorm(). */
export interface InstanceNormOptions extends Affine {
  readonly dataFormat?: DataFormat;
}

/** Options of groupNorm(). */
export interface GroupNormOptions extends InstanceNormOptions {
  /** Parts of equal size that the channels are cut into. */
  readonly groups: number;
}

/**
 * (x − mean) / √(variance + ε) · scale + offset, channel by channel, by statistics that are given: those of moments(), or running ones.
 *
 * x: [..., channels]   the others: [channels]; scale is 1 and offset 0 when absent, epsilon 1e-3   Throws ShapeError when one has another length.
 */
export function batchNorm(x: TensorLike, mean: TensorLike, variance: TensorLike, offset?: TensorLike, scale?: TensorLike, epsilon = 1e-3): Tensor {
  const [value, centre, spread] = [valueOf(x), valueOf(mean), valueOf(variance)];
  const row = (given: TensorLike | undefined, filled: number): Value => (given === undefined ? constant(filled, "float32", centre.shape) : valueOf(given));
  return new Tensor(batchNormOp(value, centre, spread, row(scale, 1), row(offset, 0), { epsilon }));
}

/** (x − mean) / √(variance + ε) · scale + offset over axes; scale and offset have x's shape along them, epsilon is 1e-5. Throws ShapeError when they have not. */
export function layerNorm(x: TensorLike, { axes, axis = -1, ...affine }: LayerNormOptions = {}): Tensor {
  return new Tensor(layerNormOp(valueOf(x), { axes: axes ?? axis, ...valuesOf(affine) }));
}

/** x / √(mean of x² + ε) · scale over axes; epsilon is 1e-6. Throws ShapeError for a scale that has not x's shape along them. */
export function rmsNorm(x: TensorLike, { axes, axis = -1, ...affine }: Omit<LayerNormOptions, "offset"> = {}): Tensor {
  return new Tensor(rmsNormOp(valueOf(x), { axes: axes ?? axis, ...valuesOf(affine) }));
}

/** layerNorm over all pixels and a group of channels of each example; scale and offset: [channels]. Throws ValueError when groups do not divide the channels. */
export function groupNorm(x: TensorLike, { groups, dataFormat, ...affine }: GroupNormOptions): Tensor {
  return new Tensor(groupNormOp(valueOf(x), { groups, dataFormat, ...valuesOf(affine) }));
}

/** groupNorm with a group for each channel. */
export function instanceNorm(x: TensorLike, { dataFormat, ...affine }: InstanceNormOptions = {}): Tensor {
  return new Tensor(instanceNormOp(valueOf(x), { dataFormat, ...valuesOf(affine) }));
}

function valuesOf({ epsilon, scale, offset }: Affine): { epsilon?: number; scale?: Value; offset?: Value } {
  return { ...(epsilon !== undefined && { epsilon }), ...(scale !== undefined && { scale: valueOf(scale) }), ...(offset !== undefined && { offset: valueOf(offset) }) };
}
