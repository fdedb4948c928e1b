// Initializers: the values weights start from. Computed on the host from (seed, stream) alone, so they are the same on every platform.
import { ShapeError, ValueError } from "../base/errors.js";
import { createRandom, type Random } from "../base/random.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import { lookUp, type NameIn } from "../base/names.js";
import { checkNumber, checkOptions, checkWord } from "../base/options.js";

/** Options of an initializer, as files hold them. */
export interface InitializerConfig {
  readonly [option: string]: number | string;
}

/** A rule for starting values, and its options: enough to make it again from a file. */
export interface Initializer {
  readonly name: string;
  readonly config: InitializerConfig;
  /** Values of a weight. random: where they come from, unless the initializer has a seed of its own. */
  values(shape: Shape, random: Random): Float32Array;
}

/** "glorotUniform", "glorot_uniform" … */
export type InitializerName = NameIn<typeof INITIALIZERS>;

/** A name ("glorotUniform", "glorot_uniform"), an initializer, or one as a file holds it. */
export type InitializerLike = InitializerName | Initializer | { readonly name: InitializerName; readonly config?: InitializerConfig };

/** The option of initializers that draw. */
export interface SeedOption {
  /** Draws from a sequence of its own instead of the model's. */
  readonly seed?: number;
}

/** All 0. */
export const zeros = (): Initializer => constantValues("zeros", 0, {});
/** All 1. */
export const ones = (): Initializer => constantValues("ones", 1, {});

/** All `value`. */
export function constant(options: { readonly value?: number } = {}): Initializer {
  const { value = 0 } = checkOptions(options, ["value"], "constant initializer");
  return constantValues("constant", checkNumber(value, "constant initializer: value"), { value });
}

/** Options of randomNormal() and truncatedNormal(). */
export interface NormalOptions extends SeedOption {
  /** Default 0. */
  readonly mean?: number;
  /** Default 0.05. */
  readonly stddev?: number;
}

function normalOptions(options: NormalOptions, name: string): NormalOptions {
  checkOptions(options, ["mean", "stddev", "seed"], `${name} initializer`);
  checkNumber(options.mean ?? 0, `${name} initializer: mean`);
  checkNumber(options.stddev ?? 0, `${name} initializer: stddev`, 0);
  return options;
}

/** Normal with `mean` and standard deviation `stddev`. */
export function randomNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = normalOptions(options, "randomNormal");
  return drawn("randomNormal", { mean, stddev }, seed, () => (random) => mean + stddev * random.normal());
}

/** Uniform in [minval, maxval). */
export function randomUniform(options: { readonly minval?: number; readonly maxval?: number } & SeedOption = {}): Initializer {
  const { minval = -0.05, maxval = 0.05, seed } = checkOptions(options, ["minval", "maxval", "seed"], "randomUniform initializer");
  checkNumber(minval, "randomUniform initializer: minval");
  checkNumber(maxval, "randomUniform initializer: maxval", minval);
  return drawn("randomUniform", { minval, maxval }, seed, () => (random) => random.uniform(minval, maxval));
}

/** Normal, with values farther than two standard deviations from the mean drawn again. */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = normalOptions(options, "truncatedNormal");
  return drawn("truncatedNormal", { mean, stddev }, seed, () => (random) => mean + stddev * truncated(random));
}

/** `gain` (default 1) on the diagonal of a matrix, 0 elsewhere. Throws ShapeError for weights of another rank. */
export function identity(options: { readonly gain?: number } = {}): Initializer {
  const { gain = 1 } = checkOptions(options, ["gain"], "identity initializer");
  checkNumber(gain, "identity initializer: gain");
  return {
    name: "identity",
    config: { gain },
    values(shape) {
      if (shape.length !== 2) throw new ShapeError(`identity initializer: expected a matrix, got ${showShape(shape)}.`);
      const [rows, columns] = shape as readonly [number, number];
      const values = new Float32Array(rows * columns);
      for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
      return values;
    },
  };
}

/**
 * `gain` (default 1) times a matrix with orthonormal columns, or rows where there are fewer of them; axes in front of the last count as rows.
 *
 * Throws ShapeError for a vector.   Saxe, McClelland & Ganguli 2014
 */
export function orthogonal(options: { readonly gain?: number } & SeedOption = {}): Initializer {
  const { gain = 1, seed } = checkOptions(options, ["gain", "seed"], "orthogonal initializer");
  checkNumber(gain, "orthogonal initializer: gain");
  return {
    name: "orthogonal",
    config: seed === undefined ? { gain } : { gain, seed },
    values(shape, shared) {
      if (shape.length < 2) throw new ShapeError(`orthogonal initializer: expected a matrix or a kernel, got ${showShape(shape)}.`);
      const columns = shape[shape.length - 1]!;
      const rows = sizeOf(shape.slice(0, -1));
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
      const vectors = orthonormal(count, length, seed === undefined ? shared : createRandom(seed));
      return Float32Array.from({ length: rows * columns }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        return gain * (rows >= columns ? vectors[column]![row]! : vectors[row]![column]!);
      });
    },
  };
}

/** What a variance is divided by: connections into a unit, out of it, or their mean. */
const MODES = ["fanIn", "fanOut", "fanAvg"] as const;
const DISTRIBUTIONS = ["truncatedNormal", "untruncatedNormal", "uniform"] as const;

