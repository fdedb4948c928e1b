// Losses against loops in float64: values, and gradients by differences of those loops; options, reductions and what is refused.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createRandom } from "../../base/random.js";
import { gradients, init, sigmoid, softmax, sum, tensor, type Tensor } from "../../engine/index.js";
import { adam, layers, modelFromBytes, modelToBytes, sequential } from "../index.js";
import { binaryCrossentropy, dice, get, huber, klDivergence, meanSquaredError, reduce, sparseCategoricalCrossentropy, tversky, type LossLike } from "./index.js";
import { lossNames } from "./named.js";

beforeAll(() => init());

const ROWS = 7;
const WIDTH = 5;

/** What numbers a loss reads. */
type Kind = "numbers" | "positive" | "probabilities" | "distribution" | "logits" | "bits" | "signs" | "oneHot" | "classes";

function draw(kind: Kind, seed: number): number[][] {
  const random = createRandom(seed, 1);
  const row = (): number[] => Array.from({ length: WIDTH }, () => random.uniform());
  return Array.from({ length: ROWS }, (_, r) => {
    const values = row();
    const total = values.reduce((a, b) => a + b, 0);
    const rules: Record<Kind, () => number[]> = {
      numbers: () => values.map((x) => 6 * x - 3),
      positive: () => values.map((x) => 0.1 + 3 * x),
      probabilities: () => values.map((x) => 0.02 + 0.96 * x),
      distribution: () => values.map((x) => x / total),
      logits: () => values.map((x) => 12 * x - 6),
      bits: () => values.map((x) => (x < 0.5 ? 0 : 1)),
      signs: () => values.map((x) => (x < 0.5 ? -1 : 1)),
      oneHot: () => values.map((_x, i) => (i === r % WIDTH ? 1 : 0)),
      classes: () => [r % WIDTH],
    };
    // The loops read what the engine reads: float32.
    return rules[kind]().map(Math.fround);
  });
}

type Reference = (y: readonly number[], p: readonly number[]) => number;

const average = (y: readonly number[], p: readonly number[], term: (y: number, p: number, i: number) => number): number => y.reduce((s, t, i) => s + term(t, p[i]!, i), 0) / y.length;
const total = (y: readonly number[], p: readonly number[], term: (y: number, p: number) => number): number => y.length * average(y, p, term);
const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
const soft = (z: readonly number[]): number[] => {
  const e = z.map(Math.exp);
  return e.map((x) => x / e.reduce((a, b) => a + b));
};
/** Scaled to sum 1, as losses of classes scale what they get. */
const scaled = (p: readonly number[]): number[] => p.map((x) => x / p.reduce((a, b) => a + b));
const bce = (y: number, p: number, w = 1): number => -w * y * Math.log(p) - (1 - y) * Math.log(1 - p);
const focal = (y: number, p: number, gamma: number): number => (1 - (y * p + (1 - y) * (1 - p))) ** gamma * bce(y, p);
const huberTerm = (e: number, d: number): number => (Math.abs(e) <= d ? e * e / 2 : d * Math.abs(e) - d * d / 2); // prettier-ignore
const cosine: Reference = (y, p) => -total(y, p, (a, b) => a * b) / Math.sqrt(total(y, y, (a) => a * a) * total(p, p, (b) => b * b));
const overlap = (y: readonly number[], p: readonly number[], alpha: number, beta: number): number => {
  const both = total(y, p, (a, b) => a * b);
  return 1 - both / (both + alpha * total(y, p, (a, b) => (1 - a) * b) + beta * total(y, p, (a, b) => a * (1 - b)));
};
const hingeTerm = (y: number, p: number): number => Math.max(0, 1 - (y === 0 ? -1 : y) * p);
const WEIGHTS = [0.5, 1, 2, 3, 4];

