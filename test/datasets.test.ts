// Datasets in training: the same bits as arrays, whole stops, and every pass in its own order.
import { beforeAll, expect, test } from "vitest";
import { data, datasets, init, layers, sequential, type Sequential } from "../src/index.js";

beforeAll(() => init());

const { x, y } = datasets.moons({ count: 60, seed: 1 });

function small(): Sequential {
  const net = sequential({ seed: 1, layers: [layers.dense({ units: 8, activation: "tanh", inputShape: [2] }), layers.dense({ units: 2, activation: "softmax" })] });
  net.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return net;
}

const weightsOf = (net: Sequential): number[][] => net.getWeights().map((weight) => [...weight.dataSync()]);
const examples = data.fromArrays({ xs: x, ys: y });

test("fitDataset on batches trains to the bits of fit on arrays, history too", async () => {
  const [byArrays, byDataset, byGenerator] = [small(), small(), small()];
  const { history } = await byArrays.fit(x, y, { epochs: 3, batchSize: 7, shuffle: false });
  const other = await byDataset.fitDataset(examples.batch(7), { epochs: 3 });
  expect(weightsOf(byDataset)).toEqual(weightsOf(byArrays));
  expect(other.history).toEqual(history);
  const one = data.generator(function* () {
    for (let i = 0; i < 60; i++) yield { xs: [...x.data.subarray(2 * i, 2 * i + 2)], ys: y.data[i]! };
  });
  await byGenerator.fitDataset(one.batch(7).prefetch(2), { epochs: 3 });
  expect(weightsOf(byGenerator)).toEqual(weightsOf(byArrays));
});

test("a shuffled dataset trains to the same bits twice, to others from another seed, and is evaluated", async () => {
  const train = async (seed: number): Promise<number[][]> => {
    const net = small();
    await net.fitDataset(examples.shuffle(60, seed).batch(8), { epochs: 4 });
    const { loss } = await net.evaluateDataset(examples.batch(16));
    expect(loss).toBeGreaterThan(0);
    return weightsOf(net);
  };
  const first = await train(1);
  expect(await train(1)).toEqual(first);
  expect(await train(2)).not.toEqual(first);
});

test("a stage that throws ends fitDataset with its name and element; the generator is closed, and the model predicts", async () => {
  const net = small();
  let closed = 0;
  const source = data.generator(function* () {
    try {
      for (let i = 0; i < 60; i++) yield i;
    } finally {
      closed++;
    }
  });
  const broken = source.map((i) => {
    if (i === 30) throw new Error("the file is gone");
    return { xs: [0, 1], ys: 1 };
  });
  await expect(net.fitDataset(broken.batch(8).prefetch(1), { epochs: 2 })).rejects.toThrow("dataset: map: element 30: the file is gone");
  expect(closed).toBe(1);
  expect((await net.predict([[0, 1]])).dataSync().every(Number.isFinite)).toBe(true);
});

test("augmented images train: bytes in, another picture in every pass", async () => {
  const images = { data: Uint8Array.from({ length: 20 * 64 }, (_, i) => ((i % 8) + Math.floor(i / 64)) % 2 === 0 ? 255 : 0), shape: [20, 8, 8, 1] };
  const digits = data.fromArrays({ xs: images, ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) });
  const net = sequential({ seed: 1, layers: [layers.rescaling({ scale: 1 / 255, inputShape: [8, 8, 1] }), layers.flatten(), layers.dense({ units: 2, activation: "softmax" })] });
  net.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  const { history } = await net.fitDataset(digits.map(data.augment({ seed: 1, rotation: 2, shift: 0.2, scale: 0.01 })).shuffle(20, 1).batch(5), { epochs: 20 });
  expect(history["loss"]!.at(-1)!).toBeLessThan(history["loss"]![0]!);
});
