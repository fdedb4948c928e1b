// Activations with options, as layers: kinds of one layer, a row each. Formulas and sources stand with the engine's functions.
import { sameShape, type Shape } from "../../base/shape.js";
import {
  celu as celuOf, elu as eluOf, gelu as geluOf, glu as gluOf, greaterEqual, hardShrink as hardShrinkOf, minimum, mul, relu, silu as siluOf,
  softmax as softmaxOf, softShrink as softShrinkOf, sparsemax as sparsemaxOf, sub, threshold as thresholdOf, where, type Tensor,
} from "../../engine/index.js"; // prettier-ignore
import { squareplus as squareplusOf } from "../activations.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkNumber, checkWord } from "../../base/options.js";
import { shapeBy } from "./activation.js";

interface Kind<O extends object> {
  readonly type: string;
  readonly name: string;
  /** Every option: what is given, or its default, checked. */
  readonly options: { readonly [K in keyof O]: (value: unknown, where: string) => O[K] };
  readonly apply: (x: Tensor, options: O, mask?: Tensor) => Tensor;
}

export class ActivationWithOptions<O extends object> extends Layer {
  override readonly type: string;
  private readonly options: O & Config;

  constructor(private readonly kind: Kind<O>, options: LayerOptions) {
    super(kind.name, options, Object.keys(kind.options));
    this.type = kind.type;
    const given = options as { readonly [name: string]: unknown };
    const checks = Object.entries(kind.options) as [string, (value: unknown, where: string) => O[keyof O]][];
    this.options = Object.fromEntries(checks.map(([name, check]) => [name, check(given[name] ?? undefined, `${kind.name} "${this.name}": ${name}`)])) as O & Config;
  }

  override outputShape(input: Shape, from?: string): Shape {
    return shapeBy(this, input, from, (x) => this.kind.apply(x, this.options));
  }

  call(x: Tensor, { mask }: CallOptions): Tensor {
    return this.kind.apply(x, this.options, mask);
  }

  protected override ownConfig(): Config {
    return this.options;
  }
}

/** Options of reLU(): where its line begins, ends, and goes below. */
export interface ReLUOptions extends LayerOptions {
  /** Results are at most this; default: no bound. At least 0. */
  readonly maxValue?: number | null;
  /** Slope below the threshold, default 0. At least 0. */
  readonly negativeSlope?: number;
  /** Where the line begins, default 0. At least 0. */
  readonly threshold?: number;
}

const RELU: Kind<{ maxValue: number | null; negativeSlope: number; threshold: number }> = {
  type: "ReLU",
  name: "re_lu",
  options: {
    maxValue: (value = null, place) => (value === null ? null : checkNumber(value, place, 0)),
    negativeSlope: (value = 0, place) => checkNumber(value, place, 0),
    threshold: (value = 0, place) => checkNumber(value, place, 0),
  },
  apply(x, { maxValue, negativeSlope, threshold }) {
    const y = negativeSlope === 0 && threshold === 0 ? relu(x) : where(greaterEqual(x, threshold), x, mul(sub(x, threshold), negativeSlope));
    return maxValue === null ? y : minimum(y, maxValue);
  },
};

/** x from threshold on, at most maxValue; negativeSlope · (x − threshold) below. */
export function reLU(options: ReLUOptions = {}): Layer {
  return new ActivationWithOptions(RELU, options);
}

/** Options of leakyReLU(). */
export interface LeakyReLUOptions extends LayerOptions {
  /** Slope below 0, default 0.3. At least 0. */
  readonly negativeSlope?: number;
}

const LEAKY_RELU: Kind<{ negativeSlope: number }> = {
  type: "LeakyReLU",
  name: "leaky_re_lu",
  options: { negativeSlope: (value = 0.3, place) => checkNumber(value, place, 0) },
  apply: (x, { negativeSlope }) => where(greaterEqual(x, 0), x, mul(x, negativeSlope)),
};

/** x from 0 on, negativeSlope · x below.   Maas et al. 2013 */
export function leakyReLU(options: LeakyReLUOptions = {}): Layer {
  return new ActivationWithOptions(LEAKY_RELU, options);
}

/** Options of thresholdedReLU(). */
export interface ThresholdedReLUOptions extends LayerOptions {
  /** Default 1. At least 0. */
  readonly theta?: number;
}

const THRESHOLDED_RELU: Kind<{ theta: number }> = {
  type: "ThresholdedReLU",
  name: "thresholded_re_lu",
  options: { theta: (value = 1, place) => checkNumber(value, place, 0) },
  apply: (x, { theta }) => thresholdOf(x, theta, 0),
};

/** x above theta, else 0.   Konda et al. 2014 */
export function thresholdedReLU(options: ThresholdedReLUOptions = {}): Layer {
  return new ActivationWithOptions(THRESHOLDED_RELU, options);
}

/** Options of elu() and celu(). */
export interface AlphaOptions extends LayerOptions {
  /** Default 1. */
  readonly alpha?: number;
}

const ELU: Kind<{ alpha: number }> = {
  type: "ELU",
  name: "elu",
  options: { alpha: (value = 1, place) => checkNumber(value, place) },
  apply: (x, { alpha }) => eluOf(x, alpha),
};

/** x above 0, alpha · (eˣ − 1) below.   Clevert et al. 2016 */
export function elu(options: AlphaOptions = {}): Layer {
  return new ActivationWithOptions(ELU, options);
}