const TABLE: readonly (readonly [like: LossLike, y: Kind, p: Kind, reference: Reference])[] = [
  ["meanSquaredError", "numbers", "numbers", (y, p) => average(y, p, (a, b) => (a - b) ** 2)],
  ["mean_absolute_error", "numbers", "numbers", (y, p) => average(y, p, (a, b) => Math.abs(a - b))],
  ["mape", "positive", "numbers", (y, p) => 100 * average(y, p, (a, b) => Math.abs((a - b) / a))],
  ["msle", "positive", "positive", (y, p) => average(y, p, (a, b) => (Math.log1p(a) - Math.log1p(b)) ** 2)],
  ["logCosh", "numbers", "numbers", (y, p) => average(y, p, (a, b) => Math.log(Math.cosh(b - a)))],
  ["huber", "numbers", "numbers", (y, p) => average(y, p, (a, b) => huberTerm(a - b, 1))],
  [{ name: "huber", delta: 2.5 }, "numbers", "numbers", (y, p) => average(y, p, (a, b) => huberTerm(a - b, 2.5))],
  ["cosineSimilarity", "numbers", "numbers", cosine],
  ["poisson", "positive", "positive", (y, p) => average(y, p, (a, b) => b - a * Math.log(b))],
  [{ name: "poisson", logInput: true }, "positive", "numbers", (y, p) => average(y, p, (a, b) => Math.exp(b) - a * b)],
  ["binaryCrossentropy", "bits", "probabilities", (y, p) => average(y, p, (a, b) => bce(a, b))],
  [{ name: "binaryCrossentropy", fromLogits: true }, "bits", "logits", (y, p) => average(y, p, (a, b) => bce(a, sigma(b)))],
  [{ name: "bce", labelSmoothing: 0.2 }, "bits", "probabilities", (y, p) => average(y, p, (a, b) => bce(0.8 * a + 0.1, b))],
  [{ name: "bce", posWeight: WEIGHTS }, "bits", "probabilities", (y, p) => average(y, p, (a, b, i) => bce(a, b, WEIGHTS[i]))],
  [{ name: "bce", posWeight: WEIGHTS, fromLogits: true }, "probabilities", "logits", (y, p) => average(y, p, (a, b, i) => bce(a, sigma(b), WEIGHTS[i]))],
  ["binaryFocalCrossentropy", "bits", "probabilities", (y, p) => average(y, p, (a, b) => focal(a, b, 2))],
  [{ name: "binaryFocalCrossentropy", gamma: 0.5, fromLogits: true }, "bits", "numbers", (y, p) => average(y, p, (a, b) => focal(a, sigma(b), 0.5))],
  [
    { name: "binaryFocalCrossentropy", alpha: 0.9, applyClassBalancing: true },
    "bits",
    "probabilities",
    (y, p) => average(y, p, (a, b) => (a * 0.9 + (1 - a) * 0.1) * focal(a, b, 2)),
  ],
  ["categoricalCrossentropy", "distribution", "distribution", (y, p) => total(y, scaled(p), (a, b) => -a * Math.log(b))],
  ["categoricalCrossentropy", "oneHot", "positive", (y, p) => total(y, scaled(p), (a, b) => -a * Math.log(b))],
  [{ name: "categoricalCrossentropy", fromLogits: true, labelSmoothing: 0.1 }, "oneHot", "logits", (y, p) => total(y, soft(p), (a, b) => -(0.9 * a + 0.1 / WIDTH) * Math.log(b))],
  ["categoricalFocalCrossentropy", "oneHot", "distribution", (y, p) => total(y, scaled(p), (a, b) => -0.25 * (1 - b) ** 2 * a * Math.log(b))],
  [
    { name: "categoricalFocalCrossentropy", alpha: WEIGHTS, gamma: 1, fromLogits: true },
    "oneHot",
    "numbers",
    (y, p) => WIDTH * average(y, soft(p), (a, b, i) => -WEIGHTS[i]! * (1 - b) * a * Math.log(b)),
  ],
  ["sparseCategoricalCrossentropy", "classes", "distribution", ([y], p) => -Math.log(scaled(p)[y!]!)],
  [{ name: "sparseCategoricalCrossentropy", fromLogits: true }, "classes", "logits", ([y], p) => -Math.log(soft(p)[y!]!)],
  [
    { name: "sparseCategoricalCrossentropy", fromLogits: true, labelSmoothing: 0.3 },
    "classes",
    "logits",
    ([y], p) => total(soft(p), soft(p), (q) => -0.06 * Math.log(q)) - 0.7 * Math.log(soft(p)[y!]!),
  ],
  ["klDivergence", "distribution", "distribution", (y, p) => total(y, p, (a, b) => a * Math.log(a / b))],
  ["hinge", "signs", "numbers", (y, p) => average(y, p, hingeTerm)],
  ["hinge", "bits", "numbers", (y, p) => average(y, p, hingeTerm)],
  ["squared_hinge", "signs", "numbers", (y, p) => average(y, p, (a, b) => hingeTerm(a, b) ** 2)],
  ["categoricalHinge", "oneHot", "numbers", (y, p) => Math.max(0, 1 + Math.max(...p.map((b, i) => (1 - y[i]!) * b)) - total(y, p, (a, b) => a * b))],
  [{ name: "dice", axis: -1 }, "bits", "probabilities", (y, p) => overlap(y, p, 0.5, 0.5)],
  [{ name: "tversky", axis: -1, alpha: 0.3, beta: 0.7 }, "bits", "probabilities", (y, p) => overlap(y, p, 0.3, 0.7)],
];

