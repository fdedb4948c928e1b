// Augmentation by hue and saturation: randomHue, randomSaturation. As if by way of HSV, of which only what changes is computed.
import { ShapeError } from "../../base/errors.js";
import { add, clip, div, equal, less, max, maximum, min, minimum, mul, randomUniform, remainder, slice, sub, tensor, where, type Tensor } from "../../engine/index.js";
import { RandomColour, type ColourOptions } from "./randomColours.js";

/** Keeps the division by a difference of channels finite. */
const SMALLEST = 1e-7;

/** Options of randomSaturation(). */
export interface RandomSaturationOptions extends Omit<ColourOptions, "factor"> {
  /** A number f for [0, f], or [low, high], in [0, 1]: 0 is grey, 0.5 leaves colours as they are, 1 is as strong as they get. */
  readonly factor: ColourOptions["factor"];
}

/** Largest and smallest channel. Throws ShapeError for images of another number of channels than three. */
function extremes(images: Tensor, where: string): readonly [largest: Tensor, smallest: Tensor] {
  if (images.shape[3] !== 3) throw new ShapeError(`${where}: expected images of 3 channels, got ${images.shape[3]}.`);
  return [max(images, { axes: [-1], keepDims: true }), min(images, { axes: [-1], keepDims: true })];
}

/** What randomSaturation() makes. */
export class RandomSaturation extends RandomColour {
  override readonly type = "RandomSaturation";

  constructor(options: RandomSaturationOptions) {
    super("random_saturation", options, 0, 1);
  }

  /** Hue and value stay where the distances from the largest channel grow alike; by as much as leaves the smallest in the range. */
  protected changed(images: Tensor): Tensor {
    const [largest, smallest] = extremes(images, this.where);
    const u = this.drawn(images);
    const most = div(sub(largest, this.valueRange[0]), maximum(sub(largest, smallest), SMALLEST));
    const scale = minimum(div(u, add(sub(1, u), SMALLEST)), most);
    return this.inRange(sub(largest, mul(sub(largest, images), scale)));
  }
}

/**
 * In training, multiplies the saturation of each image by u / (1 − u), u in the range of `factor`; at most to 1.
 *
 * x: [batch, height, width, 3], or by dataFormat. Throws ShapeError for other channels, ValueError for a factor beyond [0, 1].
 */
export function randomSaturation(options: RandomSaturationOptions): RandomSaturation {
  return new RandomSaturation(options);
}

/** Options of randomHue(). */
export interface RandomHueOptions extends Omit<ColourOptions, "factor"> {
  /** A number f for [0, f], or [low, high], in [0, 1]: parts of half a turn of the circle of colours, either way. */
  readonly factor: ColourOptions["factor"];
}

/** What randomHue() makes. */
export class RandomHue extends RandomColour {
  override readonly type = "RandomHue";

  constructor(options: RandomHueOptions) {
    super("random_hue", options, 0, 1);
  }

  protected changed(images: Tensor): Tensor {
    const [largest, smallest] = extremes(images, this.where);
    const chroma = sub(largest, smallest);
    const [r, g, b] = [0, 1, 2].map((channel) => slice(images, [0, 0, 0, channel], [...images.shape.slice(0, 3), 1])) as [Tensor, Tensor, Tensor];
    const between = (x: Tensor, y: Tensor, at: number): Tensor => add(div(sub(x, y), maximum(chroma, SMALLEST)), at);
    // In sixths of a turn: red at 0, green at 2, blue at 4.
    const hue = where(equal(largest, r), between(g, b, 0), where(equal(largest, g), between(b, r, 2), between(r, g, 4)));
    const sign = where(less(randomUniform([images.shape[0]!, 1, 1, 1]), 0.5), -1, 1);
    const turned = add(hue, mul(mul(this.drawn(images), sign), 3));
    const from = remainder(add(turned, tensor([5, 3, 1])), 6);
    return this.inRange(sub(largest, mul(chroma, clip(minimum(from, sub(4, from)), 0, 1))));
  }
}

/**
 * In training, turns the hue of each image by u / 2 of the circle of colours, either way, u in the range of `factor`.
 *
 * x: [batch, height, width, 3], or by dataFormat. Throws ShapeError for other channels, ValueError for a factor beyond [0, 1].
 */
export function randomHue(options: RandomHueOptions): RandomHue {
  return new RandomHue(options);
}
