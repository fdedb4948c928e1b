// Randomness: counter-based. A draw depends on (seed, stream, call counter, element); the counter is a variable, so programs carry it themselves.
import { checkOptions } from "../base/options.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "../ops/add.js";
import { argMax } from "../ops/argMax.js";
import { argsort } from "../ops/argsort.js";
import { cast } from "../ops/cast.js";
import { clip } from "../ops/clip.js";
import { dropout as dropoutOp } from "../ops/dropout.js";
import { erfinv } from "../ops/erfinv.js";
import { expandDims } from "../ops/expandDims.js";
import { floor } from "../ops/floor.js";
import { gather } from "../ops/gather.js";
import { log } from "../ops/log.js";
import { mul } from "../ops/mul.js";
import { neg } from "../ops/neg.js";
import { random, type RandomAttrs } from "../ops/random.js";
import { reshape } from "../ops/reshape.js";
import { slice } from "../ops/slice.js";
import { sub } from "../ops/sub.js";
import { dataLeaf } from "./source.js";
import { Tensor, valueOf, type TensorLike } from "./tensor.js";
import { currentTrace, type Trace } from "./trace.js";
import { Variable } from "./variable.js";

/** High words of the call counter: draws of eager code, of seeds of their own, and of programs (0) never meet. */
const EAGER = 1;
const SEEDED = 2;

let seed = 0;
let eagerCalls = 0;
let global: Variable | null = null;
/** Keys that a trace has used. */
const used = new WeakMap<Trace, Set<Variable>>();
let scope: Variable | null = null;

/** Restarts the generator: from here on, the same calls draw the same numbers. seed: an integer in [0, 2⁵³). */
export function setRandomSeed(value: number): void {
  seed = value;
  eagerCalls = 0;
  global?.store(keyData(value, 0));
}

/** The seed last set. */
export function randomSeed(): number {
  return seed;
}

/** A key of its own for a model: int32[4] {seed low, seed high, calls low, calls high}. Saved and restored like any variable. */
export function randomKeyVariable(of: number, name: string): Variable {
  return new Variable(keyData(of, 0), [4], "int32", { trainable: false, name });
}

/** Draws made in fn use this key instead of the global one. */
export function withRandomKey<T>(key: Variable, fn: () => T): T {
  const outer = scope;
  scope = key;
  try {
    return fn();
  } finally {
    scope = outer;
  }
}

/** Options of random draws. */
export interface DrawOptions {
  /** The same numbers every time, whatever was drawn before, and whatever setRandomSeed() said; in a program, at every call. An integer in [0, 2⁵³). */
  readonly seed?: number;
}

/** The key for one draw, and the stream that tells it from others of the same call. */
function draw(own?: number): { key: Value; stream: number } {
  if (own !== undefined) {
    if (!Number.isSafeInteger(own) || own < 0) throw new ValueError(`random: seed must be a whole number from 0 to 2^53 - 1, got ${own}.`);
    return { key: dataLeaf(keyData(own, 0, SEEDED), [4], "int32"), stream: 0 };
  }
  const trace = currentTrace();
  if (trace === null) return { key: dataLeaf(scope === null ? keyData(seed, eagerCalls++, EAGER) : advanced(scope), [4], "int32"), stream: 0 };
  const key = scope ?? (global ??= randomKeyVariable(seed, "random/key"));
  let keys = used.get(trace);
  if (keys === undefined) used.set(trace, (keys = new Set()));
  keys.add(key);
  return { key: trace.read(key), stream: trace.nextStream() };
}

/** What a key holds; its call counter goes up by one. */
function advanced(key: Variable): Int32Array {
  const now = key.snapshot() as Int32Array;
  key.store(Int32Array.of(now[0]!, now[1]!, now[2]! + 1, now[3]!));
  return now;
}

/** At the end of a trace: the call counters of the keys it used go up by one. */
export function finishRandom(trace: Trace): void {
  for (const key of used.get(trace) ?? []) {
    // One call after the other: 2³¹ of them before the low word wraps, which only repeats draws.
    trace.assign(key, add(trace.read(key), dataLeaf(Int32Array.of(0, 0, 1, 0), [4], "int32")));
  }
}

function keyData(of: number, calls: number, high = 0): Int32Array {
  return Int32Array.of(of | 0, Math.floor(of / 2 ** 32) | 0, calls | 0, high);
}

/**
 * x with a fraction `rate` of its elements set to 0 and the others divided by 1 − rate, so that the mean holds. The mask is never stored: the gradient
 * draws it again. Inside compile() every call draws another mask.   Srivastava et al. 2014
 */
export function dropout(x: TensorLike, rate: number): Tensor {
  const { key, stream } = draw();
  return new Tensor(dropoutOp(valueOf(x), key, { rate, stream }));
}

function drawn(attrs: Omit<RandomAttrs, "stream">, seed: number | undefined): Value {
  const { key, stream } = draw(seed);
  return random(key, { ...attrs, stream });
}

/** A number of a distribution; options in its place would quietly make every draw NaN. */
function checkParameter(value: unknown, where: string): void {
  if (typeof value !== "number") throw new ValueError(`${where}: expected a number, got ${JSON.stringify(value)}. Options as { seed } are the last argument.`);
}

/** The seed of a draw; a dtype in place of the options, and a seed after it, would go without a word. */
function seedOf(options: DrawOptions, where: string): number | undefined {
  return checkOptions(options, ["seed"], where).seed;
}

