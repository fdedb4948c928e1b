// Layers that change the size of signals, images and volumes: zeros around them, less of their borders, every pixel several times.
import { ShapeError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { pad, repeat, resizeBicubic, resizeBilinear, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkWord } from "../../base/options.js";
import { Space, type Rank, type SidesOf, type Sizes, type SpaceOptions } from "./space.js";

interface ZeroPaddingOptions<R extends Rank> extends LayerOptions, SpaceOptions {
  /** Zeros on every side, default 1; or a number or [before, after] for each axis. */
  readonly padding?: number | Sizes<R> | SidesOf<R> | (R extends 1 ? readonly [number, number] : never);
}
/** Options of zeroPadding1d(). */
export type ZeroPadding1DOptions = ZeroPaddingOptions<1>;
/** Options of zeroPadding2d(). */
export type ZeroPadding2DOptions = ZeroPaddingOptions<2>;
/** Options of zeroPadding3d(). */
export type ZeroPadding3DOptions = ZeroPaddingOptions<3>;

interface CroppingOptions<R extends Rank> extends LayerOptions, SpaceOptions {
  /** Pixels to cut off every side, default 1 (of images: 0); or a number or [before, after] for each axis. */
  readonly cropping?: number | Sizes<R> | SidesOf<R> | (R extends 1 ? readonly [number, number] : never);
}
/** Options of cropping1d(). */
export type Cropping1DOptions = CroppingOptions<1>;
/** Options of cropping2d(). */
export type Cropping2DOptions = CroppingOptions<2>;
/** Options of cropping3d(). */
export type Cropping3DOptions = CroppingOptions<3>;

/** Options of upSampling1d(). */
export interface UpSampling1DOptions extends LayerOptions {
  /** How often each step comes; default 2. */
  readonly size?: number;
}
interface UpSamplingOptions<R extends Rank> extends LayerOptions, SpaceOptions {
  /** How often each pixel comes, along every axis or each; default 2. */
  readonly size?: number | Sizes<R>;
}
const UP_SAMPLING = ["nearest", "bilinear", "bicubic"] as const;
type UpSamplingInterpolation = (typeof UP_SAMPLING)[number];

/** Options of upSampling2d(). */
export interface UpSampling2DOptions extends UpSamplingOptions<2> {
  /** "nearest" (default); "bilinear": linearly between the centres of four pixels; or "bicubic": by cubic curves through sixteen. */
  readonly interpolation?: UpSamplingInterpolation;
}
/** Options of upSampling3d(). */
export type UpSampling3DOptions = UpSamplingOptions<3>;

/** What a layer over a space does to channels-last tensors. */
abstract class Resized<R extends Rank> extends Layer {
  protected readonly space: Space<R>;

  protected constructor(defaultName: string, rank: R, options: LayerOptions & SpaceOptions, own: readonly string[]) {
    super(defaultName, options, [...own, "dataFormat"]);
    this.space = new Space(rank, options, `"${this.name}"`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => this.call(x));
  }

  call(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => this.resize(images));
  }

  /** Steps are not where they were. */
  override computeMask(): undefined {
    return undefined;
  }

  protected abstract resize(images: Tensor): Tensor;
}

/** What zeroPadding1d(), zeroPadding2d() and zeroPadding3d() make. */
export class ZeroPadding<R extends Rank> extends Resized<R> {
  override readonly type: string;
  readonly padding: SidesOf<R>;

  constructor(rank: R, options: ZeroPaddingOptions<R>) {
    super(`zero_padding${rank}d`, rank, options, ["padding"]);
    this.type = `ZeroPadding${rank}D`;
    this.padding = this.space.sides(options.padding ?? 1, `"${this.name}": padding`);
  }

  protected resize(images: Tensor): Tensor {
    return pad(images, [[0, 0], ...this.padding, [0, 0]]);
  }

  protected override ownConfig(): Config {
    return { padding: this.padding, ...this.space.config() };
  }
}

/** What cropping1d(), cropping2d() and cropping3d() make. */
export class Cropping<R extends Rank> extends Resized<R> {
  override readonly type: string;
  readonly cropping: SidesOf<R>;

