// The course's layers: its worked networks, activations, initial weights, batch normalisation and dropout.
import { beforeAll, describe, expect, it } from "vitest";
import { compile, dropout, gradients, init, linspace, matmul, relu, setRandomSeed, softmax, sum, tensor, type Tensor } from "../../src/engine/index.js";
import { adam, layers, sequential, type Sequential } from "../../src/nn/index.js";

beforeAll(() => init());

const { batchNormalization, dense } = layers;

/** Each number within `tolerance` of what the course prints: half a unit of its last digit, and some float32. */
function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  wanted.forEach((x, i) => expect(Math.abs(got[i]! - x), `element ${i}: ${got[i]}, not ${x}`).toBeLessThanOrEqual(tolerance));
}

describe("dense layers", () => {
  it("[A1] a dense layer is activation(x · W + b), and W and b are trained", () => {
    const layer = dense({ units: 2, activation: "relu", kernelInitializer: "glorotNormal", biasInitializer: "ones" });
    const x = tensor([[1, 2, 3], [-1, 0, 2]]);
    const y = layer.apply(x);
    const [kernel, bias] = layer.weights;
    expect(y.arraySync()).toEqual(relu(matmul(x.cast("float32"), kernel!).add(bias!)).arraySync());
    expect(layer.trainableWeights.map(({ name }) => name)).toEqual(["dense/kernel", "dense/bias"]);
  });

  it("[A2] the worked dense layer: z and relu(z); a bias added to dot(w, x) broadcasts over columns, Keras' x · W + b over units", () => {
    const w = tensor([[1, 0.5], [2, 1]]);
    const x = tensor([[1, 2], [-1, 2]], undefined, "float32");
    const b = tensor([-2, 0.5]);
    const z = w.matmul(x).add(b);
    expect(z.arraySync()).toEqual([[-1.5, 3.5], [-1, 6.5]]);
    expect(z.relu().arraySync()).toEqual([[0, 3.5], [0, 6.5]]);
    const layer = dense({ units: 2 });
    layer.build([2]);
    layer.weights[0]!.assign(w);
    layer.weights[1]!.assign(b);
    expect(layer.apply(x).arraySync()).toEqual([[3, 3], [1, 2]]);
  });

  /** The course's 2-3-3-1 network of sigmoids, input (1, 1). Its W2 and W3 follow from z2 and z3; W1 is one that gives its z1. */
  function worked(): Sequential {
    const unit = (units: number, inputDim?: number) => dense({ units, activation: "sigmoid", biasInitializer: "ones", ...(inputDim && { inputDim }) });
    const model = sequential({ layers: [unit(3, 2), unit(3), unit(1)] });
    const [w1, , w2, , w3] = model.weights;
    w1!.assign(tensor([[1, 2, 3], [1, 4, 1]], undefined, "float32"));
    w2!.assign(tensor([[1, 0, 1], [0, 1, 3], [1, 2, 1]], undefined, "float32").transpose());
    w3!.assign(tensor([[1], [0], [1]], undefined, "float32"));
    return model;
  }

  it("[A3] the worked feed-forward pass 2-3-3-1: h1, h2 and y", () => {
    const model = worked();
    const [first, second, third] = model.layers;
    const h1 = first!.apply(tensor([[1, 1]], undefined, "float32"));
    const h2 = second!.apply(h1);
    expectClose(h1.dataSync(), [0.95257, 0.99909, 0.99331], 6e-6);
    expectClose(h2.dataSync(), [0.95007, 0.99317, 0.99292], 6e-6);
    expectClose(third!.apply(h2).dataSync(), [0.94993], 6e-6);
  });

  it("[G12] the worked backpropagation: gradients of all weights of that network for y = 1", () => {
    const model = worked();
    const y = model.apply([[1, 1]]);
    const loss = sum(y.log().neg());
    const [dW1, dW2, dW3] = gradients(loss, [0, 2, 4].map((i) => model.weights[i]!));
    expectClose(dW3!.dataSync(), [-0.0475687, -0.0497266, -0.0497145], 1e-7);
    const dz2 = gradients(sum(model.apply([[1, 1]]).log().neg()), [model.weights[3]!])[0]!;
    // Rounding of 1 − y costs 6e-8 / 0.05 = 1.2e-6 of each gradient.
    expectClose(dz2.dataSync(), [-0.00237518, 0, -0.00035174], 1e-8);
    expectClose(dW1!.dataSync().slice(0, 3), [-1.231931e-4, -6.40322e-7, -1.812871e-5], 1e-9);
    expect(dW2!.shape).toEqual([3, 3]);
  });

  it("[A4] h = σ(Wh + b), p = normalize(exp): what predict gives", async () => {
    const model = sequential({ seed: 3, layers: [dense({ units: 4, activation: "sigmoid", inputDim: 3 }), dense({ units: 3, activation: "softmax" })] });
    const x = [[0.5, -1, 2], [1, 1, -0.25]];
    const [w1, b1, w2, b2] = model.getWeights().map((weight) => weight.arraySync());
    const layer = (h: number[], w: number[][], b: number[]): number[] => b.map((bias, j) => h.reduce((total, value, i) => total + value * w[i]![j]!, bias));
    const wanted = x.flatMap((row) => {
      const h = layer(row, w1 as number[][], b1 as number[]).map((z) => 1 / (1 + Math.exp(-z)));
      const e = layer(h, w2 as number[][], b2 as number[]).map(Math.exp);
      const total = e.reduce((a, b) => a + b);
      return e.map((value) => value / total);
    });
    expectClose((await model.predict(x)).dataSync(), wanted, 2e-7);
  });
});

