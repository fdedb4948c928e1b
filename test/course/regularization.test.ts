// The course's regularisers as layers in a model that is fitted: dropout's masks, penalties, noise.
import { beforeAll, expect, it } from "vitest";
import { compile, gradients, init, ones, sum, tensor, type Tensor } from "../../src/engine/index.js";
import { layers, regularizers, sequential } from "../../src/nn/index.js";

beforeAll(() => init());

/** 24 points on a line with noise of a fixed pattern, and inputs that do not matter. */
const X = Array.from({ length: 24 }, (_, i) => Array.from({ length: 6 }, (_, j) => Math.sin(3 * i + 7 * j)));
const Y = X.map((row, i) => [2 * row[0]! - row[1]! + 0.3 * Math.sin(11 * i)]);

it("[B16] a dropout layer draws a mask for every batch, the same backwards, and none for predictions", () => {
  const layer = layers.dropout({ rate: 0.5, seed: 5 });
  layer.build([64]);
  const step = compile((x: Tensor) => {
    const y = layer.apply(x, { training: true });
    return { y, slope: gradients(sum(y), [x])[0]! };
  });
  const masks = [0, 1, 2].map(() => {
    const { y, slope } = step(ones([1, 64]));
    expect(slope.dataSync()).toEqual(y.dataSync());
    return [...y.dataSync()].join();
  });
  expect(new Set(masks).size).toBe(3);
  expect(layer.apply(ones([1, 64])).dataSync()).toEqual(ones([1, 64]).dataSync());
});

it("[B6] in a fit, l2 makes kernels smaller and leaves biases out; by option biases shrink as well", async () => {
  const fitted = async (options: object): Promise<{ kernel: number; bias: number; loss: number }> => {
    const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [6], biasInitializer: { name: "constant", config: { value: 3 } }, ...options })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const { history } = await model.fit(X, Y.map(([y]) => [y! + 3]), { epochs: 60, batchSize: 8, verbose: 0 });
    const [kernel, bias] = model.getWeights().map((weight) => Math.sqrt([...weight.dataSync()].reduce((total, w) => total + w * w, 0)));
    return { kernel: kernel!, bias: bias!, loss: history["loss"]!.at(-1)! };
  };
  const [plain, ridge, both] = [await fitted({}), await fitted({ kernelRegularizer: "l2" }), await fitted({ kernelRegularizer: regularizers.l2(0.1), biasRegularizer: regularizers.l2(0.1) })];
  expect(ridge.kernel).toBeLessThan(plain.kernel);
  expect(both.kernel).toBeLessThan(ridge.kernel);
  // The least of (b − 3)² + 0 · b² is 3; with 0.1 · b² it is 3 / 1.1.
  expect(Math.abs(plain.bias - 3)).toBeLessThan(0.1);
  expect(Math.abs(ridge.bias - 3)).toBeLessThan(0.1);
  expect(Math.abs(both.bias - 3 / 1.1)).toBeLessThan(0.1);
  // The penalty is in the loss that is reported.
  expect(both.loss).toBeGreaterThan(0.1 * both.bias ** 2);
});

it("[B10] noise on inputs of a linear model costs σ²·Σw² on average, as l2 would", () => {
  const noise = layers.gaussianNoise({ stddev: 0.5, seed: 3 });
  const w = [1, -2, 0.5];
  const x = [0.3, 0.7, -1];
  noise.build([3]);
  const many = 100_000;
  const noisy = noise.apply(tensor(Array.from({ length: many }, () => x)), { training: true }).dataSync();
  let total = 0;
  for (let i = 0; i < many; i++) total += (w[0]! * noisy[3 * i]! + w[1]! * noisy[3 * i + 1]! + w[2]! * noisy[3 * i + 2]! - 0.2) ** 2;
  // (ŷ − y)² = 3.24 and σ²Σw² = 1.3125; the square of a normal number of mean 1.8 and variance 1.3125 deviates by 4.5, its mean of 10⁵ by 0.0143.
  expect(Math.abs(total / many - 4.5525)).toBeLessThan(0.045);
});
