// The course's handling of data: shapes, batches, scaling, one-hot labels, order, and how training shows itself.
import { beforeAll, describe, expect, test } from "vitest";
import { drawDigit } from "../../src/cli/digitArt.js";
import { sizeOf } from "../../src/base/shape.js";
import { generateDigits } from "../../src/data/digits/generate.js";
import { loadMnist } from "../../src/data/mnist.js";
import { cast, init, oneHot, tensor } from "../../src/engine/index.js";
import { layers, progressBar, sequential, type Callback, type Sequential } from "../../src/nn/index.js";
import { needMnist } from "../shared.js";

beforeAll(() => init());

/** A model with one weight, for tests that look at the batches only. */
function smallest(): Sequential {
  const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

const examples = (count: number): { x: { data: Uint8Array; shape: number[] }; y: { data: Float32Array; shape: number[] } } => ({
  x: { data: new Uint8Array(count), shape: [count, 1] },
  y: { data: new Float32Array(count), shape: [count, 1] },
});

test("[P5] four videos of 60 s at 4 frames a second, 144×256 in colour: 106,168,320 values, 405 MiB as float32", () => {
  const shape = [4, 240, 144, 256, 3];
  expect(sizeOf(shape)).toBe(106_168_320);
  expect((sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT) / 2 ** 20).toBe(405);
  const video = tensor(new Uint8Array(sizeOf(shape)), shape);
  expect([video.rank, video.size]).toEqual([5, 106_168_320]);
});

test("[P8] a grey digit is an array of 28×28, bright where there is ink", () => {
  const { images, labels } = generateDigits({ count: 200, seed: 3 });
  const zero = labels.indexOf(0);
  const digit = tensor(images.subarray(zero * 784, zero * 784 + 784), [28, 28]);
  expect([digit.shape, digit.dtype]).toEqual([[28, 28], "uint8"]);
  const rows = digit.arraySync() as number[][];
  const brightest = rows.map((row) => Math.max(...row));
  expect(Math.max(...brightest)).toBeGreaterThan(200);
  expect([brightest[0], brightest[27]]).toEqual([0, 0]);
  // A zero has a hole: ink, none, ink along its middle row.
  const middle = rows[14]!;
  const [left, right] = [middle.findIndex((value) => value > 128), middle.findLastIndex((value) => value > 128)];
  expect(right - left).toBeGreaterThan(3);
  expect(Math.min(...middle.slice(left, right))).toBeLessThan(64);
});

test("[U11] the fifth training image is a 9, 28×28 of uint8, and shows in the terminal", async (context) => {
  const { train, height, width } = await loadMnist({ data: needMnist(context) });
  const image = train.images.subarray(4 * 784, 5 * 784);
  expect([train.labels[4], height, width, image.constructor]).toEqual([9, 28, 28, Uint8Array]);
  const lines = drawDigit(image, width, height).split("\n");
  expect(lines.length).toBe(14);
  // A loop at the top, closed below; then a stem: two strokes of ink in an upper line, one in a lower.
  const strokes = (line: string): number => line.split(/ +/).filter((part) => part !== "").length;
  expect(strokes(lines[5]!)).toBe(2);
  expect(strokes(lines[10]!)).toBe(1);
  expect(lines.join("")).toMatch(/^[ ░▒▓█▀▄]+$/);
});

describe("batches", () => {
  test("[P10] batch n of 60,000 is [128n, 128(n + 1)): 469 batches, the last has 96; after 401 come 51,328 examples", async () => {
    const { x, y } = examples(60_000);
    const seen: number[] = [];
    await smallest().fit(x, y, {
      batchSize: 128,
      shuffle: false,
      augment: (_images, count, { indices }) => {
        seen.push(count);
        // Without shuffling, the examples are those between the two borders.
        if (indices[0] !== 128 * (seen.length - 1) || indices[count - 1] !== indices[0]! + count - 1) throw new Error(`batch ${seen.length - 1} starts at ${indices[0]}`);
      },
    });
    expect([seen.length, seen[0], seen[467], seen[468]]).toEqual([469, 128, 128, 96]);
    expect(seen.slice(0, 401).reduce((sum, count) => sum + count, 0)).toBe(51_328);
  });

  test("[P13] each epoch has another order, with every example once; the same seed gives the same orders", async () => {
    const orders = async (): Promise<number[][]> => {
      const { x, y } = examples(50);
      const found: number[][] = [[], [], []];
      await smallest().fit(x, y, {
        batchSize: 20,
        epochs: 3,
        augment: (_images, _count, { epoch, indices }) => void found[epoch]!.push(...indices),
      });
      return found;
    };
    const found = await orders();
    const sorted = found.map((order) => [...order].sort((a, b) => a - b));
    for (const order of sorted) expect(order).toEqual([...Array(50).keys()]);
    expect(new Set(found.map(String)).size).toBe(3);
    expect(await orders()).toEqual(found);
  });
});

test("[P11] pixels become float32 in [0, 1], an image a vector of 784", async () => {
  const { images } = generateDigits({ count: 4, seed: 3 });
  const flat = tensor(images, [4, 28, 28]).reshape([4, 784]);
  const scaled = cast(flat, "float32").div(255);
  expect([scaled.shape, scaled.dtype]).toEqual([[4, 784], "float32"]);
  const values = scaled.dataSync();
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, Math.fround(Math.max(...images) / 255)]);
  // The same as layers, inside a model.
  const model = sequential({ layers: [layers.rescaling({ scale: 1 / 255, inputShape: [28, 28] }), layers.flatten()] });
  const predicted = await model.predict({ data: images, shape: [4, 28, 28] });
  expect(predicted.shape).toEqual([4, 784]);
  // 1/255 is rounded once, a quotient by 255 never: they differ by at most one unit in the last place.
  predicted.dataSync().forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(2 ** -23));
});

