// Dropout: sets elements, or whole channels, to 0 at random during training. Srivastava et al. 2014; channels: Tompson et al. 2015
import { ShapeError, ValueError } from "../../base/errors.js";
import { showShape, type Shape } from "../../base/shape.js";
import { bernoulli, dropout as drop, mul, type Tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { RandomLayer, type RandomLayerOptions } from "./randomLayer.js";
import { Space, type Rank, type SpaceOptions } from "./space.js";

/** Shape of a draw, with the batch; null where it is that of the input. */
export type NoiseShape = readonly (number | null)[];

/** Options of dropout() and alphaDropout(). */
export interface DropoutOptions extends RandomLayerOptions {
  /** Share of elements to drop, in [0, 1). */
  readonly rate: number;
  /** Shape of the mask, with the batch: 1 where one draw serves a whole axis, null (or the size) where each place has its own. Default: a draw for each element. */
  readonly noiseShape?: NoiseShape | null;
}

/** What dropout() makes. */
export class Dropout extends RandomLayer {
  override readonly type = "Dropout";
  readonly rate: number;
  readonly noiseShape: NoiseShape | undefined;

  constructor(options: DropoutOptions) {
    super("dropout", options, ["rate", "noiseShape"]);
    this.rate = checkNumber(options.rate, `${this.where}: rate`, 0, 1, true);
    this.noiseShape = noiseShapeOf(options, this.where);
  }

  override outputShape(input: Shape): Shape {
    return checkNoise(this.noiseShape, input, this.where);
  }

  protected override isActive(): boolean {
    return this.rate > 0;
  }

  protected draw(x: Tensor): Tensor {
    return this.noiseShape ? dropped(x, this.rate, drawnShape(this.noiseShape, x)) : drop(x, this.rate);
  }

  protected override ownConfig(): Config {
    return { rate: this.rate, ...(this.noiseShape && { noiseShape: this.noiseShape }), ...this.seedConfig() };
  }
}

/** The shape that options give, or none. Throws ValueError for what is no list. */
export function noiseShapeOf({ noiseShape }: DropoutOptions, where: string): NoiseShape | undefined {
  if (noiseShape === undefined || noiseShape === null) return undefined;
  if (!Array.isArray(noiseShape)) throw new ValueError(`${where}: noiseShape: expected a list of sizes and nulls, got ${JSON.stringify(noiseShape)}.`);
  return (noiseShape as NoiseShape).slice();
}

/** The shape of one example, which a draw fits. Throws ShapeError where it does not broadcast to it. */
export function checkNoise(noiseShape: NoiseShape | undefined, input: Shape, where: string): Shape {
  const fits = !noiseShape || (noiseShape.length === input.length + 1 && noiseShape.slice(1).every((size, axis) => size === null || size === 1 || size === input[axis]));
  if (!fits) throw new ShapeError(`${where}: noiseShape: expected null, 1 or the size for each axis of [batch, ${input.join(", ")}], got ${JSON.stringify(noiseShape)}.`);
  return input;
}

/** The shape of a draw for x. */
export function drawnShape(noiseShape: NoiseShape | undefined, { shape }: Tensor): Shape {
  if (noiseShape === undefined) return shape;
  const mask = noiseShape.map((size, axis) => size ?? shape[axis]!);
  if (mask.some((size, axis) => size !== 1 && size !== shape[axis])) throw new ShapeError(`dropout: a mask ${showShape(mask)} does not broadcast to ${showShape(shape)}.`);
  return mask;
}

/** x times a mask of 0 and 1 / (1 − rate), which broadcasts. */
function dropped(x: Tensor, rate: number, mask: Shape): Tensor {
  return mul(x, mul(bernoulli(mask, 1 - rate), 1 / (1 - rate)));
}

/** During training, each element is 0 with probability `rate` and else divided by 1 − rate, so that its mean stays; otherwise nothing happens. */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}

/** Options of spatialDropout1d(). */
export interface SpatialDropout1DOptions extends RandomLayerOptions {
  /** Share of channels to drop, in [0, 1). */
  readonly rate: number;
}

/** Options of spatialDropout2d() and spatialDropout3d(). */
export interface SpatialDropoutOptions extends SpatialDropout1DOptions, SpaceOptions {}

/** What spatialDropout1d(), spatialDropout2d() and spatialDropout3d() make. */
export class SpatialDropout<R extends Rank> extends RandomLayer {
  override readonly type: string;
  readonly rate: number;
  private readonly space: Space<R>;

  constructor(rank: R, options: SpatialDropoutOptions) {
    super(`spatial_dropout${rank}d`, options, rank === 1 ? ["rate"] : ["rate", "dataFormat"]);
    this.type = `SpatialDropout${rank}D`;
    this.rate = checkNumber(options.rate, `${this.where}: rate`, 0, 1, true);
    this.space = new Space(rank, options, this.where);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => x);
  }

  protected override isActive(): boolean {
    return this.rate > 0;
  }

  protected draw(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => dropped(images, this.rate, images.shape.map((size, axis) => (axis === 0 || axis === images.shape.length - 1 ? size : 1))));
  }

  protected override ownConfig(): Config {
    return { rate: this.rate, ...this.space.config(), ...this.seedConfig() };
  }
}

/** Dropout of whole channels: each channel of a sequence is 0 with probability `rate` during training, else divided by 1 − rate. x: [batch, steps, channels]. */
export function spatialDropout1d(options: SpatialDropout1DOptions): SpatialDropout<1> {
  return new SpatialDropout(1, options);
}

/** The same for images. x: [batch, height, width, channels], or by dataFormat. */
export function spatialDropout2d(options: SpatialDropoutOptions): SpatialDropout<2> {
  return new SpatialDropout(2, options);
}

/** The same for volumes. x: [batch, depth, height, width, channels], or by dataFormat. */
export function spatialDropout3d(options: SpatialDropoutOptions): SpatialDropout<3> {
  return new SpatialDropout(3, options);
}
