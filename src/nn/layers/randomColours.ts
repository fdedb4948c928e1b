// Augmentation by colour: randomContrast, randomBrightness, randomGrayscale; hues: see randomHues.ts. Each image of a batch has a draw of its own, and only in training.
import { ShapeError, ValueError } from "../../base/errors.js";
import { checkNumber } from "../../base/options.js";
import { add, clip, less, mean, mul, randomUniform, sub, sum, tensor, where, type Tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { RandomImage } from "./randomImages.js";
import type { RandomLayerOptions } from "./randomLayer.js";
import { factorOf } from "./sampling.js";
import type { SpaceOptions } from "./space.js";

export interface ColourOptions extends RandomLayerOptions, SpaceOptions {
  /** A number f for [−f, f], or [low, high]. */
  readonly factor: number | readonly [low: number, high: number];
  /** Least and largest value of a pixel; default [0, 255]. */
  readonly valueRange?: readonly [least: number, most: number];
}

/** A layer that changes the colours of images by a factor drawn for each. */
export abstract class RandomColour extends RandomImage {
  readonly factor: readonly [number, number];
  readonly valueRange: readonly [number, number];

  /** least: 0 where a number f stands for [0, f] */
  protected constructor(defaultName: string, options: ColourOptions, least: number, most: number) {
    super(defaultName, options, ["factor", "valueRange"]);
    const { factor } = options;
    this.factor = factorOf(least === 0 && typeof factor === "number" ? [0, factor] : factor, `${this.where}: factor`, least, most);
    const [low, high] = options.valueRange ?? [0, 255];
    if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) throw new ValueError(`${this.where}: valueRange: expected [least, most], got ${JSON.stringify(options.valueRange)}.`);
    this.valueRange = [low, high];
  }

  /** A number for each image, in the factor's range. */
  protected drawn(images: Tensor): Tensor {
    return randomUniform([images.shape[0]!, 1, 1, 1], ...this.factor);
  }

  protected inRange(images: Tensor): Tensor {
    return clip(images, ...this.valueRange);
  }

  protected override ownConfig(): Config {
    return { factor: this.factor, valueRange: this.valueRange, ...this.imageConfig() };
  }
}

/** Options of randomContrast(). */
export interface RandomContrastOptions extends ColourOptions {}

/** What randomContrast() makes. */
export class RandomContrast extends RandomColour {
  override readonly type = "RandomContrast";

  constructor(options: RandomContrastOptions) {
    super("random_contrast", options, -1, Infinity);
  }

  protected changed(images: Tensor): Tensor {
    const average = mean(images, { axes: [1, 2], keepDims: true });
    return this.inRange(add(mul(sub(images, average), add(this.drawn(images), 1)), average));
  }
}

/**
 * In training, (x − mean) · (1 + u) + mean with the mean of each channel of each image, u in the range of `factor`; then brought into valueRange. What Keras writes
 * factor=(a, b) is [−a, b] here.
 *
 * x: [batch, height, width, channels], or by dataFormat. Throws ValueError for a factor below −1.
 */
export function randomContrast(options: RandomContrastOptions): RandomContrast {
  return new RandomContrast(options);
}

/** Options of randomBrightness(). */
export interface RandomBrightnessOptions extends ColourOptions {}

/** What randomBrightness() makes. */
export class RandomBrightness extends RandomColour {
  override readonly type = "RandomBrightness";

  constructor(options: RandomBrightnessOptions) {
    super("random_brightness", options, -1, 1);
  }

  protected changed(images: Tensor): Tensor {
    const [low, high] = this.valueRange;
    return this.inRange(add(images, mul(this.drawn(images), high - low)));
  }
}

/**
 * In training, x + u · (width of valueRange), u in the range of `factor`; then brought into valueRange.
 *
 * x: [batch, height, width, channels], or by dataFormat. Throws ValueError for a factor beyond ±1.
 */
export function randomBrightness(options: RandomBrightnessOptions): RandomBrightness {
  return new RandomBrightness(options);
}

/** Options of randomGrayscale(). */
export interface RandomGrayscaleOptions extends RandomLayerOptions, SpaceOptions {
  /** The share of images that lose their colours; default 0.5. */
  readonly factor?: number;
}

/** How bright red, green and blue appear.   ITU-R BT.601 */
const LUMA = [0.2989, 0.587, 0.114];

/** What randomGrayscale() makes. */
export class RandomGrayscale extends RandomImage {
  override readonly type = "RandomGrayscale";
  readonly factor: number;

  constructor(options: RandomGrayscaleOptions = {}) {
    super("random_grayscale", options, ["factor"]);
    this.factor = checkNumber(options.factor ?? 0.5, `${this.where}: factor`, 0, 1);
  }

  protected changed(images: Tensor): Tensor {
    if (images.shape[3] !== 3) throw new ShapeError(`${this.where}: expected images of 3 channels, got ${images.shape[3]}.`);
    const grey = sum(mul(images, tensor(LUMA)), { axes: [-1], keepDims: true });
    return where(less(randomUniform([images.shape[0]!, 1, 1, 1]), this.factor), grey, images);
  }

  protected override ownConfig(): Config {
    return { factor: this.factor, ...this.imageConfig() };
  }
}

/** In training, makes a share of the images grey, 0.2989 red + 0.587 green + 0.114 blue in each channel. x: [batch, height, width, 3], or by dataFormat. Throws ShapeError for other channels. */
export function randomGrayscale(options: RandomGrayscaleOptions = {}): RandomGrayscale {
  return new RandomGrayscale(options);
}
