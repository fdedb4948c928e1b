// Schedules that fall: exponential, inverse, polynomial, by steps, along a cosine.
import { ValueError } from "../../base/errors.js";
import { cos, pow } from "../../base/math.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import type { Schedule } from "./schedule.js";

/** Options of exponentialDecay(), stepDecay() and inverseTimeDecay(). */
export interface DecayOptions {
  /** The rate of step 0. */
  readonly initialLearningRate: number;
  /** Steps after which the rate has been multiplied by decayRate once; need not be whole. */
  readonly decaySteps: number;
  /** Default 0.96 for an exponential, 0.5 for steps; inverse time has none. */
  readonly decayRate?: number;
  /** Whether the rate falls at multiples of decaySteps only; default false. */
  readonly staircase?: boolean;
}

const DECAY = ["initialLearningRate", "decaySteps", "decayRate", "staircase"] as const;

/** A decay by options, after their check: `fall` maps rate, decayRate and the number of decays behind it to the rate. */
function decay(name: string, options: DecayOptions, share: number | undefined, fall: (rate: number, decayRate: number, times: number) => number): Schedule {
  const { initialLearningRate, decaySteps, decayRate = share, staircase = false } = checkOptions(options, DECAY, name);
  checkNumber(initialLearningRate, `${name}: initialLearningRate`, 0);
  checkPositive(decaySteps, `${name}: decaySteps`);
  checkNumber(decayRate, `${name}: decayRate`, 0);
  const call = (step: number): number => {
    const times = step / decaySteps;
    return fall(initialLearningRate, decayRate!, staircase ? Math.floor(times) : times);
  };
  return { name, config: { initialLearningRate, decaySteps, decayRate, staircase }, call };
}

export function checkPositive(value: unknown, where: string): number {
  if (checkNumber(value, where, 0) === 0) throw new ValueError(`${where}: expected a number above 0, got 0.`);
  return value as number;
}

/** initialLearningRate · decayRate^(step / decaySteps); decayRate 0.96 when left out. Throws ValueError on options out of range, as all schedules. */
export function exponentialDecay(options: DecayOptions): Schedule {
  return decay("exponentialDecay", options, 0.96, (rate, decayRate, times) => rate * pow(decayRate, times));
}

/** initialLearningRate · decayRate^⌊step / decaySteps⌋: halved every decaySteps when decayRate is left out. */
export function stepDecay(options: Omit<DecayOptions, "staircase">): Schedule {
  checkOptions(options, DECAY.slice(0, 3), "stepDecay");
  const { initialLearningRate, decaySteps, decayRate = 0.5 } = options;
  const { call } = decay("stepDecay", { ...options, staircase: true }, 0.5, (rate, share, times) => rate * pow(share, times));
  return { name: "stepDecay", config: { initialLearningRate, decaySteps, decayRate }, call };
}

/** initialLearningRate / (1 + decayRate · step / decaySteps). */
export function inverseTimeDecay(options: DecayOptions): Schedule {
  return decay("inverseTimeDecay", options, undefined, (rate, decayRate, times) => rate / (1 + decayRate * times));
}

/** Options of polynomialDecay(). */
export interface PolynomialDecayOptions {
  readonly initialLearningRate: number;
  /** The step from which on the rate is endLearningRate. */
  readonly decaySteps: number;
  /** Default 1e-4. */
  readonly endLearningRate?: number;
  /** Default 1: along a line. */
  readonly power?: number;
  /** Whether the rate starts again, over twice, thrice … decaySteps, once those are over; default false. */
  readonly cycle?: boolean;
}

/** (initialLearningRate − end) · (1 − step / decaySteps)^power + end; end from decaySteps on. */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const name = "polynomialDecay";
  const { initialLearningRate, decaySteps, endLearningRate = 1e-4, power = 1, cycle = false } = checkOptions(options, ["initialLearningRate", "decaySteps", "endLearningRate", "power", "cycle"], name);
  checkNumber(initialLearningRate, `${name}: initialLearningRate`, 0);
  checkPositive(decaySteps, `${name}: decaySteps`);
  checkNumber(endLearningRate, `${name}: endLearningRate`, 0);
  checkNumber(power, `${name}: power`, 0);
  const call = (step: number): number => {
    const steps = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
    return (initialLearningRate - endLearningRate) * pow(1 - Math.min(step, steps) / steps, power) + endLearningRate;
  };
  return { name, config: { initialLearningRate, decaySteps, endLearningRate, power, cycle }, call };
}

/** Options of linear(). */
export interface LinearOptions {
  readonly initialLearningRate: number;
  readonly endLearningRate: number;
  /** The step from which on the rate is endLearningRate. */
  readonly steps: number;
}

/** From one rate to another along a line, up or down; from `steps` on it stays there. */
export function linear(options: LinearOptions): Schedule {
  const { initialLearningRate, endLearningRate, steps } = checkOptions(options, ["initialLearningRate", "endLearningRate", "steps"], "linear");
  checkNumber(initialLearningRate, "linear: initialLearningRate", 0);
  checkNumber(endLearningRate, "linear: endLearningRate", 0);
  checkPositive(steps, "linear: steps");
  const call = (step: number): number => initialLearningRate + (endLearningRate - initialLearningRate) * Math.min(1, step / steps);
  return { name: "linear", config: { initialLearningRate, endLearningRate, steps }, call };
}

