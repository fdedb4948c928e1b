// Optimizers in models: saved and loaded in the middle of everything they keep; accumulation against the larger batch; constraints; averages at the end.
import { beforeAll, expect, it } from "vitest";
import { init } from "../../engine/index.js";
import { createRandom } from "../../base/random.js";
import { maxNorm } from "../constraints.js";
import { layers, modelFromBytes, modelToBytes, sequential, type Model, type Sequential } from "../index.js";
import { cosineDecay, warmup } from "../schedules/index.js";
import { adam, nadam, sgd, type Optimizer } from "./index.js";

beforeAll(() => init());

const random = createRandom(5, 0);
const X = Array.from({ length: 24 }, () => [random.uniform(-1, 1), random.uniform(-1, 1)]);
const Y = X.map(([a, b]) => [a! * b!]);

function network(optimizer: Optimizer): Sequential {
  const model = sequential({ seed: 2, layers: [layers.dense({ units: 8, activation: "tanh", inputDim: 2 }), layers.dense({ units: 1 })] });
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

const bits = (model: Model): unknown => [...model.weights, ...model.optimizer.slots].map((weight) => weight.snapshot());

const KEEPERS: readonly (readonly [what: string, make: () => Optimizer])[] = [
  ["a schedule and everything else", () => adam({
    learningRate: warmup({ schedule: cosineDecay({ initialLearningRate: 0.01, decaySteps: 20 }), steps: 3 }),
    weightDecay: 0.1, excludeFromWeightDecay: ["bias"], globalClipnorm: 0.5, useEma: true, emaMomentum: 0.8, emaOverwriteFrequency: 4, gradientAccumulationSteps: 2, amsgrad: true,
  })],
  ["a product over all steps", () => nadam({ learningRate: 0.01, momentumDecay: 0.004 })],
]; // prettier-ignore

it.each(KEEPERS)("%s: a model that was saved and loaded goes on to the same bits", async (_, make) => {
  const first = network(make());
  // Three batches an epoch: the file is written with a batch in the accumulator.
  await first.fit(X, Y, { batchSize: 8, epochs: 1 });
  const again = modelFromBytes(await modelToBytes(first));
  expect(again.optimizer.config()).toEqual(first.optimizer.config());
  const before = bits(first);
  expect(bits(again)).toEqual(before);
  for (const model of [first, again]) await model.fit(X, Y, { batchSize: 8, epochs: 5, initialEpoch: 1 });
  expect(bits(again)).toEqual(bits(first));
  expect(bits(again)).not.toEqual(before);
});

it("two batches of four, accumulated, are one batch of eight, but for the rounding of their means", async () => {
  const options = { learningRate: 0.1, momentum: 0.9 };
  const [whole, parts] = [network(sgd(options)), network(sgd({ ...options, gradientAccumulationSteps: 2 }))];
  await whole.fit(X, Y, { batchSize: 8, epochs: 4, shuffle: false });
  await parts.fit(X, Y, { batchSize: 4, epochs: 4, shuffle: false });
  expect(parts.optimizer.iterations).toBe(2 * whole.optimizer.iterations);
  // Twelve steps on weights up to 1.
  whole.weights.forEach((weight, k) => weight.dataSync().forEach((x, i) => expect(Math.abs(Number(x) - Number(parts.weights[k]!.dataSync()[i]))).toBeLessThan(1e-6)));
});

it("fit brings weights back to their constraints after every step, averages too", async () => {
  for (const options of [{}, { useEma: true, emaOverwriteFrequency: 1 }, { gradientAccumulationSteps: 2 }]) {
    const model = sequential({ seed: 2, layers: [layers.dense({ units: 3, inputDim: 2, kernelConstraint: maxNorm(0.25) })] });
    model.compile({ optimizer: sgd({ learningRate: 1, ...options }), loss: "meanSquaredError" });
    await model.fit(X, X.map(() => [5, -5, 5]), { batchSize: 8, epochs: 2 });
    const kernel = [...model.weights[0]!.dataSync()].map(Number);
    for (let unit = 0; unit < 3; unit++) expect(Math.hypot(kernel[unit]!, kernel[unit + 3]!)).toBeLessThan(0.2501);
  }
});
