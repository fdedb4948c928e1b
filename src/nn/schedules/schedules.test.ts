// Schedules by numbers one can check by hand, and as files hold them; searches on curves with a known minimum.
import { describe, expect, it } from "vitest";
import { ValueError } from "../../base/errors.js";
import {
  cosineDecay, cosineDecayRestarts, cyclical, exponentialDecay, inverseTimeDecay, linear, lineSearch, logSearch, oneCycle, piecewiseConstantDecay, polynomialDecay, stepDecay,
  warmup, type Schedule,
} from "./index.js"; // prettier-ignore
import { rateFromConfig } from "./named.js";

const initialLearningRate = 1;

const ROWS: readonly (readonly [what: string, schedule: Schedule, steps: readonly number[], rates: readonly number[]])[] = [
  ["exponential", exponentialDecay({ initialLearningRate, decaySteps: 10, decayRate: 0.25 }), [0, 5, 10, 20], [1, 0.5, 0.25, 0.0625]],
  ["exponential, staircase", exponentialDecay({ initialLearningRate, decaySteps: 10, decayRate: 0.25, staircase: true }), [0, 9, 10, 19, 20], [1, 1, 0.25, 0.25, 0.0625]],
  ["inverse time", inverseTimeDecay({ initialLearningRate, decaySteps: 10, decayRate: 1 }), [0, 10, 30], [1, 0.5, 0.25]],
  ["inverse time, staircase", inverseTimeDecay({ initialLearningRate, decaySteps: 10, decayRate: 1, staircase: true }), [9, 10, 19], [1, 0.5, 0.5]],
  ["polynomial", polynomialDecay({ initialLearningRate, decaySteps: 10, endLearningRate: 0.2, power: 2 }), [0, 5, 10, 99], [1, 0.4, 0.2, 0.2]],
  ["polynomial, cycle", polynomialDecay({ initialLearningRate, decaySteps: 10, endLearningRate: 0, cycle: true }), [0, 10, 15, 20, 25], [1, 0, 0.25, 0, 1 / 6]],
  ["linear", linear({ initialLearningRate: 0.5, endLearningRate: 1, steps: 10 }), [0, 5, 10, 11], [0.5, 0.75, 1, 1]],
  ["piecewise", piecewiseConstantDecay({ boundaries: [2, 4], values: [1, 0.5, 0.1] }), [0, 2, 3, 4, 5], [1, 1, 0.5, 0.5, 0.1]],
  ["steps", stepDecay({ initialLearningRate, decaySteps: 3 }), [0, 2, 3, 6], [1, 1, 0.5, 0.25]],
  ["cosine", cosineDecay({ initialLearningRate, decaySteps: 10, alpha: 0.2 }), [0, 5, 10, 20], [1, 0.6, 0.2, 0.2]],
  ["cosine after a warm-up", cosineDecay({ initialLearningRate: 0, decaySteps: 10, warmupTarget: 2, warmupSteps: 4 }), [0, 2, 4, 9, 14], [0, 1, 2, 1, 0]],
  ["warm restarts", cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 4, mMul: 0.5 }), [0, 2, 4, 8, 12], [1, 0.5, 0.5, 0.25, 0.25]],
  ["warm restarts of one length", cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 4, tMul: 1, alpha: 0.5 }), [0, 2, 4, 8], [1, 0.75, 1, 1]],
  ["triangular", cyclical({ initialLearningRate: 1, maximalLearningRate: 3, stepSize: 4 }), [0, 2, 4, 8, 12], [1, 2, 3, 1, 3]],
  ["triangular2", cyclical({ initialLearningRate: 1, maximalLearningRate: 3, stepSize: 4, mode: "triangular2" }), [4, 8, 12], [3, 1, 2]],
  ["expRange", cyclical({ initialLearningRate: 1, maximalLearningRate: 3, stepSize: 2, mode: "expRange", gamma: 0.5 }), [0, 2, 4], [1, 1.5, 1]],
  // Of 11 steps 0.3 · 11 − 1 = 2.3 rise; 0.1 is the first rate, 0.001 the last.
  ["one cycle", oneCycle({ maximalLearningRate: 1, steps: 11, divFactor: 10, finalDivFactor: 100, anneal: "linear" }), [0, 1, 10, 20], [0.1, 0.1 + 0.9 / 2.3, 0.001, 0.001]],
  ["one cycle, cosine", oneCycle({ maximalLearningRate: 1, steps: 11, pctStart: 6 / 11, divFactor: 10, finalDivFactor: 10 }), [0, 5, 10], [0.1, 1, 0.01]],
  ["warm-up", warmup({ schedule: exponentialDecay({ initialLearningRate, decaySteps: 1, decayRate: 0.5 }), steps: 4, start: 0.5 }), [0, 2, 4, 5], [0.5, 0.75, 1, 0.5]],
];