describe("activations", () => {
  it("[A12] relu over 100 points from −5 to 5: 0 on the left, the line of 45° on the right", () => {
    const x = linspace(-5, 5, 100);
    const values = x.dataSync();
    expect([...relu(x).dataSync()]).toEqual([...values].map((value) => (value > 0 ? value : 0)));
  });

  it("[A21] softmax sums to 1, and does not overflow at 10,000", () => {
    const p = softmax(tensor([[1e4, 1e4 - 1, -1e4], [1, 2, 3]], undefined, "float32"));
    expectClose(p.dataSync(), [0.7310586, 0.2689414, 0, 0.0900306, 0.2447285, 0.665241], 1e-7);
    for (const total of p.sum(-1).dataSync()) expect(Math.abs(total - 1)).toBeLessThan(2e-7);
  });
});

describe("initial weights", () => {
  /** Whether a point lies in the ring; two inputs, solvable only by different hidden units. */
  const points = Array.from({ length: 200 }, (_, i) => [Math.cos(i) * ((i % 20) / 10), Math.sin(i) * ((i % 20) / 10)]);
  const inside = points.map(([a, b]) => [a! * a! + b! * b! < 1 ? 1 : 0]);

  const train = async (kernelInitializer: string): Promise<{ model: Sequential; loss: number }> => {
    const model = sequential({
      seed: 1,
      layers: [dense({ units: 8, activation: "tanh", kernelInitializer, inputDim: 2 }), dense({ units: 1, activation: "sigmoid", kernelInitializer })],
    });
    model.compile({ optimizer: adam(0.05), loss: "binaryCrossentropy" });
    const { history } = await model.fit(points, inside, { epochs: 30, batchSize: 50 });
    return { model, loss: history["loss"]!.at(-1)! };
  };

  it("[A27] from zeros all units stay equal and nothing is learned; glorot and he break the symmetry and learn", async () => {
    const { model, loss } = await train("zeros");
    const kernel = model.weights[0]!.dataSync();
    for (let row = 0; row < 2; row++) expect(new Set(kernel.slice(8 * row, 8 * row + 8)).size).toBe(1);
    expect(loss).toBeGreaterThan(0.6);
    for (const name of ["glorotUniform", "heNormal"]) expect((await train(name)).loss, name).toBeLessThan(0.25);
  });
});

