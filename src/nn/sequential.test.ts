import { describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import * as layers from "./layers/index.js";
import { sequential } from "./sequential.js";

const { activation, averagePooling2d, batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d } = layers;

function lines(model: ReturnType<typeof sequential>): string[] {
  const out: string[] = [];
  model.summary((line) => out.push(line));
  return out;
}

describe("sequential", () => {
  it("numbers unnamed layers of a kind, and names weights after them", () => {
    const model = sequential({ layers: [dense({ units: 4, inputDim: 3 }), dense({ units: 4, name: "middle" }), dense({ units: 2 }), batchNormalization()] });
    expect(model.layers.map(({ name }) => name)).toEqual(["dense", "middle", "dense_1", "batch_normalization"]);
    expect(model.weights.map(({ name }) => name)).toEqual([
      "dense/kernel", "dense/bias", "middle/kernel", "middle/bias", "dense_1/kernel", "dense_1/bias",
      "batch_normalization/gamma", "batch_normalization/beta", "batch_normalization/moving_mean", "batch_normalization/moving_variance",
    ]); // prettier-ignore
    expect(model.trainableWeights.length).toBe(8);
  });

  it("[M2] prints Keras' table: 784-512-10 has 401,920 + 5,130 = 407,050 parameters", () => {
    const model = sequential({ layers: [dense({ units: 512, activation: "relu", inputShape: [784] }), dense({ units: 10, activation: "softmax" })] });
    expect(lines(model)).toEqual([
      'Model: "sequential"',
      "_".repeat(70),
      "Layer (type)                  Output Shape              Param #",
      "=".repeat(70),
      "dense (Dense)                 (None, 512)               401,920",
      "dense_1 (Dense)               (None, 10)                5,130",
      "=".repeat(70),
      "Total params: 407,050 (1.55 MB)",
      "Trainable params: 407,050 (1.55 MB)",
      "Non-trainable params: 0 (0 B)",
      "_".repeat(70),
    ]);
    expect(model.countParams()).toBe(407050);
  });

  it("widens the table for long names", () => {
    const [, rule, , , row] = lines(sequential({ layers: [batchNormalization({ inputShape: [28, 28, 6] })] }));
    expect(row).toBe("batch_normalization (BatchNormalization)  (None, 28, 28, 6)         24");
    expect(rule).toBe("_".repeat(82));
  });

  it("[M7] 784-16-16-10 has 13,002 parameters", () => {
    const model = sequential({ layers: [dense({ units: 16, activation: "sigmoid", inputDim: 784 }), dense({ units: 16, activation: "sigmoid" }), dense({ units: 10 })] });
    expect(model.countParams()).toBe(13002);
  });

  it("[A6] 3-3-3-2 has weights 3×3, 3×3, 3×2 and 32 parameters with biases", () => {
    const model = sequential({ layers: [dense({ units: 3, inputDim: 3 }), dense({ units: 3 }), dense({ units: 2 })] });
    expect(model.weights.map(({ shape }) => [...shape])).toEqual([[3, 3], [3], [3, 3], [3], [3, 2], [2]]);
    expect(model.countParams()).toBe(32);
  });

  const lenet = (useBias: boolean): ReturnType<typeof sequential> =>
    sequential({
      layers: [
        conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", useBias, inputShape: [28, 28, 1] }),
        maxPooling2d(),
        conv2d({ filters: 16, kernelSize: 5, activation: "relu", useBias }),
        maxPooling2d(),
        flatten(),
        dense({ units: 120, activation: "relu" }),
        dense({ units: 84, activation: "relu" }),
        dense({ units: 10, activation: "softmax" }),
      ],
    });

  it("[C7] LeNet-5's feature maps are 28²×6, 14²×6, 10²×16, 5²×16", () => {
    const shapes = lines(lenet(true)).slice(4, 8).map((line) => /\((None.*?)\)/.exec(line)![1]);
    expect(shapes).toEqual(["None, 28, 28, 6", "None, 14, 14, 6", "None, 10, 10, 16", "None, 5, 5, 16"]);
  });

  it("[C8] LeNet-5 has 150, 0, 2400, 0, 48120, 10164, 850 = 61,684 parameters, with the convolutions' biases 61,706", () => {
    const bare = lenet(false);
    expect(bare.layers.map((layer) => layer.countParams())).toEqual([150, 0, 2400, 0, 0, 48120, 10164, 850]);
    expect(bare.countParams()).toBe(61684);
    expect(lenet(true).countParams()).toBe(61706);
  });

  it("[C4] a window leaves ⌊(W − F + 2P)/S⌋ + 1 pixels", () => {
    const rows: [width: number, kernelSize: number, padding: number, strides: number, out: number][] = [
      [227, 11, 0, 4, 55], [32, 5, 0, 1, 28], [28, 5, 2, 1, 28], [7, 3, 0, 3, 2], [8, 3, 0, 2, 3], [7, 3, 1, 2, 4],
    ]; // prettier-ignore
    for (const [width, kernelSize, padding, strides, out] of rows) {
      const layer = conv2d({ filters: 2, kernelSize, padding, strides });
      expect(layer.outputShape([width, width, 3]), `${width} ${kernelSize} ${padding} ${strides}`).toEqual([out, out, 2]);
    }
    expect(averagePooling2d({ poolSize: 2 }).outputShape([24, 24, 3])).toEqual([12, 12, 3]);
    expect(maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }).outputShape([7, 7, 3])).toEqual([4, 4, 3]);
  });

  it("starts weight i from (seed, i), whatever else the model holds", () => {
    const plain = sequential({ seed: 5, layers: [dense({ units: 3, inputDim: 4 }), dense({ units: 3 })] });
    const other = sequential({ seed: 5, layers: [dense({ units: 3, inputDim: 4 }), dropout({ rate: 0.5 }), activation({ activation: "relu" }), dense({ units: 3 })] });
    const moved = sequential({ seed: 6, layers: [dense({ units: 3, inputDim: 4 })] });
    expect(other.weights.map((weight) => weight.snapshot())).toEqual(plain.weights.map((weight) => weight.snapshot()));
    expect(moved.weights[0]!.snapshot()).not.toEqual(plain.weights[0]!.snapshot());
    expect(plain.weights[0]!.snapshot()).not.toEqual(plain.weights[2]!.snapshot().slice(0, 12));
  });

  it("takes the layers as a list, too", () => {
    expect(sequential([layers.flatten({ inputShape: [2, 3] }), layers.dense({ units: 4 })]).outputShape).toEqual([4]);
  });

  it("images are channels-last, in either spelling or unsaid, or channels-first", () => {
    for (const dataFormat of ["channelsLast", "channels_last", undefined] as ("channelsLast" | undefined)[]) {
      expect(sequential([layers.conv2d({ filters: 2, kernelSize: 3, dataFormat, inputShape: [8, 8, 1] }), layers.maxPooling2d({ dataFormat })]).outputShape).toEqual([3, 3, 2]);
    }
    const first = "channelsFirst";
    expect(sequential([layers.conv2d({ filters: 2, kernelSize: 3, dataFormat: first, inputShape: [1, 8, 8] }), layers.maxPooling2d({ dataFormat: first })]).outputShape).toEqual([2, 3, 3]);
    const dataFormat = "channelFirst" as "channelsLast";
    expect(() => layers.conv2d({ filters: 2, kernelSize: 3, dataFormat })).toThrow(/conv2d "conv2d": dataFormat: expected "channelsLast" or "channelsFirst", got "channelFirst"/);
    expect(() => layers.averagePooling2d({ dataFormat })).toThrow(/dataFormat: expected "channelsLast"/);
  });

  it("builds when it learns its input's shape", () => {
    const model = sequential({ layers: [flatten(), dense({ units: 2 })] });
    expect(model.built).toBe(false);
    expect(() => model.countParams()).toThrow("has no weights yet");
    model.build([4, 4]);
    expect(model.countParams()).toBe(34);
    expect(model.outputShape).toEqual([2]);
  });

  const BAD: [what: string, make: () => unknown, error: new (message: string) => Error, message: string][] = [
    [
      "a convolution after a flat layer",
      () => sequential({ layers: [flatten({ inputShape: [28, 28, 1] }), conv2d({ filters: 4, kernelSize: 3 })] }),
      ShapeError,
      'layer "conv2d" (Conv2D): expected images [batch, height, width, channels], got [batch, 784] from layer "flatten" (Flatten).',
    ],
    [
      "a layer of signals after images",
      () => sequential({ layers: [maxPooling2d({ inputShape: [28, 28, 1] }), layers.conv1d({ filters: 2, kernelSize: 3 })] }),
      ShapeError,
      'layer "conv1d" (Conv1D): expected signals [batch, steps, channels], got [batch, 14, 14, 1] from layer "max_pooling2d" (MaxPooling2D).',
    ],
    [
      "a window larger than its image",
      () => sequential({ layers: [maxPooling2d({ inputShape: [4, 4, 1] }), conv2d({ filters: 4, kernelSize: 3 })] }),
      ShapeError,
      'The image [2, 2] comes from layer "max_pooling2d" (MaxPooling2D).',
    ],
    ["two layers of one name", () => sequential({ layers: [flatten({ name: "a" }), dense({ units: 1, name: "a" })] }), ValueError, '"a" stands twice'],
    ["no units", () => dense({ units: 0 }), ValueError, 'dense "dense": units: expected a whole number of at least 1, got 0.'],
    ["a rate of 1", () => dropout({ rate: 1 }), ValueError, 'dropout "dropout": rate: expected a number in [0, 1), got 1.'],
    ["a misspelled activation", () => dense({ units: 1, activation: "sigmoi" }), ValueError, 'Did you mean "sigmoid"?'],
    ["a misspelled loss", () => sequential({ layers: [dense({ units: 1, inputDim: 1 })] }).compile({ optimizer: "sgd", loss: "meanSquareError" }), ValueError, 'Did you mean "meanSquaredError"?'],
    ["a misspelled optimizer", () => sequential({ layers: [dense({ units: 1, inputDim: 1 })] }).compile({ optimizer: "adan", loss: "mse" }), ValueError, 'Did you mean "adam"?'],
    ["a misspelled metric", () => sequential({ layers: [dense({ units: 1, inputDim: 1 })] }).compile({ optimizer: "adam", loss: "mse", metrics: ["acuracy"] }), ValueError, 'Did you mean "accuracy"?'],
  ];
  it.each(BAD)("refuses %s and says what to do", (_what, make, error, message) => {
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});
