// Initializers: the values weights start from. Computed on the host from (seed, stream) alone, so they are the same on every platform.
import { ValueError } from "../base/errors.js";
import { createRandom, type Random } from "../base/random.js";
import { sizeOf, type Shape } from "../base/shape.js";
import { lookUp } from "./names.js";
import { checkNumber } from "./options.js";

export interface InitializerConfig {
  readonly [option: string]: number;
}

/** A rule for starting values, and its options: enough to make it again from a file. */
export interface Initializer {
  readonly name: string;
  readonly config: InitializerConfig;
  /** Values of a weight. random: where they come from, unless the initializer has a seed of its own. */
  values(shape: Shape, random: Random): Float32Array;
}

/** A name ("glorotUniform", "glorot_uniform"), an initializer, or one as a file holds it. */
export type InitializerLike = string | Initializer | { readonly name: string; readonly config?: InitializerConfig };

export interface SeedOption {
  /** Draws from a sequence of its own instead of the model's. */
  readonly seed?: number;
}

/** All 0. */
export const zeros = (): Initializer => constantValues("zeros", 0, {});
/** All 1. */
export const ones = (): Initializer => constantValues("ones", 1, {});

/** All `value`. */
export function constant({ value = 0 }: { readonly value?: number } = {}): Initializer {
  return constantValues("constant", checkNumber(value, "constant initializer: value"), { value });
}

/** Normal with `mean` and standard deviation `stddev`. */
export function randomNormal({ mean = 0, stddev = 0.05, seed }: { readonly mean?: number; readonly stddev?: number } & SeedOption = {}): Initializer {
  return drawn("randomNormal", { mean, stddev }, seed, () => (random) => mean + stddev * random.normal());
}

/** Uniform in [minval, maxval). */
export function randomUniform({ minval = -0.05, maxval = 0.05, seed }: { readonly minval?: number; readonly maxval?: number } & SeedOption = {}): Initializer {
  return drawn("randomUniform", { minval, maxval }, seed, () => (random) => random.uniform(minval, maxval));
}

/** Normal, with values farther than two standard deviations from the mean drawn again. */
export function truncatedNormal({ mean = 0, stddev = 0.05, seed }: { readonly mean?: number; readonly stddev?: number } & SeedOption = {}): Initializer {
  return drawn("truncatedNormal", { mean, stddev }, seed, () => (random) => mean + stddev * truncated(random));
}

/** Uniform within ±√(6 / (fanIn + fanOut)). Glorot & Bengio 2010 */
export const glorotUniform = /* @__PURE__ */ scaled("glorotUniform", 1, "average", "uniform");
/** Truncated normal of variance 2 / (fanIn + fanOut). Glorot & Bengio 2010 */
export const glorotNormal = /* @__PURE__ */ scaled("glorotNormal", 1, "average", "normal");
/** Uniform within ±√(6 / fanIn). He et al. 2015 */
export const heUniform = /* @__PURE__ */ scaled("heUniform", 2, "in", "uniform");
/** Truncated normal of variance 2 / fanIn. He et al. 2015 */
export const heNormal = /* @__PURE__ */ scaled("heNormal", 2, "in", "normal");
/** Uniform within ±√(3 / fanIn). LeCun et al. 1998 */
export const lecunUniform = /* @__PURE__ */ scaled("lecunUniform", 1, "in", "uniform");
/** Truncated normal of variance 1 / fanIn. LeCun et al. 1998 */
export const lecunNormal = /* @__PURE__ */ scaled("lecunNormal", 1, "in", "normal");

const INITIALIZERS: Readonly<Record<string, (config: InitializerConfig) => Initializer>> = {
  zeros, ones, constant, randomNormal, randomUniform, truncatedNormal,
  glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal,
}; // prettier-ignore

/** The initializer that a name, a configuration or an initializer means. Throws ValueError on an unknown name. */
export function getInitializer(like: InitializerLike, where = "initializer"): Initializer {
  if (typeof like === "string") return lookUp(INITIALIZERS, like, where)({});
  if (typeof like !== "object" || like === null) throw new ValueError(`${where}: expected a name or an initializer, got ${String(like)}.`);
  return "values" in like ? like : lookUp(INITIALIZERS, like.name, where)(like.config ?? {});
}

/** How a layer's configuration writes an initializer down. */
export function initializerConfig(initializer: Initializer): { readonly name: string; readonly config: InitializerConfig } {
  return { name: initializer.name, config: initializer.config };
}

function constantValues(name: string, value: number, config: InitializerConfig): Initializer {
  return { name, config, values: (shape) => new Float32Array(sizeOf(shape)).fill(value) };
}

function drawn(name: string, config: InitializerConfig, seed: number | undefined, draw: (shape: Shape) => (random: Random) => number): Initializer {
  return {
    name,
    config: seed === undefined ? config : { ...config, seed },
    values(shape, shared) {
      const random = seed === undefined ? shared : createRandom(seed);
      const next = draw(shape);
      const values = new Float32Array(sizeOf(shape));
      for (let i = 0; i < values.length; i++) values[i] = next(random);
      return values;
    },
  };
}

/** Standard deviation of a standard normal cut off at ±2; dividing by it restores the wanted variance. */
const TRUNCATED_DEVIATION = 0.8796256610342398;

function truncated(random: Random): number {
  let value = random.normal();
  while (Math.abs(value) > 2) value = random.normal();
  return value;
}

/** Variance scaling: variance = scale / fan. */
function scaled(name: string, scale: number, mode: "in" | "average", kind: "uniform" | "normal"): (options?: SeedOption) => Initializer {
  return ({ seed } = {}) =>
    drawn(name, {}, seed, (shape) => {
      const { fanIn, fanOut } = fans(shape);
      const variance = scale / Math.max(1, mode === "in" ? fanIn : (fanIn + fanOut) / 2);
      if (kind === "normal") {
        const stddev = Math.sqrt(variance) / TRUNCATED_DEVIATION;
        return (random) => stddev * truncated(random);
      }
      const limit = Math.sqrt(3 * variance);
      return (random) => random.uniform(-limit, limit);
    });
}

/** Connections into and out of a unit. Kernels are [...window, in, out]; a vector counts as square. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * shape[shape.length - 2]!, fanOut: window * shape[shape.length - 1]! };
}