const flat = (rows: number[][]): number[] => rows.flat();
const matrix = (rows: number[][]): Tensor => tensor(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);

describe("losses agree with loops in float64", () => {
  it.each(TABLE.map((row, i) => [`${typeof row[0] === "string" ? row[0] : JSON.stringify(row[0])} of ${row[1]} and ${row[2]}`, i, ...row] as const))("%s", (_, seed, like, yKind, pKind, reference) => {
    const [y, p] = [draw(yKind, 2 * seed + 1), draw(pKind, 2 * seed + 2)];
    const yPred = matrix(p);
    const loss = get(like).call(matrix(y), yPred);
    const slopes = gradients(sum(loss), [yPred])[0]!.dataSync();
    const values = loss.dataSync();
    expect(values.length).toBe(ROWS);
    // A handful of float32 roundings of numbers up to the largest loss.
    const scale = Math.max(1, ...y.map((row, r) => Math.abs(reference(row, p[r]!))));
    y.forEach((row, r) => expect(Math.abs(values[r]! - reference(row, p[r]!)), `loss ${r}: ${values[r]}, not ${reference(row, p[r]!)}`).toBeLessThan(2e-6 * scale));
    const h = 1e-5;
    for (let r = 0; r < ROWS; r++) {
      for (let i = 0; i < WIDTH; i++) {
        const at = (x: number): number => reference(y[r]!, p[r]!.with(i, x));
        const slope = (at(p[r]![i]! + h) - at(p[r]![i]! - h)) / (2 * h);
        expect(Math.abs(slopes[r * WIDTH + i]! - slope), `slope ${r}, ${i}: ${slopes[r * WIDTH + i]}, not ${slope}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)) * scale);
      }
    }
  });
});

describe("options", () => {
  const z = [[2, -1, 0.5], [0, 3, 1]];

  it("axis: classes may lie along any axis", () => {
    const images = matrix([flat([...z, ...z])]).reshape([1, 2, 2, 3]);
    const first = images.transpose([0, 3, 1, 2]);
    const labels = tensor([0, 1, 2, 1], [1, 2, 2], "int32");
    const wanted = sparseCategoricalCrossentropy(labels, images, { fromLogits: true }).arraySync();
    expect(sparseCategoricalCrossentropy(labels, first, { fromLogits: true, axis: 1 }).arraySync()).toEqual(wanted);
    expect(sparseCategoricalCrossentropy(labels.reshape([1, 1, 2, 2]), first, { fromLogits: true, axis: -3 }).arraySync()).toEqual(wanted);
    expect(binaryCrossentropy(tensor([[1, 0]], undefined, "float32"), tensor([[0.5, 0.5]]), { axis: 0 }).shape).toEqual([2]);
    expect(() => sparseCategoricalCrossentropy(labels, first, { axis: 4 })).toThrow("axis 4 does not exist");
  });

  it("ignoreClass: marked examples cost nothing, and the mean leaves them out", () => {
    const y = tensor([1, -1, 1, -1], undefined, "int32");
    const p = softmax(matrix([...z, ...z]));
    const values = sparseCategoricalCrossentropy(y, p, { ignoreClass: -1 });
    expect([values.dataSync()[1], values.dataSync()[3]]).toEqual([0, 0]);
    const chosen = get({ name: "sparseCategoricalCrossentropy", ignoreClass: -1 });
    const kept = [values.dataSync()[0]!, values.dataSync()[2]!];
    expect(chosen.reduce(chosen.call(y, p)).item()).toBeCloseTo((kept[0]! + kept[1]!) / 2, 6);
    const allMarked = chosen.reduce(chosen.call(tensor([-1, -1, -1, -1], undefined, "int32"), p));
    expect(allMarked.item()).toBe(0);
    const summed = get({ name: "sparseCategoricalCrossentropy", ignoreClass: -1, reduction: "sum" });
    expect(summed.reduce(summed.call(y, p)).item()).toBeCloseTo(kept[0]! + kept[1]!, 6);
  });

  it("reductions: mean, sum and none, with and without weights, one an example", () => {
    const values = matrix([[1, 2], [3, 6]]);
    const weights = tensor([1, 3], undefined, "float32");
    expect(reduce(values).item()).toBe(3);
    expect(reduce(values, "sum").item()).toBe(12);
    expect(reduce(values, "none").arraySync()).toEqual([[1, 2], [3, 6]]);
    expect(reduce(values, "sumOverBatchSize", weights).item()).toBe(7.5);
    expect(reduce(values, "mean", weights).item()).toBe(7.5);
    expect(reduce(values, "sum", weights).item()).toBe(30);
    expect(reduce(values, "meanWithSampleWeight", weights).item()).toBe(30 / 8);
    expect(reduce(values, "none", weights).arraySync()).toEqual([[1, 2], [9, 18]]);
    expect(() => reduce(values, "mean", tensor([1, 2, 3]))).toThrow("expected a weight an example, [2]");
  });

  it("a reduction may be spelled as Keras spells it; another word is refused", () => {
    expect(get({ name: "mse", reduction: "sum_over_batch_size" as "mean" }).reduction).toBe("sumOverBatchSize");
    expect(() => get({ name: "mse", reduction: "avg" as "mean" })).toThrow(/reduction: expected one of sumOverBatchSize/);
  });

  it("dice and tversky sum over the whole batch unless told otherwise", () => {
    const [y, p] = [matrix([[1, 0], [1, 1]]), matrix([[0.5, 0.5], [1, 0]])];
    // 2·1.5 / (3 + 2) = 0.6.
    expect(dice(y, p).item()).toBeCloseTo(0.4, 6);
    expect(tversky(y, p).item()).toBeCloseTo(0.4, 6);
    expect(dice(y, p, { axis: [1] }).shape).toEqual([2]);
  });
});

describe("digits survive", () => {
  it("behind a sigmoid, a positive weight keeps losses of 100 exact", () => {
    expect([...binaryCrossentropy(matrix([[1], [0]]), sigmoid(matrix([[-100], [100]])), { posWeight: 3 }).dataSync()]).toEqual([300, 100]);
  });
  it("behind a softmax, the divergence is finite where a probability is 0", () => {
    expect(klDivergence(matrix([[0.5, 0.5]]), softmax(matrix([[0, 1000]]))).dataSync()[0]).toBeCloseTo(500 - Math.LN2, 3);
  });
  it("the logarithm of cosh does not overflow", () => {
    expect(get("logCosh").call(matrix([[0]]), matrix([[1000]])).dataSync()[0]).toBeCloseTo(1000 - Math.LN2, 3);
    expect(get("logCosh").call(matrix([[0]]), matrix([[-1000]])).dataSync()[0]).toBeCloseTo(1000 - Math.LN2, 3);
  });
  it("the cosine of a zero vector is 0, and so is its gradient", () => {
    const x = matrix([[0, 0]]);
    const loss = get("cosineSimilarity").call(matrix([[1, 1]]), x);
    const slope = gradients(sum(loss), [x])[0]!;
    expect(Math.abs(loss.dataSync()[0]!)).toBe(0);
    expect([...slope.dataSync()].every(Number.isFinite)).toBe(true);
  });
});

describe("what is refused, and how", () => {
  it.each<[what: string, make: () => unknown, message: RegExp]>([
    ["an unknown name", () => get("hubber"), /Did you mean "huber"/],
    ["an option of another loss", () => get({ name: "huber", gamma: 1 }), /loss "huber": no option is called "gamma"; expected name, reduction, delta/],
    ["a misspelt option", () => get({ name: "huber", dleta: 1 } as LossLike), /Did you mean "delta"/],
    ["no name", () => get(JSON.parse('{"delta":1}') as LossLike), /expected a name, { name, …options } or a function, got {"delta":1}/],
    ["a negative delta", () => huber(tensor([1]), tensor([1]), { delta: -1 }), /huber: delta: expected/],
    ["smoothing of all there is", () => binaryCrossentropy(matrix([[1]]), matrix([[0.5]]), { labelSmoothing: 1 }), /labelSmoothing: expected a number in \[0, 1\)/],
    ["labels of another shape", () => meanSquaredError(matrix([[1, 2]]), matrix([[1], [2]])), /meanSquaredError: expected labels of the predictions' shape \[2, 1\], got \[1, 2\]/],
    ["class numbers for the categorical loss", () => get("categoricalCrossentropy").call(tensor([1, 0]), softmax(matrix([[1, 2], [3, 4]]))), /use "sparseCategoricalCrossentropy"/],
    ["one-hot labels for the sparse loss", () => get("sparseCategoricalCrossentropy").call(matrix([[1, 0]]), softmax(matrix([[1, 2]]))), /use "categoricalCrossentropy"/],
    ["softmax over one unit", () => get("bce").call(matrix([[1]]), softmax(matrix([[1]]))), /softmax over one unit, which is always 1. Use activation "sigmoid"/],
    ["one class", () => get("sparseCategoricalCrossentropy").call(tensor([0]), matrix([[1]])), /of one class the loss is always 0. Use one unit with activation "sigmoid"/],
  ])("%s", (_, make, message) => expect(make).toThrow(message));

  it("a cross-entropy that does not go with the last activation says so, once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      const z = matrix([[1, 2]]);
      const wrong = get("categoricalCrossentropy", false, "compile: loss");
      wrong.call(matrix([[0, 1]]), sigmoid(z));
      wrong.call(matrix([[0, 1]]), sigmoid(z));
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/^compile: loss "categoricalCrossentropy": expected probabilities made by softmax, the predictions are made by sigmoid. If one class is true: "softmax"/)]]);
      get("binaryCrossentropy").call(matrix([[0, 1]]), softmax(z));
      expect(warn.mock.calls.at(-1)).toEqual([expect.stringMatching(/made by softmax. If one class is true/)]);
      get("binaryCrossentropy").call(matrix([[0, 1]]), sigmoid(z));
      get("categoricalCrossentropy").call(matrix([[0, 1]]), softmax(z));
      get("categoricalCrossentropy", true).call(matrix([[0, 1]]), z);
      get("mse").call(matrix([[0, 1]]), sigmoid(z));
      expect(warn).toHaveBeenCalledTimes(2);
      get({ name: "categoricalCrossentropy", fromLogits: true }).call(matrix([[0, 1]]), softmax(z));
      expect(warn.mock.calls.at(-1)).toEqual([expect.stringMatching(/expected logits, the predictions are made by softmax. Leave fromLogits out/)]);
    } finally {
      warn.mockRestore();
    }
  });
});

it("a column of one takes labels without its axis", () => {
  expect(meanSquaredError(tensor([1, 2], undefined, "float32"), matrix([[1], [4]])).arraySync()).toEqual([0, 4]);
});

describe("every loss by name trains a model, and comes back from its file", () => {
  const x = draw("numbers", 99);
  const signs = x.map((row) => row.slice(0, 2).map((value) => (value > 0 ? 1 : -1)));
  const hot = x.map((row) => (row[0]! > row[1]! ? [1, 0] : [0, 1]));
  const LABELS: Readonly<Record<string, number[][] | number[]>> = { values: x.map((row) => [Math.abs(row[0]!), Math.abs(row[1]!)]), probabilities: hot, classes: hot.map(([first]) => 1 - first!), signs };

  it.each(lossNames())("%s", async (name) => {
    const { labels } = get(name);
    const activation = /categorical(Focal)?Crossentropy/i.test(name) || name.startsWith("k") ? "softmax" : /binary|bce|dice|tversky/i.test(name) ? "sigmoid" : /poisson|msle|logarithmic/i.test(name) ? "softplus" : "linear";
    const model = sequential({ seed: 6, layers: [layers.dense({ units: 2, activation, inputShape: [WIDTH] })] });
    model.compile({ optimizer: adam(0.05), loss: { name, reduction: "mean" } });
    const y = LABELS[/^(squared)?hinge/i.test(name) ? "signs" : labels]!;
    const { history } = await model.fit(x, y, { epochs: 40, batchSize: ROWS });
    const losses = history["loss"]!;
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.05 * Math.abs(losses[0]!));
    const again = modelFromBytes(await modelToBytes(model));
    expect((await again.evaluate(x, y))["loss"]).toBe((await model.evaluate(x, y))["loss"]);
  });
});

it("takes tensors; arrays, as JavaScript lets one pass them, are refused by name", () => {
  const arrays: Tensor = JSON.parse("[[0, 1]]");
  expect(() => meanSquaredError(arrays, arrays)).toThrow("meanSquaredError: expected tensors. Write tensor(…) around arrays.");
});
