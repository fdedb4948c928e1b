// Layers that bring images to a size: resizing, centerCrop.
import type { Shape } from "../../base/shape.js";
import { pad, resizeBicubic, resizeBilinear, resizeNearest, slice, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkNumber, checkWhole, checkWord } from "../../base/options.js";
import { Space, type SpaceOptions } from "./space.js";

interface SizeOptions extends LayerOptions, SpaceOptions {
  /** Pixels of the result. */
  readonly height: number;
  readonly width: number;
}

const INTERPOLATIONS = ["bilinear", "nearest"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** The interpolation that options name; default "bilinear". Throws ValueError for others. */
export function interpolationOf(value: unknown, where: string): Interpolation {
  return checkWord(value ?? "bilinear", INTERPOLATIONS, `${where}: interpolation`);
}

/** A layer whose result is images of height · width, channels-last inside. */
abstract class Sized extends Layer {
  readonly height: number;
  readonly width: number;
  protected readonly where: string;
  private readonly space: Space<2>;

  protected constructor(defaultName: string, options: SizeOptions, own: readonly string[]) {
    super(defaultName, options, ["height", "width", "dataFormat", ...own]);
    this.where = `${defaultName} "${this.name}"`;
    this.height = checkWhole(options.height, `${this.where}: height`);
    this.width = checkWhole(options.width, `${this.where}: width`);
    this.space = new Space(2, options, this.where);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => this.call(x));
  }

  call(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => this.sized(images));
  }

  protected abstract sized(images: Tensor): Tensor;

  protected override ownConfig(): Config {
    return { height: this.height, width: this.width, ...this.space.config() };
  }
}

/** The middle of images; what is odd is cut off the end. */
function middle(images: Tensor, height: number, width: number): Tensor {
  const [n, h, w, c] = images.shape as readonly [number, number, number, number];
  return slice(images, [0, Math.floor((h - height) / 2), Math.floor((w - width) / 2), 0], [n, height, width, c]);
}

function resized(images: Tensor, size: readonly [number, number], interpolation: Interpolation | "bicubic"): Tensor {
  if (interpolation === "bicubic") return resizeBicubic(images, size);
  return (interpolation === "nearest" ? resizeNearest : resizeBilinear)(images, size, { halfPixelCenters: true });
}

/** The largest part of images, around their middle, that has the ratio of height to width. */
function cropToRatio(images: Tensor, height: number, width: number): Tensor {
  const [, h, w] = images.shape as readonly [number, number, number, number];
  return middle(images, Math.max(1, Math.min(h, Math.floor((w * height) / width))), Math.max(1, Math.min(w, Math.floor((h * width) / height))));
}

/** Images with a border so that they have the ratio of height to width. */
function padToRatio(images: Tensor, height: number, width: number, value: number): Tensor {
  const [, h, w] = images.shape as readonly [number, number, number, number];
  const [tall, wide] = [Math.max(h, Math.floor((w * height) / width)), Math.max(w, Math.floor((h * width) / height))];
  const sides = (missing: number): readonly [number, number] => [Math.floor(missing / 2), Math.ceil(missing / 2)];
  return pad(images, [[0, 0], sides(tall - h), sides(wide - w), [0, 0]], value);
}

/** Options of resizing(). */
export interface ResizingOptions extends SizeOptions {
  /** "bilinear" (default), "nearest", or "bicubic": by cubic curves through sixteen pixels. */
  readonly interpolation?: Interpolation | "bicubic";
  /** Cuts off what would be stretched; default false. */
  readonly cropToAspectRatio?: boolean;
  /** Puts a border around instead of stretching; default false. */
  readonly padToAspectRatio?: boolean;
  /** Value of the border; default 0. */
  readonly fillValue?: number;
}

/** What resizing() makes. */
export class Resizing extends Sized {
  override readonly type = "Resizing";
  private readonly fitting: Required<Pick<ResizingOptions, "interpolation" | "cropToAspectRatio" | "padToAspectRatio" | "fillValue">>;

  constructor(options: ResizingOptions) {
    super("resizing", options, ["interpolation", "cropToAspectRatio", "padToAspectRatio", "fillValue"]);
    const { cropToAspectRatio = false, padToAspectRatio = false, fillValue = 0 } = options;
    this.fitting = {
      interpolation: checkWord(options.interpolation ?? "bilinear", [...INTERPOLATIONS, "bicubic"] as const, `${this.where}: interpolation`),
      cropToAspectRatio,
      padToAspectRatio: padToAspectRatio && !cropToAspectRatio,
      fillValue: checkNumber(fillValue, `${this.where}: fillValue`),
    };
  }

  protected sized(images: Tensor): Tensor {
    const { height, width } = this;
    const { interpolation, cropToAspectRatio, padToAspectRatio, fillValue } = this.fitting;
    const cut = cropToAspectRatio ? cropToRatio(images, height, width) : padToAspectRatio ? padToRatio(images, height, width, fillValue) : images;
    return resized(cut, [height, width], interpolation);
  }

  protected override ownConfig(): Config {
    return { ...super.ownConfig(), ...this.fitting };
  }
}

/** Images in another size, pixels being squares whose centres are compared. x: [batch, height, width, channels], or by dataFormat; float32. */
export function resizing(options: ResizingOptions): Resizing {
  return new Resizing(options);
}

/** The middle of images; smaller ones are cut to the ratio and enlarged. images: [batch, height, width, channels] */
export function cropped(images: Tensor, height: number, width: number): Tensor {
  const isLarge = images.shape[1]! >= height && images.shape[2]! >= width;
  return isLarge ? middle(images, height, width) : resized(cropToRatio(images, height, width), [height, width], "bilinear");
}

/** Options of centerCrop(). */
export type CenterCropOptions = SizeOptions;

/** What centerCrop() makes. */
export class CenterCrop extends Sized {
  override readonly type = "CenterCrop";

  constructor(options: CenterCropOptions) {
    super("center_crop", options, []);
  }

  protected sized(images: Tensor): Tensor {
    return cropped(images, this.height, this.width);
  }
}

/** The middle of images; smaller ones are cut to the ratio and enlarged. x: [batch, height, width, channels], or by dataFormat. */
export function centerCrop(options: CenterCropOptions): CenterCrop {
  return new CenterCrop(options);
}
