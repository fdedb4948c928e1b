// Every optimizer of the table learns digits in a small network, in two programs' worth of seconds. test/optimizers.mjs does the same at full size.
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { generateDigits } from "../src/data/digits/generate.js";
import { init, tensor, type Tensor } from "../src/engine/index.js";
import { layers, sequential, train } from "../src/nn/index.js";

const ROWS = JSON.parse(readFileSync(new URL("optimizers.json", import.meta.url), "utf8")) as Record<string, { name: string; options: object }>;
const [TRAINED, TESTED, HIDDEN] = [1500, 500, 48];

/** With 1500 of the 60,000 images, 141 steps instead of 1407 and a tenth of the units; a guess is right in 1 of 10. */
const EXPECTED = 0.75;

let x: Tensor, testX: Tensor;
let y: Uint8Array, testY: Uint8Array;

beforeAll(async () => {
  await init();
  const { images, labels } = generateDigits({ count: TRAINED + TESTED, seed: 3 });
  const pixels = (from: number, to: number): Tensor => tensor(Float32Array.from(images.subarray(784 * from, 784 * to), (byte) => byte / 255), [to - from, 784]);
  [x, testX] = [pixels(0, TRAINED), pixels(TRAINED, TRAINED + TESTED)];
  [y, testY] = [labels.subarray(0, TRAINED), labels.subarray(TRAINED)];
});

it.each(Object.entries(ROWS))("%s learns digits", async (_, { name, options }) => {
  const model = sequential({ seed: 1, layers: [layers.dense({ units: HIDDEN, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
  model.compile({ optimizer: train.getOptimizer(name, { ...options }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  await model.fit(x, y, { epochs: 6, batchSize: 32 });
  expect((await model.evaluate(testX, testY, { batchSize: 250 }))["accuracy"]).toBeGreaterThan(EXPECTED);
});