const CELU: Kind<{ alpha: number }> = {
  type: "CELU",
  name: "celu",
  options: { alpha: (value = 1, place) => checkNumber(value, place) },
  apply: (x, { alpha }) => celuOf(x, alpha),
};

/** x above 0, alpha · (e^(x / alpha) − 1) below.   Barron 2017 */
export function celu(options: AlphaOptions = {}): Layer {
  return new ActivationWithOptions(CELU, options);
}

/** Options of gelu(). */
export interface GELUOptions extends LayerOptions {
  /** false or "none" (default): with Φ itself; true or "tanh": within 5e-4; "sigmoid": x · sigmoid(1.702 x), within 0.0203. */
  readonly approximate?: boolean | "none" | "tanh" | "sigmoid";
}

const GELU: Kind<{ approximate: "none" | "tanh" | "sigmoid" }> = {
  type: "GELU",
  name: "gelu",
  options: {
    approximate: (value = false, place) => (typeof value === "boolean" ? (value ? "tanh" : "none") : checkWord(value, ["none", "tanh", "sigmoid"] as const, place)),
  },
  apply: (x, { approximate }) => geluOf(x, approximate),
};

/** x · Φ(x), Φ being the normal distribution function.   Hendrycks & Gimpel 2016 */
export function gelu(options: GELUOptions = {}): Layer {
  return new ActivationWithOptions(GELU, options);
}

/** Options of silu(). */
export interface SiLUOptions extends LayerOptions {
  /** Default 1. */
  readonly beta?: number;
}

const SILU: Kind<{ beta: number }> = {
  type: "SiLU",
  name: "silu",
  options: { beta: (value = 1, place) => checkNumber(value, place) },
  apply: (x, { beta }) => siluOf(x, beta),
};

/** x · sigmoid(beta · x), also called swish.   Ramachandran et al. 2017 */
export function silu(options: SiLUOptions = {}): Layer {
  return new ActivationWithOptions(SILU, options);
}

/** Options of softmax(), sparsemax() and glu(). */
export interface AxisOptions extends LayerOptions {
  /** Default −1, the last; 0 is that of the batch. */
  readonly axis?: number;
}

const SOFTMAX: Kind<{ axis: number }> = {
  type: "Softmax",
  name: "softmax",
  options: { axis: (value = -1, place) => checkNumber(value, place) },
  apply: (x, { axis }, mask) => softmaxOf(mask !== undefined && sameShape(mask.shape, x.shape) ? where(mask, x, HIDDEN) : x, axis),
};

/** So low that its exponential is 0 beside any other. */
const HIDDEN = -1e9;

/** eˣ / Σeˣ along an axis. A mask of x's shape leaves elements out. */
export function softmax(options: AxisOptions = {}): Layer {
  return new ActivationWithOptions(SOFTMAX, options);
}

const SPARSEMAX: Kind<{ axis: number }> = {
  type: "Sparsemax",
  name: "sparsemax",
  options: { axis: (value = -1, place) => checkNumber(value, place) },
  apply: (x, { axis }) => sparsemaxOf(x, axis),
};

/** The point of the simplex nearest to x along an axis: a softmax with zeros.   Martins & Astudillo 2016 */
export function sparsemax(options: AxisOptions = {}): Layer {
  return new ActivationWithOptions(SPARSEMAX, options);
}

const GLU: Kind<{ axis: number }> = {
  type: "GLU",
  name: "glu",
  options: { axis: (value = -1, place) => checkNumber(value, place) },
  apply: (x, { axis }) => gluOf(x, axis),
};

/** a · sigmoid(b) of the halves a and b of an axis.   Dauphin et al. 2016 */
export function glu(options: AxisOptions = {}): Layer {
  return new ActivationWithOptions(GLU, options);
}

/** Options of softShrink() and hardShrink(). */
export interface ShrinkOptions extends LayerOptions {
  /** Default 0.5. At least 0. */
  readonly lambda?: number;
}

const SOFT_SHRINK: Kind<{ lambda: number }> = {
  type: "SoftShrink",
  name: "soft_shrink",
  options: { lambda: (value = 0.5, place) => checkNumber(value, place, 0) },
  apply: (x, { lambda }) => softShrinkOf(x, lambda),
};

/** x brought nearer to 0 by lambda, 0 within. */
export function softShrink(options: ShrinkOptions = {}): Layer {
  return new ActivationWithOptions(SOFT_SHRINK, options);
}

const HARD_SHRINK: Kind<{ lambda: number }> = {
  type: "HardShrink",
  name: "hard_shrink",
  options: { lambda: (value = 0.5, place) => checkNumber(value, place, 0) },
  apply: (x, { lambda }) => hardShrinkOf(x, lambda),
};

/** x, 0 within ±lambda. */
export function hardShrink(options: ShrinkOptions = {}): Layer {
  return new ActivationWithOptions(HARD_SHRINK, options);
}

/** Options of squareplus(). */
export interface SquareplusOptions extends LayerOptions {
  /** Default 4. At least 0. */
  readonly b?: number;
}

const SQUAREPLUS: Kind<{ b: number }> = {
  type: "Squareplus",
  name: "squareplus",
  options: { b: (value = 4, place) => checkNumber(value, place, 0) },
  apply: (x, { b }) => squareplusOf(x, b),
};

/** (x + √(x² + b)) / 2.   Barron 2021 */
export function squareplus(options: SquareplusOptions = {}): Layer {
  return new ActivationWithOptions(SQUAREPLUS, options);
}
