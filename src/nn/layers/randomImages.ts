// Augmentation by place: randomFlip, randomRotation, randomZoom, randomTranslation. Each image of a batch has a draw of its own, and only in training.
import type { Shape } from "../../base/shape.js";
import { add, cos, flip, less, mul, neg, randomUniform, sin, where, type Tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber, checkWord } from "../../base/options.js";
import { interpolationOf, type Interpolation } from "./images.js";
import { RandomLayer, type RandomLayerOptions } from "./randomLayer.js";
import { factorOf, fillModeOf, sampled, type AffineMap, type FillMode, type SamplingOptions } from "./sampling.js";
import { Space, type SpaceOptions } from "./space.js";

interface ImageOptions extends RandomLayerOptions, SpaceOptions {}

/** A layer that changes images, channels-last inside. */
export abstract class RandomImage extends RandomLayer {
  private readonly space: Space<2>;

  protected constructor(defaultName: string, options: ImageOptions, own: readonly string[]) {
    super(defaultName, options, ["dataFormat", ...own]);
    this.space = new Space(2, options, this.where);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => x);
  }

  protected draw(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => this.changed(images));
  }

  protected abstract changed(images: Tensor): Tensor;

  protected imageConfig(): Config {
    return { ...this.space.config(), ...this.seedConfig() };
  }
}

const FLIPS = ["horizontalAndVertical", "horizontal", "vertical"] as const;

/** Options of randomFlip(). */
export interface RandomFlipOptions extends ImageOptions {
  /** "horizontalAndVertical" (default), "horizontal" (left and right) or "vertical" (top and bottom). */
  readonly mode?: (typeof FLIPS)[number] | "horizontal_and_vertical";
}

/** What randomFlip() makes. */
export class RandomFlip extends RandomImage {
  override readonly type = "RandomFlip";
  readonly mode: (typeof FLIPS)[number];

  constructor(options: RandomFlipOptions = {}) {
    super("random_flip", options, ["mode"]);
    const { mode = "horizontalAndVertical" } = options;
    this.mode = checkWord(mode === "horizontal_and_vertical" ? "horizontalAndVertical" : mode, FLIPS, `${this.where}: mode`);
  }

  protected changed(images: Tensor): Tensor {
    const axes = { horizontal: [2], vertical: [1], horizontalAndVertical: [2, 1] }[this.mode];
    return axes.reduce((x, axis) => where(less(randomUniform([x.shape[0]!, 1, 1, 1]), 0.5), flip(x, axis), x), images);
  }

  protected override ownConfig(): Config {
    return { mode: this.mode, ...this.imageConfig() };
  }
}

/** In training, mirrors every image with probability ½, along each axis of the mode. x: [batch, height, width, channels], or by dataFormat. */
export function randomFlip(options: RandomFlipOptions = {}): RandomFlip {
  return new RandomFlip(options);
}

interface AffineOptions extends ImageOptions {
  /** What lies beyond the border: "constant", "nearest", "reflect" (default) or "wrap". */
  readonly fillMode?: FillMode;
  /** "bilinear" (default) or "nearest". */
  readonly interpolation?: Interpolation;
  /** Value beyond the border with fillMode "constant"; default 0. */
  readonly fillValue?: number;
}

/** A layer that moves pixels by an affine map. */
abstract class RandomAffine extends RandomImage {
  private readonly sampling: SamplingOptions;

  protected constructor(defaultName: string, options: AffineOptions, own: readonly string[]) {
    super(defaultName, options, ["fillMode", "interpolation", "fillValue", ...own]);
    this.sampling = {
      fillMode: fillModeOf(options.fillMode, this.where),
      interpolation: interpolationOf(options.interpolation, this.where),
      fillValue: checkNumber(options.fillValue ?? 0, `${this.where}: fillValue`),
    };
  }

  protected changed(images: Tensor): Tensor {
    const [batch, height, width] = images.shape as readonly [number, number, number, number];
    return sampled(images, { ...SAME, ...this.map((low, high) => randomUniform([batch, 1, 1], low, high), height, width) }, this.sampling);
  }

  /** What differs from the map that changes nothing. drawn: a number for each image, in [low, high) */
  protected abstract map(drawn: (low: number, high: number) => Tensor, height: number, width: number): Partial<AffineMap>;

  protected affineConfig(): Config {
    return { ...this.sampling, ...this.imageConfig() };
  }
}

const SAME: AffineMap = { yy: 1, yx: 0, xy: 0, xx: 1, dy: 0, dx: 0 };

