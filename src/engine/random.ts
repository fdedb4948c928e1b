// Randomness: counter-based. A draw depends on (seed, stream, call counter, element); the counter is a variable, so programs carry it themselves.
import type { Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { add } from "../ops/add.js";
import { dropout as dropoutOp } from "../ops/dropout.js";
import { random } from "../ops/random.js";
import { dataLeaf } from "./source.js";
import { Tensor, valueOf, type TensorLike } from "./tensor.js";
import { currentTrace, type Trace } from "./trace.js";
import { Variable } from "./variable.js";

/** High word of the call counter: draws of eager code and of programs never meet. */
const EAGER = 1;

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

/** Draws made in fn, inside compile(), use this key instead of the global one. */
export function withRandomKey<T>(key: Variable, fn: () => T): T {
  const outer = scope;
  scope = key;
  try {
    return fn();
  } finally {
    scope = outer;
  }
}

/** The key for one draw, and the stream that tells it from others of the same call. */
function draw(): { key: Value; stream: number } {
  const trace = currentTrace();
  if (trace === null) return { key: dataLeaf(keyData(seed, eagerCalls++, EAGER), [4], "int32"), stream: 0 };
  const key = scope ?? (global ??= randomKeyVariable(seed, "random/key"));
  let keys = used.get(trace);
  if (keys === undefined) used.set(trace, (keys = new Set()));
  keys.add(key);
  return { key: trace.read(key), stream: trace.nextStream() };
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

/** Uniform numbers in [min, max). */
export function randomUniform(shape: Shape, min = 0, max = 1): Tensor {
  const { key, stream } = draw();
  return new Tensor(random(key, { distribution: "uniform", shape, stream, a: min, b: max }));
}

/** Normal numbers with the given mean and standard deviation. */
export function randomNormal(shape: Shape, mean = 0, stdDev = 1): Tensor {
  const { key, stream } = draw();
  return new Tensor(random(key, { distribution: "normal", shape, stream, a: mean, b: stdDev }));
}

/** 1 with the given probability, else 0; float32. */
export function bernoulli(shape: Shape, probability: number): Tensor {
  const { key, stream } = draw();
  return new Tensor(random(key, { distribution: "bernoulli", shape, stream, a: probability, b: 0 }));
}
