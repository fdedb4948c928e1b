// Augmentation by cutting out: randomCrop. Each image of a batch has a place of its own, and only in training.
import type { Shape } from "../../base/shape.js";
import { checkWhole } from "../../base/options.js";
import { add, arange, cast, floor, gather, minimum, mul, randomUniform, reshape, type Tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { cropped } from "./images.js";
import { RandomLayer, type RandomLayerOptions } from "./randomLayer.js";
import { Space, type SpaceOptions } from "./space.js";

/** Options of randomCrop(). */
export interface RandomCropOptions extends RandomLayerOptions, SpaceOptions {
  /** Pixels of the result. */
  readonly height: number;
  readonly width: number;
}

/** What randomCrop() makes. */
export class RandomCrop extends RandomLayer {
  override readonly type = "RandomCrop";
  readonly height: number;
  readonly width: number;
  private readonly space: Space<2>;

  constructor(options: RandomCropOptions) {
    super("random_crop", options, ["height", "width", "dataFormat"]);
    this.height = checkWhole(options.height, `${this.where}: height`);
    this.width = checkWhole(options.width, `${this.where}: width`);
    this.space = new Space(2, options, this.where);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => this.steady(x));
  }

  protected override steady(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => cropped(images, this.height, this.width));
  }

  protected draw(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => this.cut(images));
  }

  private cut(images: Tensor): Tensor {
    const { height, width } = this;
    const [batch, h, w, channels] = images.shape as readonly [number, number, number, number];
    if (h < height || w < width) return cropped(images, height, width);
    /** One of `places` for each image, and the `size` pixels from there on. */
    const drawn = (places: number, size: number): Tensor => {
      // u · places may round up to places.
      const begin = minimum(floor(mul(randomUniform([batch, 1]), places)), places - 1);
      return add(cast(begin, "int32"), arange(size));
    };
    const rows = reshape(add(drawn(h - height + 1, height), mul(reshape(arange(batch), [batch, 1]), h)), [batch, height, 1]);
    const columns = reshape(drawn(w - width + 1, width), [batch, 1, width]);
    return gather(reshape(images, [batch * h * w, channels]), add(mul(rows, w), columns));
  }

  protected override ownConfig(): Config {
    return { height: this.height, width: this.width, ...this.space.config(), ...this.seedConfig() };
  }
}

/**
 * In training, cuts height · width pixels out of every image at a place of its own; otherwise its middle. Smaller images are enlarged, as by centerCrop.
 *
 * x: [batch, height, width, channels], or by dataFormat. Throws ValueError for sizes below 1.
 */
export function randomCrop(options: RandomCropOptions): RandomCrop {
  return new RandomCrop(options);
}