/** Options of randomRotation(). */
export interface RandomRotationOptions extends AffineOptions {
  /** Range of angles as parts of a full turn, counter-clockwise: a number f for [−f, f], or [low, high]. */
  readonly factor: number | readonly [low: number, high: number];
}

/** What randomRotation() makes. */
export class RandomRotation extends RandomAffine {
  override readonly type = "RandomRotation";
  readonly factor: readonly [number, number];

  constructor(options: RandomRotationOptions) {
    super("random_rotation", options, ["factor"]);
    this.factor = factorOf(options.factor, `${this.where}: factor`);
  }

  protected map(drawn: (low: number, high: number) => Tensor): Partial<AffineMap> {
    const angle = drawn(2 * Math.PI * this.factor[0], 2 * Math.PI * this.factor[1]);
    return { yy: cos(angle), yx: sin(angle), xy: neg(sin(angle)), xx: cos(angle) };
  }

  protected override ownConfig(): Config {
    return { factor: this.factor, ...this.affineConfig() };
  }
}

/** In training, turns every image around its middle by an angle of its own. x: [batch, height, width, channels], or by dataFormat. Throws ValueError for a factor beyond ±1. */
export function randomRotation(options: RandomRotationOptions): RandomRotation {
  return new RandomRotation(options);
}

/** Options of randomZoom(). */
export interface RandomZoomOptions extends AffineOptions {
  /** Range by which the height seen grows: 0.2 to see 20 % more, which makes things smaller; a number f for [−f, f], or [low, high]. */
  readonly heightFactor: number | readonly [low: number, high: number];
  /** The same for the width; default: what was drawn for the height, so that nothing is stretched. */
  readonly widthFactor?: number | readonly [low: number, high: number] | null;
}

/** What randomZoom() makes. */
export class RandomZoom extends RandomAffine {
  override readonly type = "RandomZoom";
  readonly heightFactor: readonly [number, number];
  readonly widthFactor: readonly [number, number] | null;

  constructor(options: RandomZoomOptions) {
    super("random_zoom", options, ["heightFactor", "widthFactor"]);
    this.heightFactor = factorOf(options.heightFactor, `${this.where}: heightFactor`);
    this.widthFactor = options.widthFactor === undefined || options.widthFactor === null ? null : factorOf(options.widthFactor, `${this.where}: widthFactor`);
  }

  protected map(drawn: (low: number, high: number) => Tensor): Partial<AffineMap> {
    const scale = ([low, high]: readonly [number, number]): Tensor => add(drawn(low, high), 1);
    const yy = scale(this.heightFactor);
    return { yy, xx: this.widthFactor ? scale(this.widthFactor) : yy };
  }

  protected override ownConfig(): Config {
    return { heightFactor: this.heightFactor, widthFactor: this.widthFactor, ...this.affineConfig() };
  }
}

/** In training, zooms every image around its middle by a factor of its own. x: [batch, height, width, channels], or by dataFormat. Throws ValueError for a factor beyond ±1. */
export function randomZoom(options: RandomZoomOptions): RandomZoom {
  return new RandomZoom(options);
}

/** Options of randomTranslation(). */
export interface RandomTranslationOptions extends AffineOptions {
  /** Range of shifts downwards as parts of the height: a number f for [−f, f], or [low, high]. */
  readonly heightFactor: number | readonly [low: number, high: number];
  /** The same to the right, as parts of the width. */
  readonly widthFactor: number | readonly [low: number, high: number];
}

/** What randomTranslation() makes. */
export class RandomTranslation extends RandomAffine {
  override readonly type = "RandomTranslation";
  readonly heightFactor: readonly [number, number];
  readonly widthFactor: readonly [number, number];

  constructor(options: RandomTranslationOptions) {
    super("random_translation", options, ["heightFactor", "widthFactor"]);
    this.heightFactor = factorOf(options.heightFactor, `${this.where}: heightFactor`);
    this.widthFactor = factorOf(options.widthFactor, `${this.where}: widthFactor`);
  }

  protected map(drawn: (low: number, high: number) => Tensor, height: number, width: number): Partial<AffineMap> {
    const shift = ([low, high]: readonly [number, number], size: number): Tensor => mul(drawn(low, high), -size);
    return { dy: shift(this.heightFactor, height), dx: shift(this.widthFactor, width) };
  }

  protected override ownConfig(): Config {
    return { heightFactor: this.heightFactor, widthFactor: this.widthFactor, ...this.affineConfig() };
  }
}

/** In training, shifts every image by a part of its size of its own. x: [batch, height, width, channels], or by dataFormat. Throws ValueError for a factor beyond ±1. */
export function randomTranslation(options: RandomTranslationOptions): RandomTranslation {
  return new RandomTranslation(options);
}
