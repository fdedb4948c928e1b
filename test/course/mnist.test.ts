// The course's figures on real MNIST: the data, the networks' parameters, and its run of five epochs.
import { beforeAll, describe, expect, test } from "vitest";
import { loadMnist, type MnistData } from "../../src/data/mnist.js";
import { init } from "../../src/engine/index.js";
import { layers, sequential, type Callback, type Logs, type Sequential } from "../../src/nn/index.js";
import { makeModel } from "../../src/cli/models.js";
import { measureDigits, trainDigits, type EpochReport, type Measured } from "../../src/cli/training.js";
import { mnistFolder, needMnist } from "../shared.js";

beforeAll(() => init());

test("[M1] 60,000 and 10,000 images of 28×28 in ten classes; labels begin 5, 0, 4 and end 5, 6, 8", async (context) => {
  const { train, test: held, height, width } = await loadMnist({ data: needMnist(context) });
  expect([train.count, held.count, height, width]).toEqual([60_000, 10_000, 28, 28]);
  expect([train.images.length, held.images.length]).toEqual([60_000 * 784, 10_000 * 784]);
  expect([...train.labels.subarray(0, 3), ...train.labels.subarray(-3)]).toEqual([5, 0, 4, 5, 6, 8]);
  expect(new Set(train.labels)).toEqual(new Set(Array(10).keys()));
  expect(train.labels).toBeInstanceOf(Uint8Array);
});

function parametersOf(model: Sequential): number[] {
  return model.layers.map((layer) => layer.countParams()).filter((count) => count > 0);
}

test("[M2] 784-512-10 has 401,920 + 5,130 = 407,050 parameters", () => {
  const model = makeModel("mlp", 28, 28, 1);
  expect(parametersOf(model)).toEqual([401_920, 5_130]);
  expect(model.countParams()).toBe(407_050);
});

test("[M7] 784-16-16-10 of sigmoids has 13,002 parameters", () => {
  const dense = (units: number, inputDim?: number) => layers.dense({ units, activation: "sigmoid", ...(inputDim && { inputDim }) });
  const model = sequential({ layers: [dense(16, 784), dense(16), dense(10)] });
  expect(parametersOf(model)).toEqual([12_560, 272, 170]);
  expect(model.countParams()).toBe(13_002);
});

describe("784-512-10, rmsprop, batch 128, five epochs, seed 1", () => {
  let epochs: readonly EpochReport[] = [];
  let measured: Measured;
  /** Running means of epoch 2 after 401 batches, 51,328 examples. */
  let underway: Logs = {};

  // The tests below skip themselves without MNIST.
  beforeAll(async () => {
    const folder = mnistFolder();
    if (!folder) return;
    const data: MnistData = await loadMnist({ data: folder });
    let epoch = 0;
    const watch: Callback = {
      onEpochBegin: (number) => void (epoch = number),
      onBatchEnd: (batch, logs) => {
        if (epoch === 1 && batch === 400) underway = logs;
      },
    };
    const trained = await trainDigits(data, { model: "mlp", optimizer: "rmsprop", epochs: 5, batchSize: 128, seed: 1, callbacks: [watch] });
    epochs = trained.epochs;
    measured = await measureDigits(trained.model, data);
    console.log(`test accuracy ${measured.testAccuracy}; ${epochs.map(({ loss, accuracy, seconds }) => `${loss.toFixed(4)} ${accuracy.toFixed(4)} ${seconds.toFixed(1)} s`).join(", ")}`);
  }, 300_000);

  test("[M3] test accuracy 0.9785", (context) => {
    needMnist(context);
    expect(measured.testAccuracy).toBeGreaterThanOrEqual(0.978);
  });

  test("[M4] epoch 1: loss 0.2524, accuracy 0.9273", (context) => {
    needMnist(context);
    const [{ loss, accuracy }] = epochs as [EpochReport];
    expect(Math.abs(loss - 0.256)).toBeLessThanOrEqual(0.006);
    expect(Math.abs(accuracy - 0.9275)).toBeLessThanOrEqual(0.0025);
  });

  test("[M5] epoch 2 after 51,328 images: loss 0.1035, accuracy 0.9692", (context) => {
    needMnist(context);
    expect(Math.abs(underway["loss"]! - 0.1035)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(underway["accuracy"]! - 0.9692)).toBeLessThanOrEqual(0.002);
  });

  test("[M6] an epoch takes less than 9 s", (context) => {
    needMnist(context);
    // The fastest of five: other tests share the processor.
    expect(Math.min(...epochs.map(({ seconds }) => seconds))).toBeLessThan(9);
  });
});
