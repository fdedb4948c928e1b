// The course's losses, by its own numbers.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { add, compile, gradients, init, mul, relu, sigmoid, softmax, sub, sum, tensor, zeros, type Tensor } from "../../src/engine/index.js";
import { adam, layers, losses, regularizers, sequential, sgd } from "../../src/nn/index.js";

beforeAll(() => init());

const {
  binaryCrossentropy, categoricalCrossentropy, categoricalHinge, hinge, klDivergence, meanAbsoluteError, meanSquaredError, meanSquaredLogarithmicError, sparseCategoricalCrossentropy, squaredHinge,
} = losses; // prettier-ignore

/** Output of the course's 2-3-3-1 network: σ(z3). */
const Z3 = 2.9429932643;
const P = 1 / (1 + Math.exp(-Z3));

function floats(values: number[] | number[][]): Tensor {
  return tensor(values, undefined, "float32");
}

describe("losses", () => {
  it("[J1] mean squared error: (0.94993 − 1)² = 0.00250688; the mean runs over the last axis", () => {
    expect(meanSquaredError(floats([[1]]), floats([[P]])).dataSync()[0]).toBeCloseTo(0.00250688, 8);
    expect(meanSquaredError(floats([[1, 2], [0, 0]]), floats([[3, 2], [1, 3]])).arraySync()).toEqual([2, 5]);
    expect(meanAbsoluteError(floats([[1, 2], [0, 0]]), floats([[3, 2], [1, 3]])).arraySync()).toEqual([1, 2]);
  });

  it("[J2] half the squared error has the gradient ŷ − y", () => {
    const [y, p] = [floats([[1, 2, 0]]), floats([[3, 2, -1]])];
    const half = mul(sum(meanSquaredError(y, p)), 3 / 2);
    expect(gradients(half, [p])[0]!.arraySync()).toEqual([[2, 0, -1]]);
    expect(half.item()).toBe(2.5);
  });

  it("[J3] mean absolute error: its slope is the sign of the error, and 0 where there is none, though it has a corner there", () => {
    const [y, p] = [floats([[1, 2, 0, 5]]), floats([[3, 2, -1, 5.5]])];
    const loss = meanAbsoluteError(y, p);
    expect(gradients(sum(loss), [p])[0]!.arraySync()).toEqual([[0.25, 0, -0.25, 0.25]]);
    expect(loss.dataSync()[0]).toBe(0.875);
  });

  it("[J4] mean squared logarithmic error is the mean of (ln(1 + y) − ln(1 + ŷ))²: it asks for the same factor, not the same distance", () => {
    expect(meanSquaredLogarithmicError(floats([[3, 0]]), floats([[1, 0]])).dataSync()[0]).toBeCloseTo(Math.LN2 ** 2 / 2, 6);
    const [small, large] = [floats([[9]]), floats([[99]])].map((y, i) => meanSquaredLogarithmicError(y, floats([[[4, 49][i]!]])).dataSync()[0]!);
    expect([small, large]).toEqual([expect.closeTo(Math.LN2 ** 2, 6), expect.closeTo(Math.LN2 ** 2, 6)]);
  });

  it("[J5] binary cross-entropy: 0.0513656 for that network; probabilities of 0 and 1 are safe", () => {
    expect(binaryCrossentropy(floats([[1]]), floats([[P]])).dataSync()[0]).toBeCloseTo(0.0513656, 6);
    expect(binaryCrossentropy(floats([[1]]), sigmoid(floats([[Z3]]))).dataSync()[0]).toBeCloseTo(0.0513656, 7);
    expect(binaryCrossentropy(floats([[1]]), floats([[Z3]]), { fromLogits: true }).dataSync()[0]).toBeCloseTo(0.0513656, 7);
    // The wrong side costs −ln 1e-7 = 16.1, the right side nothing.
    const edge = binaryCrossentropy(floats([[1], [0], [1], [0]]), floats([[1], [0], [0], [1]])).dataSync();
    expect(edge[0]).toBeLessThan(2e-7);
    expect(edge[1]).toBeLessThan(2e-7);
    expect(edge[2]).toBeCloseTo(16.118, 2);
    expect(edge[3]).toBeCloseTo(15.942, 2); // 1 − 1e-7 is 1 − 1.19e-7 in float32.
  });

  it("[J5] from logits it stays exact where probabilities would round to 1: z = 100 costs 100 on the wrong side", () => {
    const wrong = binaryCrossentropy(floats([[0], [1]]), sigmoid(floats([[100], [-100]]))).dataSync();
    expect([...wrong]).toEqual([100, 100]);
  });

  it("[J6] categorical cross-entropy is −ln of the true class' probability", () => {
    const p = floats([[0.1, 0.7, 0.2], [0.25, 0.25, 0.5]]);
    const y = floats([[0, 1, 0], [0, 0, 1]]);
    const loss = categoricalCrossentropy(y, p).dataSync();
    expect(loss[0]).toBeCloseTo(-Math.log(0.7), 6);
    expect(loss[1]).toBeCloseTo(Math.LN2, 6);
    expect(categoricalCrossentropy(floats([[1, 0]]), floats([[0, 1]])).dataSync()[0]).toBeCloseTo(16.118, 2);
  });

  it("[J6] behind a softmax it works on the logits: finite at 1,000 apart, with gradient p − y", () => {
    const run = compile((z: Tensor) => {
      const loss = categoricalCrossentropy(floats([[1, 0, 0], [0, 0, 1]]), softmax(z));
      return { loss, gradient: gradients(sum(loss), [z])[0]! };
    });
    const { loss, gradient } = run(floats([[0, 1000, 0], [1, 2, 3]]));
    const data = loss.dataSync();
    expect(data[0]).toBe(1000);
    expect(data[1]).toBeCloseTo(-Math.log(0.665241), 6);
    const wanted = [-1, 1, 0, 0.0900306, 0.2447285, -0.334759];
    gradient.dataSync().forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 6));
  });

  it("[J7] sparse categorical cross-entropy of class numbers equals the categorical one of one-hot labels", () => {
    const z = floats([[0.5, -1, 2], [3, 0, -2], [1, 1, 1]]);
    const y = floats([[0, 0, 1], [1, 0, 0], [0, 1, 0]]);
    const classes = tensor([2, 0, 1]);
    expect(sparseCategoricalCrossentropy(classes, softmax(z)).arraySync()).toEqual(categoricalCrossentropy(y, softmax(z)).arraySync());
    const p = tensor(softmax(z).dataSync(), [3, 3]);
    expect(sparseCategoricalCrossentropy(classes, p).arraySync()).toEqual(categoricalCrossentropy(y, p).arraySync());
    expect(sparseCategoricalCrossentropy(tensor([[2], [0], [1]]), p).shape).toEqual([3]);
  });

  it("labels of another shape are refused, with the loss that would take them", () => {
    const p = softmax(floats([[1, 2, 3]]));
    expect(() => categoricalCrossentropy(tensor([2]), p)).toThrow('For class numbers use "sparseCategoricalCrossentropy".');
    expect(() => sparseCategoricalCrossentropy(floats([[0, 0, 1]]), p)).toThrow('For one-hot labels use "categoricalCrossentropy".');
  });

  it("[J8] hinge and squared hinge: max(0, 1 − y·ŷ) of y = ±1, and its square; labels of 0 count as −1", () => {
    const p = floats([[2], [0.5], [-1], [0]]);
    expect(hinge(floats([[1], [1], [1], [-1]]), p).arraySync()).toEqual([0, 0.5, 2, 1]);
    expect(squaredHinge(floats([[1], [1], [1], [-1]]), p).arraySync()).toEqual([0, 0.25, 4, 1]);
    expect(hinge(floats([[0], [1], [0], [0]]), p).arraySync()).toEqual([3, 0.5, 0, 1]);
    // The best wrong class, 0.4, comes within 1 of the true one, 0.9.
    expect(categoricalHinge(floats([[0, 1, 0]]), floats([[0.4, 0.9, 0.1]])).dataSync()[0]).toBeCloseTo(0.5, 6);
  });

  it("[J9] Kullback-Leibler divergence Σ y·ln(y / ŷ) is 0 if the distributions are equal, and only then", () => {
    const y = floats([[0.2, 0.3, 0.5]]);
    expect(klDivergence(y, y).dataSync()[0]).toBe(0);
    expect(klDivergence(y, floats([[0.3, 0.2, 0.5]])).dataSync()[0]).toBeCloseTo(0.2 * Math.log(2 / 3) + 0.3 * Math.log(3 / 2), 6);
    for (let i = 1; i < 40; i++) {
      const p = [i / 100, 0.4 - i / 100, 0.6];
      if (i !== 20) expect(klDivergence(floats([[0.2, 0.2, 0.6]]), floats([p])).dataSync()[0]).toBeGreaterThan(0);
    }
    // Cross-entropy is the entropy of the labels and the divergence from them.
    const p = floats([[0.1, 0.6, 0.3]]);
    const entropy = -(0.2 * Math.log(0.2) + 0.3 * Math.log(0.3) + 0.5 * Math.log(0.5));
    expect(categoricalCrossentropy(y, p).dataSync()[0]! - klDivergence(y, p).dataSync()[0]!).toBeCloseTo(entropy, 6);
  });

  it("[J10] the cost is the mean of the losses, their sum, or none of both: a reduction", () => {
    const values = meanSquaredError(floats([[1], [2], [0]]), floats([[3], [2], [-1]]));
    expect(values.arraySync()).toEqual([4, 0, 1]);
    expect(losses.reduce(values).item()).toBeCloseTo(5 / 3, 6);
    expect(losses.reduce(values, "mean").item()).toBeCloseTo(5 / 3, 6);
    expect(losses.reduce(values, "sum").item()).toBe(5);
    expect(losses.reduce(values, "none").arraySync()).toEqual([4, 0, 1]);
    const total = losses.get({ name: "mse", reduction: "sum" });
    expect(total.reduce(total.call(floats([[1], [2]]), floats([[3], [2]]))).item()).toBe(4);
  });

  it("[J11] the objective is the loss and λ times a penalty on the weights, and their sum is reported", async () => {
    const lambda = 0.1;
    const model = sequential({ seed: 5, layers: [layers.dense({ units: 1, inputShape: [2], kernelRegularizer: regularizers.l2({ l2: lambda }) })] });
    model.compile({ optimizer: sgd(0.1), loss: "mse", metrics: ["mse"] });
    const [x, y] = [[[1, 2], [3, -1]], [[1], [0]]];
    const w = [...model.getWeights()[0]!.dataSync()];
    const loss = x.reduce((s, row, i) => s + (row[0]! * w[0]! + row[1]! * w[1]! - y[i]![0]!) ** 2, 0) / 2;
    const penalty = lambda * (w[0]! ** 2 + w[1]! ** 2);
    const slope = [0, 1].map((j) => x.reduce((s, row, i) => s + (row[0]! * w[0]! + row[1]! * w[1]! - y[i]![0]!) * row[j]!, 0) + 2 * lambda * w[j]!);
    const logs = await model.trainOnBatch(x, y);
    expect(logs["loss"]).toBeCloseTo(loss + penalty, 5);
    expect(logs["mse"]).toBeCloseTo(loss, 5);
    model.getWeights()[0]!.dataSync().forEach((now, j) => expect(now).toBeCloseTo(w[j]! - 0.1 * slope[j]!, 5));
  });

  it("[J12] least squares for a line: training finds what the normal equation says", async () => {
    const [x, y] = [[0, 1, 2, 3, 4], [1, 2.5, 2, 4, 5.5]];
    const [mx, my] = [x, y].map((v) => v.reduce((a, b) => a + b) / 5) as [number, number];
    const slope = x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
    const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: sgd(0.1), loss: "mse" });
    await model.fit(x.map((v) => [v]), y.map((v) => [v]), { epochs: 300, batchSize: 5 });
    const [w, b] = model.getWeights().map((weight) => weight.dataSync()[0]!);
    expect(w).toBeCloseTo(slope, 5);
    expect(b).toBeCloseTo(my - slope * mx, 5);
  });

  it("[J13] the reconstruction loss, the mean of (x̂ − x)², falls while an auto-encoder trains on what it is shown", async () => {
    // Points of a plane in four dimensions: two units are enough.
    const x = Array.from({ length: 40 }, (_, i) => { const [a, b] = [Math.sin(i), Math.cos(2 * i)]; return [a, b, a + b, a - b]; }); // prettier-ignore
    const model = sequential({ seed: 1, layers: [layers.dense({ units: 2, inputShape: [4] }), layers.dense({ units: 4 })] });
    model.compile({ optimizer: adam(0.02), loss: "meanSquaredError" });
    const { history } = await model.fit(x, x, { epochs: 120, batchSize: 10 });
    const first = history["loss"]![0]!;
    expect(history["loss"]!.at(-1)).toBeLessThan(first / 100);
    const restored = await model.predict(x);
    const byHand = [...restored.dataSync()].reduce((s, value, i) => s + (value - x.flat()[i]!) ** 2, 0) / 160;
    expect((await model.evaluate(x, x))["loss"]).toBeCloseTo(byHand, 6);
  });

  it("[J14] over the steps of a sequence the loss is the sum of −ln ŷ of what comes next: 19·ln 8 = 39.50939 for 19 guesses among 8", () => {
    const letters = tensor(Array.from({ length: 19 }, (_, i) => i % 8), [1, 19], "int32");
    const steps = sparseCategoricalCrossentropy(letters, zeros([1, 19, 8]), { fromLogits: true });
    expect(steps.shape).toEqual([1, 19]);
    expect(losses.reduce(steps, "sum").item()).toBeCloseTo(39.50939, 4);
  });

  it("[W13] the margin loss max(0, s_r + m − s) is 0 where the true score leads by the margin, else what it lacks", () => {
    const margin = (s: Tensor, wrong: Tensor): Tensor => relu(sub(add(wrong, 1), s));
    const s = floats([3, 1.5, 0.2]);
    const loss = margin(s, floats([1, 1, 1]));
    const slope = gradients(sum(loss), [s])[0]!.arraySync();
    expect(loss.dataSync().map((value) => Math.round(value * 1e6) / 1e6)).toEqual(Float32Array.of(0, 0.5, 1.8));
    expect(slope).toEqual([expect.closeTo(0, 12), -1, -1]);
    // The same of ±1 and differences of scores.
    expect(hinge(floats([[1], [1]]), floats([[2], [0.5]])).arraySync()).toEqual([0, 0.5]);
  });

  it("[B11] label smoothing: 1 − ε for the class and ε/(n − 1) for the others sum to 1; it is the option ε·n/(n − 1)", () => {
    const [n, epsilon] = [10, 0.1];
    const targets = Array.from({ length: n }, (_, i) => (i === 3 ? 1 - epsilon : epsilon / (n - 1)));
    expect(targets.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const p = softmax(floats([Array.from({ length: n }, (_, i) => Math.sin(i))]));
    const hard = floats([Array.from({ length: n }, (_, i) => Number(i === 3))]);
    const wanted = categoricalCrossentropy(floats([targets]), p).dataSync()[0]!;
    expect(categoricalCrossentropy(hard, p, { labelSmoothing: (epsilon * n) / (n - 1) }).dataSync()[0]).toBeCloseTo(wanted, 6);
    expect(sparseCategoricalCrossentropy(tensor([3], undefined, "int32"), p, { labelSmoothing: (epsilon * n) / (n - 1) }).dataSync()[0]).toBeCloseTo(wanted, 6);
    const byHand = -targets.reduce((s, t, i) => s + t * Math.log(p.dataSync()[i]!), 0);
    expect(wanted).toBeCloseTo(byHand, 5);
  });
});

