// The course's figures of models: sizes of weights, what is learned and what is chosen, and the same network by layers and by hand.
import { beforeAll, expect, test } from "vitest";
import * as edgegrad from "../../src/index.js";
import { loadMnist } from "../../src/data/mnist.js";
import { GradientTape, init, matmul, mean, relu, softmaxCrossEntropy, tensor, variable, type Tensor } from "../../src/engine/index.js";
import { input, layers, model, sequential, sgd, Sequential, type Model } from "../../src/nn/index.js";
import { needMnist } from "../shared.js";

beforeAll(() => init());

const { activation, dense } = layers;

function summaryOf(net: Model): string {
  const lines: string[] = [];
  net.summary((line) => lines.push(line));
  return lines.join("\n");
}

test("[A6] 3-3-3-2 has matrices 3×3, 3×3, 3×2, transposed to the course's [n_l, n_l−1], a bias for each neuron, and a summary of 32 parameters", () => {
  const net = sequential([dense({ units: 3, inputDim: 3 }), dense({ units: 3 }), dense({ units: 2 })]);
  const sizes = [3, 3, 3, 2];
  net.layers.forEach(({ weights: [kernel, bias] }, i) => {
    expect(kernel!.transpose().shape).toEqual([sizes[i + 1], sizes[i]]);
    expect(bias!.shape).toEqual([sizes[i + 1]]);
  });
  expect(summaryOf(net)).toContain("Total params: 32");
});

test("[A7] parameters are what the summary counts, hyperparameters what the configuration holds; training changes only the first", async () => {
  const net = sequential({ seed: 1, layers: [dense({ units: 4, inputDim: 2, activation: "tanh" }), dense({ units: 1 })] });
  net.compile({ optimizer: sgd({ learningRate: 0.25 }), loss: "meanSquaredError" });
  expect(summaryOf(net)).toContain("Total params: 17");
  const config = (): unknown => JSON.parse(JSON.stringify([net.getConfig(), net.optimizer.config()]));
  const [chosen, learned] = [config(), net.getWeights().map((weight) => [...weight.dataSync()])];
  expect((chosen as [{ layers: unknown[] }])[0].layers).toMatchObject([{ config: { units: 4, activation: "tanh" } }, { config: { units: 1 } }]);
  expect(chosen).toMatchObject([{}, { learningRate: 0.25 }]);
  const { epochs } = await net.fit([[0, 1], [1, 0]], [1, 0], { epochs: 3, batchSize: 2 }).then(({ history }) => ({ epochs: history["loss"]!.length }));
  expect(epochs).toBe(3);
  expect(config()).toEqual(chosen);
  expect(net.getWeights().map((weight) => [...weight.dataSync()])).not.toEqual(learned);
});

test.each<[row: string, sizes: readonly number[], parameters: string]>([
  ["[M2] 784-512-10", [784, 512, 10], "407,050"],
  ["[M7] 784-16-16-10", [784, 16, 16, 10], "13,002"],
  ["[G17] w_0 … w_13,001", [784, 16, 16, 10], "13,002"],
  ["[N23] 2-2-1", [2, 2, 1], "9"],
])("%s: the summary counts the parameters, of a sequential model and of one cut out of a graph", (_row, [inputs, ...units], parameters) => {
  const row = sequential(units.map((size, i) => dense({ units: size, ...(i === 0 && { inputDim: inputs! }) })));
  const x = input({ shape: [inputs!] });
  const graph = model({ inputs: x, outputs: units.reduce((y, size) => dense({ units: size }).apply(y), x) });
  for (const net of [row, graph]) expect(summaryOf(net)).toContain(`Total params: ${parameters} (`);
});

test("[D10] one import of everything, or names one by one: the same functions", () => {
  expect(edgegrad.layers.dense).toBe(dense);
  expect(edgegrad.sequential).toBe(sequential);
  const net = edgegrad.sequential();
  expect(net).toBeInstanceOf(Sequential);
  net.add(dense({ units: 512, inputDim: 784 })).add(activation({ activation: "relu" })).add(dense({ units: 10 })).add(activation("softmax"));
  expect(net.layers.map(({ type }) => type)).toEqual(["Dense", "Activation", "Dense", "Activation"]);
});

test("[D11] MNIST by variables, a tape and a subtraction gives the bits of the model of layers", async (context) => {
  const { train } = await loadMnist({ data: needMnist(context) });
  const [batch, steps, rate] = [64, 10, 0.25];
  const images = Float32Array.from(train.images.subarray(0, batch * steps * 784), (pixel) => pixel / 256);
  const labels = Int32Array.from(train.labels.subarray(0, batch * steps));

  const net = sequential({ seed: 2, layers: [dense({ units: 32, activation: "relu", inputDim: 784 }), dense({ units: 10 })] });
  const [w1, b1, w2, b2] = net.getWeights().map((weight) => variable(weight)) as [Variable, Variable, Variable, Variable];
  net.compile({ optimizer: sgd({ learningRate: rate }), loss: "sparseCategoricalCrossentropy" });
  await net.fit({ data: images, shape: [batch * steps, 784] }, { data: labels, shape: [batch * steps] }, { batchSize: batch, shuffle: false });

  const weights = [w1, b1, w2, b2];
  const network = (x: Tensor): Tensor => matmul(relu(matmul(x, w1).add(b1)), w2).add(b2);
  for (let i = 0; i < steps; i++) {
    const x = tensor(images.subarray(i * batch * 784, (i + 1) * batch * 784), [batch, 784]);
    const y = tensor(labels.subarray(i * batch, (i + 1) * batch));
    const tape = new GradientTape();
    const loss = tape.run(() => mean(softmaxCrossEntropy(network(x), y)));
    tape.gradient(loss, weights).forEach((gradient, k) => weights[k]!.assign(weights[k]!.sub(gradient!.mul(rate))));
  }
  const bits = (values: readonly Tensor[]): Uint32Array[] => values.map((value) => new Uint32Array(value.dataSync().slice().buffer));
  expect(bits(weights)).toEqual(bits(net.getWeights()));
});

type Variable = ReturnType<typeof variable>;
