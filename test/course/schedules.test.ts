// The course's ways to change the learning rate: by the number of epochs, by validation, by the loss along the gradient.
import { beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { grad, init, tensor, type Tensor } from "../../src/engine/index.js";
import { callbacks, layers, schedules, sequential, sgd } from "../../src/nn/index.js";

beforeAll(() => init());

describe("by the number of epochs", () => {
  test("[R1] step decay lowers the rate after a fixed number of epochs", () => {
    const { call } = schedules.stepDecay({ initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5 });
    expect([0, 4, 5, 9, 10, 15].map(call)).toEqual([0.1, 0.1, 0.05, 0.05, 0.025, 0.0125]);
    const { call: listed } = schedules.piecewiseConstantDecay({ boundaries: [10, 20], values: [1, 0.1, 0.01] });
    expect([0, 10, 11, 20, 21].map(listed)).toEqual([1, 1, 0.1, 0.1, 0.01]);
  });

  test("[R2] exponential decay, η₀·e^(−kt): .1, k = .1, t = 10 → .0367879", () => {
    const { call } = schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: Math.exp(-0.1) });
    expect(call(0)).toBe(0.1);
    expect(call(10)).toBeCloseTo(0.0367879, 7);
  });

  test("[R3] 1/t decay, η₀ / (1 + kt): .1, k = .1, t = 10 → .05", () => {
    const { call } = schedules.inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.1 });
    expect(call(10)).toBeCloseTo(0.05, 12);
    expect([0, 1, 2].map(call).every((rate, i, all) => i === 0 || rate < all[i - 1]!)).toBe(true);
  });

  test("[R7] cyclical rates, cosine annealing and warm restarts go up and down as named", () => {
    const { call: cycle } = schedules.cyclical({ initialLearningRate: 0.1, maximalLearningRate: 0.5, stepSize: 4 });
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.4, 0.3, 0.2, 0.1, 0.2].forEach((rate, step) => expect(cycle(step)).toBeCloseTo(rate, 12));
    const { call: anneal } = schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 10 });
    for (let step = 0; step <= 10; step++) expect(anneal(step)).toBeCloseTo(0.5 * (1 + Math.cos((Math.PI * step) / 10)), 6);
    const { call: restart } = schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 10, tMul: 2, mMul: 0.5 });
    expect(restart(0)).toBe(1);
    expect(restart(9)).toBeLessThan(0.05);
    expect(restart(10)).toBeCloseTo(0.5, 6);
    expect(restart(20)).toBeCloseTo(0.25, 6);
    expect(restart(30)).toBeCloseTo(0.25, 6);
  });
});

/** A valley whose steepness differs along its axes, from a point on its slope. */
const valley = (p: Tensor): Tensor => p.square().mul(tensor([0.5, 5], undefined, "float32")).sum();
const START = [3, 1];

describe("by the loss along the gradient", () => {
  const at = (rate: number): number => {
    const point = tensor(START, undefined, "float32");
    return valley(point.sub(grad(valley)(point).mul(rate))).dataSync()[0]!;
  };
  const RATES = [0.001, 0.01, 0.05, 0.1, 0.2, 0.5];

  test("[R5] line search: the step of the best of some rates, and never a loss above the best candidate's", async () => {
    const found = await schedules.lineSearch(at, { rates: RATES });
    expect(found.tried.map(({ rate }) => rate)).toEqual(RATES);
    expect(found.loss).toBe(Math.min(...RATES.map(at)));
    expect(at(found.rate)).toBe(found.loss);
    const slope = -grad(valley)(tensor(START, undefined, "float32")).square().sum().dataSync()[0]!;
    const armijo = await schedules.lineSearch(at, { slope });
    expect(armijo.loss).toBeLessThanOrEqual(at(0) + 1e-4 * armijo.rate * slope);
    expect(armijo.tried.slice(1, -1).every(({ rate, loss }) => loss > at(0) + 1e-4 * rate * slope)).toBe(true);
  });

  test("[R6] log search: rates a factor apart, the best of them", async () => {
    const found = await schedules.logSearch(at, { from: 1e-4, to: 1, count: 5 });
    found.tried.forEach(({ rate }, i) => expect(rate / 10 ** (i - 4)).toBeCloseTo(1, 12));
    expect(found.loss).toBe(Math.min(...found.tried.map(({ loss }) => loss)));
    expect(found.rate).toBeCloseTo(0.1, 12);
  });
});

describe("by validation", () => {
  test("[R4] when the validation error rises, the epoch is taken back and repeated with half the rate, until it falls", async () => {
    const random = createRandom(3);
    const points = Array.from({ length: 60 }, () => [random.normal(), random.normal()]);
    const labels = points.map(([a, b]) => [2 * a! - b!]);
    const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [2] })] });
    // So large that the first epochs overshoot.
    const optimizer = sgd({ learningRate: 1.1 });
    model.compile({ optimizer, loss: "meanSquaredError" });
    const weights: number[][] = [];
    const seen: number[] = [];
    await model.fit(points.slice(0, 40), labels.slice(0, 40), {
      epochs: 14,
      batchSize: 40,
      validationData: [points.slice(40), labels.slice(40)],
      callbacks: [
        callbacks.halveAndRepeat(),
        {
          onEpochEnd: (_, logs) => {
            seen.push(logs["val_loss"]!);
            weights.push([...model.weights[0]!.dataSync()]);
          },
        },
      ],
    });
    const start = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [2] })] }).weights[0]!.dataSync();
    expect(optimizer.learningRate).toBeLessThan(1.1);
    expect(Math.log2(1.1 / optimizer.learningRate) % 1).toBeCloseTo(0, 6);
    // After a rise the weights are those from before it.
    seen.forEach((value, i) => {
      const best = Math.min(...seen.slice(0, i));
      if (i > 0 && value > best) expect(weights[i]).toEqual(weights[seen.indexOf(best)] ?? [...start]);
    });
    expect(Math.min(...seen)).toBeLessThan(0.1 * seen[0]!);
  });

  test("[R8] the three families: schedules by steps, callbacks by validation, searches by the loss along the gradient", () => {
    const byStep = ["stepDecay", "exponentialDecay", "inverseTimeDecay", "polynomialDecay", "piecewiseConstantDecay", "cosineDecay", "cosineDecayRestarts", "cyclical", "oneCycle", "warmup"];
    expect(byStep.filter((name) => !(name in schedules))).toEqual([]);
    expect(["reduceLROnPlateau", "halveAndRepeat", "learningRateScheduler"].filter((name) => !(name in callbacks))).toEqual([]);
    expect(["lineSearch", "logSearch"].filter((name) => !(name in schedules))).toEqual([]);
  });
});