describe("outputs and losses", () => {
  it("[A31] each output has its loss, which trains on its logits; a pair that does not fit is explained", async () => {
    const pairs = [
      { activation: "linear", loss: "meanSquaredError", y: [[0.5], [-2], [1], [0]], units: 1 },
      { activation: "sigmoid", loss: "binaryCrossentropy", y: [[1], [0], [1], [0]], units: 1 },
      { activation: "softmax", loss: "categoricalCrossentropy", y: [[1, 0], [0, 1], [1, 0], [0, 1]], units: 2 },
      { activation: "sigmoid", loss: "binaryCrossentropy", y: [[1, 1], [0, 1], [1, 0], [0, 0]], units: 2 },
    ]; // prettier-ignore
    const x = [[1, 0, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [0, 0, 1, 0]];
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      for (const { activation, loss, y, units } of pairs) {
        const model = sequential({ seed: 2, layers: [layers.dense({ units, activation, inputShape: [4] })] });
        model.compile({ optimizer: adam(0.1), loss });
        const { history } = await model.fit(x, y, { epochs: 60, batchSize: 4 });
        expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]! / 5);
      }
      expect(warn).not.toHaveBeenCalled();
      const wrong = sequential({ layers: [layers.dense({ units: 2, activation: "sigmoid", inputShape: [4] })] });
      wrong.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
      await wrong.trainOnBatch(x, [[1, 0], [0, 1], [1, 0], [0, 1]]);
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/made by softmax.*made by sigmoid/)]]);
    } finally {
      warn.mockRestore();
    }
    const lone = sequential({ layers: [layers.dense({ units: 1, activation: "softmax", inputShape: [4] })] });
    lone.compile({ optimizer: "sgd", loss: "binaryCrossentropy" });
    await expect(lone.fit(x, [[1], [0], [1], [0]])).rejects.toThrow(/softmax over one unit, which is always 1/);
  });

  it("[A32] several labels can be true at once: each sigmoid unit answers its own question, whatever the others answer", async () => {
    // Three questions about two numbers: is the first positive, the second, is the first larger?
    const x = Array.from({ length: 120 }, (_, i) => [Math.sin(i * 1.7), Math.cos(i * 2.9)]);
    const y = x.map(([a, b]) => [Number(a! > 0), Number(b! > 0), Number(a! > b!)]);
    const model = sequential({ seed: 3, layers: [layers.dense({ units: 3, activation: "sigmoid", inputShape: [2] })] });
    model.compile({ optimizer: adam(0.1), loss: "binaryCrossentropy", metrics: ["binaryAccuracy"] });
    const { history } = await model.fit(x, y, { epochs: 60, batchSize: 30 });
    expect(history["binaryAccuracy"]!.at(-1)).toBeGreaterThan(0.97);
    const all = (await model.predict([[0.9, 0.5], [-0.9, -0.5]])).arraySync() as number[][];
    expect(all.map((row) => row.map((p) => Number(p > 0.5)))).toEqual([[1, 1, 1], [0, 0, 0]]);
    // The gradient of one unit's loss does not reach the others' logits.
    const z = floats([[0.3, -1, 2]]);
    const one = sum(mul(binaryCrossentropy(floats([[1]]), sigmoid(sum(mul(z, floats([[1, 0, 0]])), { axes: [-1], keepDims: true }))), 1));
    const slopes = gradients(one, [z])[0]!.dataSync();
    expect([Math.abs(slopes[1]!), Math.abs(slopes[2]!)]).toEqual([0, 0]);
  });

  it("[A33] as many inputs as attributes, 972 for 18×18 in three colours, as many outputs as classes; other shapes are refused", async () => {
    const model = sequential({ layers: [layers.flatten({ inputShape: [18, 18, 3] }), layers.dense({ units: 10, activation: "softmax" })] });
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
    expect(model.weights[0]!.shape).toEqual([972, 10]);
    const image = { data: new Float32Array(972), shape: [1, 18, 18, 3] };
    await expect(model.fit(image, [[0, 1, 0]])).rejects.toThrow(/\[batch, 10\].*got \[1, 3\]/);
    await expect(model.fit({ data: new Float32Array(900), shape: [1, 900] }, [[0, 1]])).rejects.toThrow(/\[batch, 18, 18, 3\], got \[1, 900\]/);
    await expect(model.fit(image, [7])).rejects.toThrow('For class numbers use loss "sparseCategoricalCrossentropy"');
  });
});