/** Options of varianceScaling(). */
export interface VarianceScalingOptions extends SeedOption {
  /** Above 0; default 1. */
  readonly scale?: number;
  /** Default "fanIn". */
  readonly mode?: (typeof MODES)[number];
  /** Default "truncatedNormal"; either spelling. */
  readonly distribution?: (typeof DISTRIBUTIONS)[number];
}

/** Mean 0 and variance scale / fan: the initializers named after Glorot, He and LeCun are cases of it. Throws ValueError for a scale that is not above 0. */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const { scale = 1, mode = "fanIn", distribution = "truncatedNormal", seed } = checkOptions(options, ["scale", "mode", "distribution", "seed"], "varianceScaling");
  if (checkNumber(scale, "varianceScaling: scale", 0) === 0) throw new ValueError("varianceScaling: scale: expected a number above 0, got 0.");
  const rule = { scale, mode: checkWord(camel(mode), MODES, "varianceScaling: mode"), distribution: checkWord(camel(distribution), DISTRIBUTIONS, "varianceScaling: distribution") };
  return drawn("varianceScaling", rule, seed, (shape) => scaledDraw(shape, rule));
}

/** Uniform within ±√(6 / (fanIn + fanOut)). Glorot & Bengio 2010 */
export const glorotUniform = /* @__PURE__ */ scaled("glorotUniform", 1, "fanAvg", "uniform");
/** Truncated normal of variance 2 / (fanIn + fanOut). Glorot & Bengio 2010 */
export const glorotNormal = /* @__PURE__ */ scaled("glorotNormal", 1, "fanAvg", "truncatedNormal");
/** Uniform within ±√(6 / fanIn). He et al. 2015 */
export const heUniform = /* @__PURE__ */ scaled("heUniform", 2, "fanIn", "uniform");
/** Truncated normal of variance 2 / fanIn. He et al. 2015 */
export const heNormal = /* @__PURE__ */ scaled("heNormal", 2, "fanIn", "truncatedNormal");
/** Uniform within ±√(3 / fanIn). LeCun et al. 1998 */
export const lecunUniform = /* @__PURE__ */ scaled("lecunUniform", 1, "fanIn", "uniform");
/** Truncated normal of variance 1 / fanIn. LeCun et al. 1998 */
export const lecunNormal = /* @__PURE__ */ scaled("lecunNormal", 1, "fanIn", "truncatedNormal");

type MakeInitializer = (config: InitializerConfig) => Initializer;

const INITIALIZERS = {
  zeros, ones, constant, randomNormal, randomUniform, truncatedNormal, normal: randomNormal, uniform: randomUniform, identity, orthogonal, varianceScaling,
  glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal,
} satisfies Readonly<Record<string, MakeInitializer>>; // prettier-ignore

/** The initializer that a name, a configuration or an initializer means. Throws ValueError on an unknown name. */
export function getInitializer(like: InitializerLike, where = "initializer"): Initializer {
  if (typeof like === "string") return lookUp<MakeInitializer>(INITIALIZERS, like, where)({});
  if (typeof like !== "object" || like === null) throw new ValueError(`${where}: expected a name or an initializer, got ${String(like)}.`);
  return "values" in like ? like : lookUp<MakeInitializer>(INITIALIZERS, like.name, where)(like.config ?? {});
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

interface Scaling {
  readonly scale: number;
  readonly mode: (typeof MODES)[number];
  readonly distribution: (typeof DISTRIBUTIONS)[number];
}

function scaled(name: string, scale: number, mode: Scaling["mode"], distribution: Scaling["distribution"]): (options?: SeedOption) => Initializer {
  return (options = {}) => drawn(name, {}, checkOptions(options, ["seed"], `${name} initializer`).seed, (shape) => scaledDraw(shape, { scale, mode, distribution }));
}

function scaledDraw(shape: Shape, { scale, mode, distribution }: Scaling): (random: Random) => number {
  const { fanIn, fanOut } = fans(shape);
  const variance = scale / Math.max(1, { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode]);
  if (distribution === "untruncatedNormal") {
    const deviation = Math.sqrt(variance);
    return (random) => deviation * random.normal();
  }
  if (distribution === "truncatedNormal") {
    const stddev = Math.sqrt(variance) / TRUNCATED_DEVIATION;
    return (random) => stddev * truncated(random);
  }
  const limit = Math.sqrt(3 * variance);
  return (random) => random.uniform(-limit, limit);
}

/** "fan_avg" as "fanAvg". */
function camel(word: unknown): unknown {
  return typeof word === "string" ? word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : word;
}

/** Vectors of length 1 at right angles, in float64: normal draws, each less its parts along those before it (Gram and Schmidt), twice, since once leaves rounding errors. */
function orthonormal(count: number, length: number, random: Random): readonly Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) {
        let part = 0;
        for (let i = 0; i < length; i++) part += vector[i]! * other[i]!;
        for (let i = 0; i < length; i++) vector[i]! -= part * other[i]!;
      }
    }
    const size = Math.sqrt(vector.reduce((total, x) => total + x * x, 0));
    vectors.push(vector.map((x) => x / size));
  }
  return vectors;
}

/** Connections into and out of a unit. Kernels are [...window, in, out]; a vector counts as square. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * shape[shape.length - 2]!, fanOut: window * shape[shape.length - 1]! };
}
