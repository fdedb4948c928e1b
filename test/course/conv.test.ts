// The course's convolutions: sizes, pooling, LeNet-5's shapes and parameters.
import { beforeAll, describe, expect, test } from "vitest";
import { averagePool2d, conv2d, grad, init, maxPool2d, sum, tensor } from "../../src/engine/index.js";
import { layers, sequential, type Sequential } from "../../src/nn/index.js";

beforeAll(() => init());

describe("[C4] the output of a convolution has (W − F + 2P)/S + 1 pixels a side, rounded down", () => {
  const SIZES: [width: number, filter: number, padding: number, stride: number, output: number][] = [
    [28, 5, 2, 1, 28],
    [14, 5, 0, 1, 10],
    [32, 5, 0, 1, 28],
    [7, 3, 0, 1, 5],
    [7, 3, 1, 1, 7],
    [55, 3, 0, 2, 27],
    [227, 11, 0, 4, 55],
    [7, 3, 0, 3, 2],
    [8, 3, 0, 2, 3],
    [5, 5, 0, 1, 1],
    [3, 5, 1, 1, 1],
  ];
  for (const [width, filter, padding, stride, output] of SIZES) {
    test(`${width} pixels, filter ${filter}, padding ${padding}, stride ${stride}: ${output}`, () => {
      expect(Math.floor((width - filter + 2 * padding) / stride) + 1).toBe(output);
      const image = tensor(new Float32Array(width * width), [1, width, width, 1]);
      const kernel = tensor(new Float32Array(filter * filter), [filter, filter, 1, 1]);
      expect(conv2d(image, kernel, { padding, strides: stride }).shape).toEqual([1, output, output, 1]);
    });
  }
});

describe("[C6] pooling takes the maximum or the mean of each patch", () => {
  const image = [
    [1, 3, 2, 4],
    [5, 6, 1, 0],
    [7, 2, 9, 8],
    [0, 1, 3, 4],
  ];
  const x = (): ReturnType<typeof tensor> => tensor(image, [4, 4], "float32").reshape([1, 4, 4, 1]);

  test("2×2 keeps a quarter of the values", () => {
    const max = maxPool2d(x(), { poolSize: 2 });
    expect(max.shape).toEqual([1, 2, 2, 1]);
    expect([...max.dataSync()]).toEqual([6, 4, 7, 9]);
    expect([...averagePool2d(x(), { poolSize: 2 }).dataSync()]).toEqual([3.75, 1.75, 2.5, 6]);
  });

  test("the gradient goes to the maximum, or in equal shares to the whole patch", () => {
    const weights = tensor(Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1]);
    const toMax = grad((v) => sum(maxPool2d(v, { poolSize: 2 }).mul(weights)))(x()).reshape([4, 4]);
    expect(toMax.arraySync()).toEqual([[0, 0, 0, 2], [0, 1, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]);
    const toAll = grad((v) => sum(averagePool2d(v, { poolSize: 2 }).mul(weights)))(x()).reshape([4, 4]);
    expect(toAll.arraySync()).toEqual([[0.25, 0.25, 0.5, 0.5], [0.25, 0.25, 0.5, 0.5], [0.75, 0.75, 1, 1], [0.75, 0.75, 1, 1]]);
  });
});

/** LeNet-5 on 28×28 with padding 2. */
function lenet(useBias: boolean): Sequential {
  return sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", useBias, inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 5, activation: "relu", useBias }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: "relu" }),
      layers.dense({ units: 84, activation: "relu" }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
}

function summaryOf(model: Sequential): { shape: string; parameters: number }[] {
  const lines: string[] = [];
  model.summary((line) => lines.push(line));
  return lines.flatMap((line) => {
    const [, shape, parameters] = /\(None, ([\d, ]+)\)\s+([\d,]+)$/.exec(line) ?? [];
    return shape === undefined ? [] : [{ shape, parameters: Number(parameters!.replaceAll(",", "")) }];
  });
}

describe("LeNet-5", () => {
  test("[C7] 28²×6, 14²×6, 10²×16, 5²×16, then 120, 84, 10", () => {
    expect(summaryOf(lenet(true)).map(({ shape }) => shape)).toEqual(["28, 28, 6", "14, 14, 6", "10, 10, 16", "5, 5, 16", "400", "120", "84", "10"]);
  });

  test("[C8] 150, 0, 2400, 0, 48120, 10164, 850 parameters: 61,684 without the convolutions' biases, 61,706 with them", () => {
    const counts = summaryOf(lenet(false)).map(({ parameters }) => parameters);
    expect(counts).toEqual([150, 0, 2400, 0, 0, 48120, 10164, 850]);
    expect(lenet(false).countParams()).toBe(61_684);
    expect(summaryOf(lenet(true)).map(({ parameters }) => parameters)).toEqual([156, 0, 2416, 0, 0, 48120, 10164, 850]);
    expect(lenet(true).countParams()).toBe(61_706);
  });
});