test("[P12] labels become rows with a single 1: [60000] to [60000, 10]", () => {
  const labels = Int32Array.from({ length: 60_000 }, (_, i) => (i * 7) % 10);
  const rows = oneHot(tensor(labels), 10);
  expect(rows.shape).toEqual([60_000, 10]);
  const values = Array.from(rows.dataSync());
  expect(values.reduce((sum, value) => sum + value, 0)).toBe(60_000);
  expect(labels.every((label, i) => values[i * 10 + label] === 1)).toBe(true);
});

test("[U4] the progress bar shows steps, bar, time left, loss and accuracy; at the end the time a step took, and validation", async () => {
  let written = "";
  let now = 0;
  const bar = progressBar({ writer: { isTTY: true, write: (text) => (written += text) }, now: () => now });
  const clock: Callback = { onBatchBegin: () => void (now += 60) };
  const model = sequential({ seed: 1, layers: [layers.dense({ units: 2, activation: "softmax", inputShape: [1] })] });
  model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const x = { data: Uint8Array.from({ length: 400 }, (_, i) => i % 2), shape: [400, 1] };
  const y = { data: Uint8Array.from({ length: 400 }, (_, i) => i % 2), shape: [400] };
  await model.fit(x, y, { batchSize: 10, epochs: 2, validationData: [x, y], callbacks: [clock, bar] });
  const lines = written.split(/[\r\n]+/).map((line) => line.trimEnd());
  expect(lines).toContain("Epoch 1/2");
  expect(lines).toContainEqual(expect.stringMatching(/^20\/40 \[=+>\.+\] - ETA: 2s - loss: \d\.\d{4} - acc(uracy)?: \d\.\d{4}$/));
  expect(lines).toContainEqual(expect.stringMatching(/^40\/40 \[={30}\] - 2s 60ms\/step - loss: \d\.\d{4} - acc(uracy)?: \d\.\d{4} - val_loss: \d\.\d{4} - val_acc(uracy)?: \d\.\d{4}$/));
});
