// Noise during training: added (gaussianNoise), multiplied (gaussianDropout), and dropout that keeps mean and variance of selu networks (alphaDropout).
import { add, bernoulli, mul, randomNormal, sub, type Tensor } from "../../engine/index.js";
import type { Shape } from "../../base/shape.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { checkNoise, drawnShape, noiseShapeOf, type DropoutOptions, type NoiseShape } from "./dropout.js";
import { RandomLayer, type RandomLayerOptions } from "./randomLayer.js";

/** Options of gaussianNoise(). */
export interface GaussianNoiseOptions extends RandomLayerOptions {
  /** Standard deviation of the noise, from 0. */
  readonly stddev: number;
}

/** What gaussianNoise() makes. */
export class GaussianNoise extends RandomLayer {
  override readonly type = "GaussianNoise";
  readonly stddev: number;

  constructor(options: GaussianNoiseOptions) {
    super("gaussian_noise", options, ["stddev"]);
    this.stddev = checkNumber(options.stddev, `${this.where}: stddev`, 0);
  }

  protected override isActive(): boolean {
    return this.stddev > 0;
  }

  protected draw(x: Tensor): Tensor {
    return add(x, randomNormal(x.shape, 0, this.stddev));
  }

  protected override ownConfig(): Config {
    return { stddev: this.stddev, ...this.seedConfig() };
  }
}

/** During training, adds normal noise of mean 0 and deviation `stddev` to each element; otherwise nothing happens. */
export function gaussianNoise(options: GaussianNoiseOptions): GaussianNoise {
  return new GaussianNoise(options);
}

/** Options of gaussianDropout(). */
export interface RateOptions extends RandomLayerOptions {
  /** As dropout's, in [0, 1). */
  readonly rate: number;
}

/** What gaussianDropout() makes. */
export class GaussianDropout extends RandomLayer {
  override readonly type = "GaussianDropout";
  readonly rate: number;

  constructor(options: RateOptions) {
    super("gaussian_dropout", options, ["rate"]);
    this.rate = checkNumber(options.rate, `${this.where}: rate`, 0, 1, true);
  }

  protected override isActive(): boolean {
    return this.rate > 0;
  }

  protected draw(x: Tensor): Tensor {
    return mul(x, randomNormal(x.shape, 1, Math.sqrt(this.rate / (1 - this.rate))));
  }

  protected override ownConfig(): Config {
    return { rate: this.rate, ...this.seedConfig() };
  }
}

/** During training, multiplies each element by a normal number of mean 1 and the variance that dropout's mask has, rate / (1 − rate).   Srivastava et al. 2014, section 10 */
export function gaussianDropout(options: RateOptions): GaussianDropout {
  return new GaussianDropout(options);
}

/** What selu goes to at −∞: −α · scale. Klambauer et al. 2017 */
const SATURATED = -1.6732632423543772 * 1.0507009873554805;

/** What alphaDropout() makes. */
export class AlphaDropout extends RandomLayer {
  override readonly type = "AlphaDropout";
  readonly rate: number;

  readonly noiseShape: NoiseShape | undefined;

  constructor(options: DropoutOptions) {
    super("alpha_dropout", options, ["rate", "noiseShape"]);
    this.rate = checkNumber(options.rate, `${this.where}: rate`, 0, 1, true);
    this.noiseShape = noiseShapeOf(options, this.where);
  }

  override outputShape(input: Shape): Shape {
    return checkNoise(this.noiseShape, input, this.where);
  }

  protected override isActive(): boolean {
    return this.rate > 0;
  }

  /** a · (x or what selu saturates at) + b, with a and b such that elements of mean 0 and variance 1 keep both. */
  protected draw(x: Tensor): Tensor {
    const { rate } = this;
    const a = 1 / Math.sqrt((1 - rate) * (1 + rate * SATURATED * SATURATED));
    const b = -a * SATURATED * rate;
    const kept = bernoulli(drawnShape(this.noiseShape, x), 1 - rate);
    return add(mul(add(mul(x, kept), mul(sub(1, kept), SATURATED)), a), b);
  }

  protected override ownConfig(): Config {
    return { rate: this.rate, ...(this.noiseShape && { noiseShape: this.noiseShape }), ...this.seedConfig() };
  }
}

/** Dropout for selu networks: during training, elements become what selu gives at −∞ with probability `rate`, and all are scaled so that mean 0 and variance 1 stay.   Klambauer et al. 2017 */
export function alphaDropout(options: DropoutOptions): AlphaDropout {
  return new AlphaDropout(options);
}