describe("batch normalisation", () => {
  const batch = [[1, 10, -3, 0.5, 2], [2, 20, -1, 0.5, 4], [3, 60, 1, 0.5, 8], [6, 30, 7, 0.5, 16]];

  it("[A28] brings each of 5 features to mean 0 and variance σ²/(σ² + 0.001); γ = 1, β = 0, axis −1 by default", () => {
    const layer = batchNormalization();
    const y = layer.apply(tensor(batch), { training: true }).arraySync() as number[][];
    for (let j = 0; j < 5; j++) {
      const column = batch.map((row) => row[j]!);
      const mean = column.reduce((a, b) => a + b) / 4;
      const variance = column.reduce((total, x) => total + (x - mean) ** 2, 0) / 4;
      // Elements are at most 2 in size; the division and the root lose 1 ulp each.
      expectClose(y.map((row) => row[j]!), column.map((x) => (x - mean) / Math.sqrt(variance + 1e-3)), 1e-6);
    }
    expect(layer.config()).toMatchObject({ axis: -1, epsilon: 1e-3, momentum: 0.99, center: true, scale: true });
    expect(layer.weights.map((weight) => [weight.name.split("/")[1], weight.dataSync()[0]]).slice(0, 2)).toEqual([["gamma", 1], ["beta", 0]]);
  });

  it("[A29] afterwards it uses moving averages: one example's result does not depend on the others", async () => {
    const layer = batchNormalization({ momentum: 0.5 });
    for (let step = 0; step < 3; step++) layer.apply(tensor(batch), { training: true });
    // 0 → 1.5 → 2.25 → 2.625 for the first feature's mean 3; its variance 3.5 from 1: 2.25, 2.875, 3.1875.
    const [, , mean, variance] = layer.weights;
    expect(mean!.dataSync()[0]).toBe(2.625);
    expect(variance!.dataSync()[0]).toBe(3.1875);
    const all = layer.apply(tensor(batch)).arraySync() as number[][];
    const alone = layer.apply(tensor([batch[2]!])).arraySync() as number[][];
    expect(alone[0]).toEqual(all[2]);
    expectClose(alone[0]!.slice(0, 1), [(3 - 2.625) / Math.sqrt(3.1875 + 1e-3)], 1e-6);
  });
});

describe("dropout", () => {
  it("[B16] the mask is Bernoulli and scaled so that the mean holds; backward uses the same mask; the next call draws another", () => {
    setRandomSeed(11);
    const run = compile((x: Tensor) => {
      const y = dropout(x, 0.25);
      return { y, gradient: gradients(sum(y), [x])[0]! };
    });
    const x = tensor(new Float32Array(40000).fill(3));
    const first = run(x);
    const y = first.y.dataSync();
    const kept = y.filter((value) => value !== 0);
    // 40,000 draws: the share has a standard error of 0.0022.
    expect(Math.abs(kept.length / y.length - 0.75)).toBeLessThan(0.009);
    expect(new Set(kept)).toEqual(new Set([4]));
    expect([...first.gradient.dataSync()]).toEqual([...y].map((value) => (value === 0 ? 0 : Math.fround(4 / 3))));
    expect(run(x).y.dataSync()).not.toEqual(y);
    setRandomSeed(11);
    expect(run(x).y.dataSync()).toEqual(y);
  });
});

it("[U9] batchNormalization takes Keras' arguments, with its defaults", () => {
  const layer = layers.batchNormalization({
    axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true,
    betaInitializer: "zeros", gammaInitializer: "ones", movingMeanInitializer: "zeros", movingVarianceInitializer: "ones",
  }); // prettier-ignore
  const plain = layers.batchNormalization();
  expect({ ...layer.config(), name: "" }).toEqual({ ...plain.config(), name: "" });
  expect(plain.config()).toMatchObject({ axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true });
});