describe("schedules", () => {
  it.each(ROWS)("%s", (_, schedule, steps, rates) => {
    steps.forEach((step, i) => expect(schedule.call(step), `step ${step}`).toBeCloseTo(rates[i]!, 12));
  });

  it.each(ROWS)("%s: the same when made again from what a file holds", (_, schedule) => {
    const again = rateFromConfig(JSON.parse(JSON.stringify({ name: schedule.name, config: schedule.config })), "test") as Schedule;
    for (let step = 0; step < 40; step++) expect(again.call(step)).toBe(schedule.call(step));
    expect(again.config).toEqual(schedule.config);
  });

  it("both spellings of a name are known, and bad options are refused", () => {
    expect(rateFromConfig({ name: "step_decay", config: { initialLearningRate: 1, decaySteps: 1 } }, "test")).toMatchObject({ name: "stepDecay" });
    const bad: [() => unknown, RegExp][] = [
      [() => stepDecay({ initialLearningRate: 1, decaySteps: 0 }), /stepDecay: decaySteps: expected a number above 0/],
      [() => inverseTimeDecay({ initialLearningRate: 1, decaySteps: 1 }), /inverseTimeDecay: decayRate/],
      [() => piecewiseConstantDecay({ boundaries: [1, 2], values: [1, 2] }), /expected boundaries and one more value, got 2 boundaries and 2 values/],
      [() => piecewiseConstantDecay({ boundaries: [2, 1], values: [1, 2, 3] }), /boundaries\[1\]/],
      [() => cyclical({ initialLearningRate: 2, maximalLearningRate: 1, stepSize: 1 }), /maximalLearningRate/],
      [() => warmup({ steps: 3 } as never), /warmup: schedule: expected a schedule or a number/],
      [() => exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decay: 2 } as never), /Did you mean "decaySteps"|no option is called "decay"/],
    ];
    for (const [make, message] of bad) {
      expect(make).toThrow(ValueError);
      expect(make).toThrow(message);
    }
  });
});

describe("searches", () => {
  // Along the gradient of w² at w = 1: loss(r) = (1 − 2r)², slope −4.
  const along = (rate: number): number => (1 - 2 * rate) ** 2;

  it("lineSearch halves the rate until the decrease is enough", async () => {
    // At 1 the loss is 1 again; at 0.5 it is 0.
    expect(await lineSearch(along, { slope: -4 })).toMatchObject({ rate: 0.5, loss: 0, tried: [{ rate: 0 }, { rate: 1 }, { rate: 0.5 }] });
    expect(await lineSearch(along, { slope: -4, initialRate: 8, shrink: 0.25, sufficient: 0.5 })).toMatchObject({ rate: 0.5 });
    // Nothing falls enough: it stays where it is.
    expect(await lineSearch((rate) => 1 + rate, { slope: -1, most: 5 })).toMatchObject({ rate: 0, loss: 1 });
    await expect(lineSearch(along, { slope: 4 })).rejects.toThrow(/slope: expected a number below 0/);
    expect(await lineSearch(along, { rates: [0.1, 0.4, 0.9] })).toMatchObject({ rate: 0.4 });
  });

  it("logSearch finds the best of rates evenly spaced by their logarithm; NaN loses", async () => {
    const { rate, tried } = await logSearch(async (at) => (at > 0.05 ? NaN : Math.abs(Math.log10(at) + 2)), { from: 1e-4, to: 1, count: 5 });
    [1e-4, 1e-3, 1e-2, 0.1, 1].forEach((wanted, i) => expect(tried[i]!.rate / wanted).toBeCloseTo(1, 12));
    expect(rate).toBe(tried[2]!.rate);
    expect(await logSearch((at) => at, { rates: [3, 1, 2] })).toMatchObject({ rate: 1, loss: 1 });
    await expect(logSearch((at) => at, { rates: [] })).rejects.toThrow(/expected at least one rate/);
  });
});
