// Schedules that rise first: warm-up, cycles, one cycle.
import { ValueError } from "../../base/errors.js";
import { cos, pow } from "../../base/math.js";
import type { Config } from "../layer.js";
import { checkNumber, checkOptions, checkWhole, checkWord } from "../../base/options.js";
import { checkPositive } from "./decays.js";
import type { Schedule } from "./schedule.js";

/** Options of warmup(). */
export interface WarmupOptions {
  /** What follows; it starts at its step 0 after the warm-up. A number: that rate from there on. */
  readonly schedule: Schedule | number;
  /** Steps of the warm-up. */
  readonly steps: number;
  /** The rate of step 0 as a share of the schedule's first; default 0. */
  readonly start?: number;
}

/** From a share of a schedule's first rate up to it along a line, then the schedule.   Goyal et al. 2017 */
export function warmup(options: WarmupOptions): Schedule {
  const { schedule, steps, start = 0 } = checkOptions(options, ["schedule", "steps", "start"], "warmup");
  checkWhole(steps, "warmup: steps");
  checkNumber(start, "warmup: start", 0, 1);
  const rate = typeof schedule === "number" ? (): number => checkNumber(schedule, "warmup: schedule", 0) : schedule?.call;
  if (typeof rate !== "function") throw new ValueError(`warmup: schedule: expected a schedule or a number, got ${String(schedule)}.`);
  const call = (step: number): number => (step < steps ? rate(0) * (start + ((1 - start) * step) / steps) : rate(step - steps));
  const stored: Config | number = typeof schedule === "number" ? schedule : { name: schedule.name, config: schedule.config };
  return { name: "warmup", config: { schedule: stored, steps, start }, call };
}

/** Options of cyclical(). */
export interface CyclicalOptions {
  /** The lowest rate. */
  readonly initialLearningRate: number;
  /** The highest rate of the first cycle. */
  readonly maximalLearningRate: number;
  /** Steps from the lowest to the highest, half a cycle. */
  readonly stepSize: number;
  /** triangular (default): all cycles alike. triangular2: each half as high as the one before. expRange: the height falls by gamma with every step. */
  readonly mode?: "triangular" | "triangular2" | "expRange";
  /** Default 0.99994; only for expRange. */
  readonly gamma?: number;
}

/** Up and down between two rates along lines.   Smith 2017 */
export function cyclical(options: CyclicalOptions): Schedule {
  const { initialLearningRate, maximalLearningRate, stepSize, mode = "triangular", gamma = 0.99994 } = checkOptions(
    options, ["initialLearningRate", "maximalLearningRate", "stepSize", "mode", "gamma"], "cyclical"); // prettier-ignore
  checkNumber(initialLearningRate, "cyclical: initialLearningRate", 0);
  checkNumber(maximalLearningRate, "cyclical: maximalLearningRate", initialLearningRate);
  checkPositive(stepSize, "cyclical: stepSize");
  checkWord(mode, ["triangular", "triangular2", "expRange"], "cyclical: mode");
  checkNumber(gamma, "cyclical: gamma", 0, 1);
  const call = (step: number): number => {
    const cycle = Math.floor(1 + step / (2 * stepSize));
    const height = Math.max(0, 1 - Math.abs(step / stepSize - 2 * cycle + 1));
    const scale = mode === "triangular" ? 1 : mode === "triangular2" ? pow(0.5, cycle - 1) : pow(gamma, step);
    return initialLearningRate + (maximalLearningRate - initialLearningRate) * height * scale;
  };
  return { name: "cyclical", config: { initialLearningRate, maximalLearningRate, stepSize, mode, gamma }, call };
}

/** Options of oneCycle(). */
export interface OneCycleOptions {
  /** The highest rate. */
  readonly maximalLearningRate: number;
  /** Steps of the whole cycle; it stays at its last rate from there on. */
  readonly steps: number;
  /** Share of the steps that the rise takes; default 0.3. */
  readonly pctStart?: number;
  /** The highest rate over the first; default 25. */
  readonly divFactor?: number;
  /** The first rate over the last; default 1e4. */
  readonly finalDivFactor?: number;
  /** The way there: "cos" (default) or "linear". */
  readonly anneal?: "cos" | "linear";
}

/** Up from maximalLearningRate / divFactor, down to 1 / finalDivFactor of that, in one cycle.   Smith & Topin 2018 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { maximalLearningRate, steps, pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4, anneal = "cos" } = checkOptions(
    options, ["maximalLearningRate", "steps", "pctStart", "divFactor", "finalDivFactor", "anneal"], "oneCycle"); // prettier-ignore
  checkNumber(maximalLearningRate, "oneCycle: maximalLearningRate", 0);
  checkWhole(steps, "oneCycle: steps", 2);
  checkNumber(pctStart, "oneCycle: pctStart", 0, 1);
  checkPositive(divFactor, "oneCycle: divFactor");
  checkPositive(finalDivFactor, "oneCycle: finalDivFactor");
  checkWord(anneal, ["cos", "linear"], "oneCycle: anneal");
  const first = maximalLearningRate / divFactor;
  const between = (from: number, to: number, done: number): number =>
    anneal === "linear" ? from + (to - from) * done : to + ((from - to) / 2) * (1 + cos(Math.PI * done));
  // The highest rate is met at this step, which need not be whole.
  const top = Math.max(0, pctStart * steps - 1);
  const call = (step: number): number => {
    if (step < top) return between(first, maximalLearningRate, step / top);
    const rest = steps - 1 - top;
    return between(maximalLearningRate, first / finalDivFactor, rest > 0 ? Math.min(1, (step - top) / rest) : 1);
  };
  return { name: "oneCycle", config: { maximalLearningRate, steps, pctStart, divFactor, finalDivFactor, anneal }, call };
}