/** Options of piecewiseConstantDecay(). */
export interface PiecewiseConstantDecayOptions {
  /** Last steps of the first, second … rate, rising. */
  readonly boundaries: readonly number[];
  /** One rate more than boundaries. */
  readonly values: readonly number[];
}

/** values[i] up to and including step boundaries[i], the last value after all of them. */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const name = "piecewiseConstantDecay";
  const { boundaries, values } = checkOptions(options, ["boundaries", "values"], name);
  if (!Array.isArray(boundaries) || !Array.isArray(values) || values.length !== boundaries.length + 1) {
    throw new ValueError(`${name}: expected boundaries and one more value, got ${boundaries?.length} boundaries and ${values?.length} values.`);
  }
  boundaries.forEach((boundary, i) => checkNumber(boundary, `${name}: boundaries[${i}]`, i === 0 ? 0 : boundaries[i - 1]));
  values.forEach((value, i) => checkNumber(value, `${name}: values[${i}]`, 0));
  const call = (step: number): number => {
    const at = boundaries.findIndex((boundary) => step <= boundary);
    return values[at < 0 ? boundaries.length : at]!;
  };
  return { name, config: { boundaries: [...boundaries], values: [...values] }, call };
}

/** Options of cosineDecay(). */
export interface CosineDecayOptions {
  /** The rate of step 0. */
  readonly initialLearningRate: number;
  /** Steps of the decay, not counting those of the warm-up. */
  readonly decaySteps: number;
  /** The last rate as a share of the highest; default 0. */
  readonly alpha?: number;
  /** The highest rate, which the warm-up leads to; without it there is no warm-up. */
  readonly warmupTarget?: number;
  /** Default 0. */
  readonly warmupSteps?: number;
}

/** Half a cosine from the highest rate to alpha of it, after a warm-up along a line if one is wanted.   Loshchilov & Hutter 2017 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const name = "cosineDecay";
  const { initialLearningRate, decaySteps, alpha = 0, warmupTarget, warmupSteps = 0 } = checkOptions(options, ["initialLearningRate", "decaySteps", "alpha", "warmupTarget", "warmupSteps"], name);
  checkNumber(initialLearningRate, `${name}: initialLearningRate`, 0);
  checkPositive(decaySteps, `${name}: decaySteps`);
  checkNumber(alpha, `${name}: alpha`, 0);
  if (warmupTarget !== undefined) checkNumber(warmupTarget, `${name}: warmupTarget`, 0);
  checkWhole(warmupSteps, `${name}: warmupSteps`, 0);
  const top = warmupTarget ?? initialLearningRate;
  const rise = warmupTarget === undefined ? 0 : warmupSteps;
  const call = (step: number): number =>
    step < rise ? initialLearningRate + ((top - initialLearningRate) * step) / rise : top * cosineShare((step - rise) / decaySteps, alpha);
  return { name, config: { initialLearningRate, decaySteps, alpha, ...(warmupTarget !== undefined && { warmupTarget, warmupSteps }) }, call };
}

/** From 1 at `done` 0 to alpha at 1. */
function cosineShare(done: number, alpha: number): number {
  return (1 - alpha) * 0.5 * (1 + cos(Math.PI * Math.min(1, done))) + alpha;
}

/** Options of cosineDecayRestarts(). */
export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number;
  /** Steps of the first decay. */
  readonly firstDecaySteps: number;
  /** How many times longer each decay is than the one before; default 2. */
  readonly tMul?: number;
  /** How many times higher each starts; default 1. */
  readonly mMul?: number;
  /** The lowest rate as a share of the first; default 0. */
  readonly alpha?: number;
}

/** Cosine decays one after the other: warm restarts.   Loshchilov & Hutter 2017 */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  const name = "cosineDecayRestarts";
  const { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 } = checkOptions(options, ["initialLearningRate", "firstDecaySteps", "tMul", "mMul", "alpha"], name);
  checkNumber(initialLearningRate, `${name}: initialLearningRate`, 0);
  checkPositive(firstDecaySteps, `${name}: firstDecaySteps`);
  checkNumber(tMul, `${name}: tMul`, 1);
  checkNumber(mMul, `${name}: mMul`, 0);
  checkNumber(alpha, `${name}: alpha`, 0);
  const call = (step: number): number => {
    let [begin, length, height] = [0, firstDecaySteps, 1];
    if (tMul === 1) {
      const rounds = Math.floor(step / length);
      begin = rounds * length;
      height = pow(mMul, rounds);
    }
    for (; step >= begin + length; length *= tMul, height *= mMul) begin += length;
    const fall = 0.5 * height * (1 + cos(Math.PI * ((step - begin) / length)));
    return initialLearningRate * ((1 - alpha) * fall + alpha);
  };
  return { name, config: { initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, call };
}