  constructor(rank: R, options: CroppingOptions<R>) {
    super(`cropping${rank}d`, rank, options, ["cropping"]);
    this.type = `Cropping${rank}D`;
    this.cropping = this.space.sides(options.cropping ?? (rank === 2 ? 0 : 1), `"${this.name}": cropping`);
  }

  protected resize(images: Tensor): Tensor {
    const begin = [0, ...this.cropping.map(([before]) => before), 0];
    const size = images.shape.map((dim, axis) => dim - begin[axis]! - (this.cropping[axis - 1]?.[1] ?? 0));
    if (size.some((dim, axis) => dim < 1 && images.shape[axis]! > 0)) throw new ShapeError(`cropping ${JSON.stringify(this.cropping)} leaves nothing.`);
    return images.slice(begin, size);
  }

  protected override ownConfig(): Config {
    return { cropping: this.cropping, ...this.space.config() };
  }
}

/** What upSampling1d(), upSampling2d() and upSampling3d() make. */
export class UpSampling<R extends Rank> extends Resized<R> {
  override readonly type: string;
  readonly size: Sizes<R>;
  readonly interpolation: UpSamplingInterpolation;

  constructor(rank: R, options: UpSamplingOptions<R> & { readonly interpolation?: UpSamplingInterpolation }) {
    super(`up_sampling${rank}d`, rank, options, rank === 2 ? ["size", "interpolation"] : ["size"]);
    this.type = `UpSampling${rank}D`;
    this.size = this.space.sizes(options.size ?? 2, `"${this.name}": size`);
    this.interpolation = checkWord(options.interpolation ?? "nearest", UP_SAMPLING, `"${this.name}": interpolation`);
  }

  protected resize(images: Tensor): Tensor {
    if (this.interpolation === "nearest") return this.size.reduce((x: Tensor, times, i) => (times === 1 ? x : repeat(x, times, i + 1)), images);
    const size = this.size.map((times, i) => times * images.shape[i + 1]!);
    return this.interpolation === "bicubic" ? resizeBicubic(images, size) : resizeBilinear(images, size, { halfPixelCenters: true });
  }

  protected override ownConfig(): Config {
    return { size: this.size, ...(this.space.rank === 2 && { interpolation: this.interpolation }), ...this.space.config() };
  }
}

/** Zeros before and after. x: [batch, steps, channels]. */
export function zeroPadding1d(options: ZeroPadding1DOptions = {}): ZeroPadding<1> {
  return new ZeroPadding(1, options);
}

/** Zeros around images. x: [batch, height, width, channels]. */
export function zeroPadding2d(options: ZeroPadding2DOptions = {}): ZeroPadding<2> {
  return new ZeroPadding(2, options);
}

/** Zeros around volumes. x: [batch, depth, height, width, channels]. */
export function zeroPadding3d(options: ZeroPadding3DOptions = {}): ZeroPadding<3> {
  return new ZeroPadding(3, options);
}

/** Signals without their ends. x: [batch, steps, channels]. Throws ShapeError when nothing is left. */
export function cropping1d(options: Cropping1DOptions = {}): Cropping<1> {
  return new Cropping(1, options);
}

/** Images without their borders. x: [batch, height, width, channels]. Throws ShapeError when nothing is left. */
export function cropping2d(options: Cropping2DOptions = {}): Cropping<2> {
  return new Cropping(2, options);
}

/** Volumes without their borders. x: [batch, depth, height, width, channels]. Throws ShapeError when nothing is left. */
export function cropping3d(options: Cropping3DOptions = {}): Cropping<3> {
  return new Cropping(3, options);
}

/** Every step `size` times. x: [batch, steps, channels]   result: [batch, steps · size, channels] */
export function upSampling1d(options: UpSampling1DOptions = {}): UpSampling<1> {
  return new UpSampling(1, options);
}

/** Every pixel as a block of `size`, or values between pixels. x: [batch, height, width, channels]. */
export function upSampling2d(options: UpSampling2DOptions = {}): UpSampling<2> {
  return new UpSampling(2, options);
}

/** Every voxel as a block of `size`. x: [batch, depth, height, width, channels]. */
export function upSampling3d(options: UpSampling3DOptions = {}): UpSampling<3> {
  return new UpSampling(3, options);
}