/** Uniform numbers in [min, max). Throws ValueError for a bound that is no number. */
export function randomUniform(shape: Shape, min = 0, max = 1, options: DrawOptions = {}): Tensor {
  checkParameter(min, "randomUniform: min");
  checkParameter(max, "randomUniform: max");
  return new Tensor(drawn({ distribution: "uniform", shape, a: min, b: max }, seedOf(options, "randomUniform")));
}

/** Normal numbers with the given mean and standard deviation. Throws ValueError where one is no number. */
export function randomNormal(shape: Shape, mean = 0, stdDev = 1, options: DrawOptions = {}): Tensor {
  checkParameter(mean, "randomNormal: mean");
  checkParameter(stdDev, "randomNormal: stdDev");
  return new Tensor(drawn({ distribution: "normal", shape, a: mean, b: stdDev }, seedOf(options, "randomNormal")));
}

/** erf √2: how likely a normal number lies within two standard deviations. */
const WITHIN_TWO = 0.9544997361036416;

/** Normal numbers that lie within two standard deviations of the mean: the inverse of the truncated distribution function, of uniform numbers. */
export function truncatedNormal(shape: Shape, mean = 0, stdDev = 1, options: DrawOptions = {}): Tensor {
  checkParameter(mean, "truncatedNormal: mean");
  checkParameter(stdDev, "truncatedNormal: stdDev");
  const x = mul(erfinv(drawn({ distribution: "uniform", shape, a: -WITHIN_TWO, b: WITHIN_TWO }, seedOf(options, "truncatedNormal"))), constant(Math.SQRT2));
  return new Tensor(add(mul(clip(x, { min: -2, max: 2 }), constant(stdDev)), constant(mean)));
}

/** The most numbers that randomInt tells apart: draws have 24 bits. */
const INTEGERS = 2 ** 24;

/** Whole numbers from min up to, not including, max, as int32; each with a probability that is off by at most 2⁻²⁴. Throws ValueError for more than 2²⁴ of them. */
export function randomInt(shape: Shape, min: number, max: number, options: DrawOptions = {}): Tensor {
  const count = max - min;
  if (!(Number.isInteger(min) && Number.isInteger(max) && count >= 1 && count <= INTEGERS)) {
    throw new ValueError(`randomInt: expected whole numbers min < max, at most ${INTEGERS} apart, got ${min} and ${max}.`);
  }
  const x = cast(floor(drawn({ distribution: "uniform", shape, a: 0, b: count }, seedOf(options, "randomInt"))), { dtype: "int32" });
  return new Tensor(add(x, constant(min, "int32")));
}

/** 1 with the given probability, else 0; float32. Throws ValueError for a probability outside [0, 1]. */
export function bernoulli(shape: Shape, probability: number, options: DrawOptions = {}): Tensor {
  checkParameter(probability, "bernoulli: probability");
  if (!(probability >= 0 && probability <= 1)) throw new ValueError(`bernoulli: probability must be a number from 0 to 1, got ${probability}.`);
  return new Tensor(drawn({ distribution: "bernoulli", shape, a: probability, b: 0 }, seedOf(options, "bernoulli")));
}

/** Options of categorical(). */
export interface CategoricalOptions extends DrawOptions {
  /** The rows are probabilities, not their logarithms. */
  readonly normalized?: boolean;
}

/**
 * Class numbers drawn with the probabilities softmax(logits), as int32: the largest of logits and Gumbel noise.
 *
 * logits: [classes] or [rows, classes]   returns [count] or [rows, count]   Throws ShapeError for another rank.   Gumbel 1954
 */
export function categorical(logits: TensorLike, count = 1, { seed, normalized = false }: CategoricalOptions = {}): Tensor {
  const given = valueOf(logits);
  const rank = given.shape.length;
  if (rank !== 1 && rank !== 2) throw new ShapeError(`categorical: logits must be [classes] or [rows, classes], got ${showShape(given.shape)}.`);
  const scores = expandDims(normalized ? log(given) : given, { axes: rank - 1 });
  const shape = [...given.shape.slice(0, -1), count, given.shape[rank - 1]!];
  const noise = log(neg(log(drawn({ distribution: "uniform", shape, a: 0, b: 1 }, seed))));
  return new Tensor(argMax(sub(scores, noise), { axis: -1 }));
}

/**
 * The numbers 0 … n − 1 in random order, as int32; of a tensor, its slices along the first axis in random order.
 *
 * Every order is equally likely up to 2⁻⁴⁸ a pair: sorted by 48 random bits.
 */
export function permutation(x: number | Tensor, { seed }: DrawOptions = {}): Tensor {
  const n = typeof x === "number" ? x : x.shape[0];
  if (n === undefined || !Number.isInteger(n) || n < 0) throw new ShapeError(`permutation: expected a whole number or a tensor of rank 1 or more, got ${typeof x === "number" ? x : "a scalar"}.`);
  const keys = drawn({ distribution: "uniform", shape: [2, n], a: 0, b: 1 }, seed);
  const key = (i: number): Value => reshape(slice(keys, { begin: [i, 0], size: [1, n] }), { shape: [n] });
  // Sorting by the second key first, then stably by the first, sorts by both.
  const second = argsort(key(1));
  const order = gather(second, argsort(gather(key(0), second)));
  return new Tensor(typeof x === "number" ? order : gather(x.value, order));
}
