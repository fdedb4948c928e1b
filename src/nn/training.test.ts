// What training takes beside one input and one output: several of them, weights of examples, data sets, penalties, loops of one's own.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import { fromArrays } from "../data/index.js";
import { GradientTape, init, mean, tensor, type Tensor } from "../engine/index.js";
import * as losses from "./losses/index.js";
import type { Shape } from "../base/shape.js";
import { adam, constraints, input, Layer, layers, model as functional, modelFromBytes, modelToBytes, sequential, sgd, type CallOptions, type CompileOptions, type Config, type Functional, type Model, type Sequential } from "./index.js";

beforeAll(() => init());

const { concatenate, dense, dropout } = layers;
const COUNT = 20;
/** Numbers between −1 and 1 that look random. */
const wave = (length: number, from = 0): Float32Array => Float32Array.from({ length }, (_, i) => Math.fround(((((i + from) * 7919) % 199) - 99) / 100));
const X = { data: wave(COUNT * 2), shape: [COUNT, 2] };
const Z = { data: wave(COUNT * 3, 5), shape: [COUNT, 3] };
const Y = { data: wave(COUNT, 9), shape: [COUNT, 1] };
const CLASSES = { data: Int32Array.from({ length: COUNT }, (_, i) => (i * 7) % 3), shape: [COUNT] };
const bits = (model: Model) => model.getWeights().map((weight) => weight.dataSync());

/** Two inputs, "left" and "right"; two outputs, a number "value" and classes "kind". */
function forked(): Functional<readonly [Tensor, Tensor]> {
  const [left, right] = [input({ shape: [2], name: "left" }), input({ shape: [3], name: "right" })];
  const trunk = dense({ units: 4, activation: "tanh", name: "trunk" }).apply(concatenate().apply([left, right]));
  return functional({ seed: 2, inputs: [left, right], outputs: [dense({ units: 1, name: "value" }).apply(trunk), dense({ units: 3, activation: "softmax", name: "kind" }).apply(trunk)] });
}

const GOAL = { optimizer: "sgd", loss: { value: "mse", kind: "sparseCategoricalCrossentropy" }, lossWeights: { value: 2, kind: 0.5 }, metrics: { value: ["mae"], kind: "accuracy" } } as const satisfies CompileOptions;

describe("several inputs and outputs", () => {
  it("the loss is the weighted sum of the outputs' losses; logs are named by output", async () => {
    const model = forked();
    model.compile(GOAL);
    const logs = await model.evaluate([X, Z], [Y, CLASSES], { batchSize: 7 });
    expect(Object.keys(logs)).toEqual(["loss", "value_loss", "kind_loss", "value_mae", "kind_accuracy"]);
    expect(logs["loss"]).toBeCloseTo(2 * logs["value_loss"]! + 0.5 * logs["kind_loss"]!, 6);
    const [value, kind] = await model.predict([X, Z]);
    const errors = [...value.dataSync()].map((p, i) => p - Y.data[i]!);
    expect(logs["value_loss"]).toBeCloseTo(errors.reduce((sum, e) => sum + e * e, 0) / COUNT, 5);
    expect(logs["value_mae"]).toBeCloseTo(errors.reduce((sum, e) => sum + Math.abs(e), 0) / COUNT, 5);
    const chances = kind.dataSync();
    expect(logs["kind_loss"]).toBeCloseTo([...CLASSES.data].reduce((sum, k, i) => sum - Math.log(chances[3 * i + k]!), 0) / COUNT, 5);
  });

  it("predicts a list of the outputs: of examples, of one batch and of a data set; a model of one output a tensor", async () => {
    const model = forked();
    const results = await model.predict([X, Z], { batchSize: 7 });
    expect(results.map(({ shape }) => shape)).toEqual([[COUNT, 1], [COUNT, 3]]);
    expect(model.predictOnBatch([X, Z])[1].dataSync()).toEqual((await model.predict([X, Z], { batchSize: COUNT }))[1].dataSync());
    const [value, kind] = await model.predictDataset([[X, Z], [X, Z]]);
    expect([value.shape, kind.shape]).toEqual([[2 * COUNT, 1], [2 * COUNT, 3]]);
    const loaded = modelFromBytes<readonly [Tensor, Tensor]>(await modelToBytes(model));
    expect((await loaded.predict({ right: Z, left: X }, { batchSize: 7 }))[0].dataSync()).toEqual(results[0].dataSync());
    const [a, b] = [X, Z].map(({ data, shape }) => tensor(data, shape));
    expect(model.apply([a!, b!])[1].dataSync()).toEqual(model.predictOnBatch([X, Z])[1].dataSync());
    expect(model.apply(model.inputs).map(({ shape }) => shape)).toEqual([[1], [3]]);
    const one: Tensor = await functional({ inputs: model.inputs, outputs: [model.outputs[1]!] as const }).predict([X, Z], { batchSize: 7 });
    expect(one.dataSync()).toEqual(results[1].dataSync());
  });

  it("takes lists and names alike, to the same bits, and learns", async () => {
    const [byList, byName] = [forked(), forked()];
    byList.compile({ ...GOAL, loss: ["mse", "sparse_categorical_crossentropy"], lossWeights: [2, 0.5], metrics: [["mae"], ["accuracy"]] });
    byName.compile(GOAL);
    const { history } = await byList.fit([X, Z], [Y, CLASSES], { epochs: 4, batchSize: 6, validationSplit: 0.2 });
    await byName.fit({ right: Z, left: X }, { kind: CLASSES, value: Y }, { epochs: 4, batchSize: 6, validationSplit: 0.2 });
    expect(bits(byName)).toEqual(bits(byList));
    expect(Object.keys(history)).toContain("val_kind_accuracy");
    expect(history["loss"]![3]).toBeLessThan(history["loss"]![0]!);
  });

  it("learns nothing from an output whose loss is null", async () => {
    const model = forked();
    model.compile({ optimizer: sgd(0.1), loss: { value: "mse", kind: null } });
    await expect(model.fit([X, Z], [Y, CLASSES])).rejects.toThrow("does not depend on variable kind/kernel");
    model.getLayer("kind").trainable = false;
    const before = model.getLayer("kind").weights[0]!.snapshot();
    const { history } = await model.fit([X, Z], [Y, CLASSES], { epochs: 2 });
    expect(Object.keys(history)).toEqual(["loss", "value_loss"]);
    expect(model.getLayer("kind").weights[0]!.snapshot()).toEqual(before);
  });

  it("is saved with its goal, and trains on to the same bits", async () => {
    const model = forked();
    model.compile({ ...GOAL, optimizer: "adam", weightedMetrics: { value: ["mse"] } });
    await model.fit([X, Z], [Y, CLASSES], { epochs: 1, batchSize: 8 });
    const loaded = modelFromBytes(await modelToBytes(model));
    const [{ history: on }, { history: again }] = [await model.fit([X, Z], [Y, CLASSES], { epochs: 1, batchSize: 8 }), await loaded.fit([X, Z], [Y, CLASSES], { epochs: 1, batchSize: 8 })];
    expect(again).toEqual(on);
    expect(bits(loaded)).toEqual(bits(model));
  });

  const WRONG: [what: string, work: () => unknown, message: string][] = [
    ["a loss for an unknown output", () => forked().compile({ ...GOAL, loss: { valu: "mse" } }), 'compile: loss, by output: no option is called "valu"; expected value, kind. Did you mean "value"?'],
    ["a list of the wrong length", () => forked().compile({ ...GOAL, loss: ["mse"] }), "compile: loss: expected one for each of the outputs value, kind, got 1."],
    ["one list of metrics for two outputs", () => forked().compile({ ...GOAL, metrics: ["mae"] }), "compile: metrics: expected a list for each of the outputs"],
    ["no loss at all", () => forked().compile({ ...GOAL, loss: [null, null] }), "compile: expected a loss for at least one output, got none."],
    ["a loss that is not reduced", () => forked().compile({ ...GOAL, loss: { value: { name: "mse", reduction: "none" }, kind: "mse" } }), 'compile: loss of output "value": expected a reduction to one number, got "none".'],
  ];
  it.each(WRONG)("refuses %s", (_what, work, message) => {
    expect(work).toThrow(ValueError);
    expect(work).toThrow(message);
  });

  it("refuses data that lack an input, or differ in number", async () => {
    const model = forked();
    model.compile(GOAL);
    await expect(model.fit(X, [Y, CLASSES])).rejects.toThrow("fit: x: expected data for left, right: a list in this order, or an object by these names.");
    await expect(model.fit([X], [Y, CLASSES])).rejects.toThrow("fit: x: expected data for left, right, got a list of 1.");
    await expect(model.fit({ left: X, rigth: Z }, [Y, CLASSES])).rejects.toThrow('Did you mean "right"?');
    await expect(model.fit([X, { data: Z.data.slice(3), shape: [COUNT - 1, 3] }], [Y, CLASSES])).rejects.toThrow("got 20 of the first and 19 of number 2");
  });
});

function line(loss: CompileOptions["loss"] = "mse", more: Partial<CompileOptions> = {}): Sequential {
  const model = sequential({ seed: 4, layers: [dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: sgd(0.1), loss, ...more });
  return model;
}

describe("weights of examples", () => {
  const weights = Float32Array.from({ length: COUNT }, (_, i) => i % 4);

  it("multiply losses, whose sum is divided by the number of examples; weighted metrics are divided by the weights, as Keras does", async () => {
    const model = line("mse", { metrics: ["mae"], weightedMetrics: ["mae", "mse"] });
    const logs = await model.evaluate(X, Y, { sampleWeight: weights, batchSize: 6 });
    const errors = [...(await model.predict(X)).dataSync()].map((p, i) => p - Y.data[i]!);
    const sum = (f: (e: number, w: number) => number): number => errors.reduce((total, e, i) => total + f(e, weights[i]!), 0);
    expect(Object.keys(logs)).toEqual(["loss", "mae", "weighted_mae", "mse"]);
    expect(logs["loss"]).toBeCloseTo(sum((e, w) => w * e * e) / COUNT, 5);
    expect(logs["mae"]).toBeCloseTo(sum((e) => Math.abs(e)) / COUNT, 5);
    expect(logs["weighted_mae"]).toBeCloseTo(sum((e, w) => w * Math.abs(e)) / sum((_e, w) => w), 5);
    expect(logs["mse"]).toBeCloseTo(sum((e, w) => w * e * e) / sum((_e, w) => w), 5);
  });

  it("leave out the examples whose weight is 0", async () => {
    const [whole, half] = [line({ name: "mse", reduction: "meanWithSampleWeight" }), line()];
    const spoilt = { ...Y, data: Y.data.map((y, i) => (i < COUNT / 2 ? y : 1000)) };
    await whole.fit(X, spoilt, { sampleWeight: Float32Array.from({ length: COUNT }, (_, i) => (i < COUNT / 2 ? 1 : 0)), batchSize: COUNT, shuffle: false, epochs: 3 });
    await half.fit({ data: X.data.slice(0, COUNT), shape: [COUNT / 2, 2] }, { data: Y.data.slice(0, COUNT / 2), shape: [COUNT / 2, 1] }, { batchSize: COUNT, shuffle: false, epochs: 3 });
    // Two sums of the same ten terms in another order: 2 ulp a step.
    bits(whole).forEach((w, i) => w.forEach((value: number, k: number) => expect(value).toBeCloseTo(bits(half)[i]![k]!, 5)));
  });

  it("of classes are those of their examples, for class numbers, one-hot and binary labels", async () => {
    const network = (units: number, loss: string): Sequential => {
      const model = sequential({ seed: 4, layers: [dense({ units, inputShape: [2], activation: units === 1 ? "sigmoid" : "softmax" })] });
      model.compile({ optimizer: sgd(0.1), loss, weightedMetrics: ["accuracy"] });
      return model;
    };
    const classWeight = { 0: 3, 2: 0.5 };
    const byClass = (k: number): number => [3, 1, 0.5][k]!;
    const oneHot = { data: Float32Array.from({ length: 3 * COUNT }, (_, i) => (CLASSES.data[Math.floor(i / 3)] === i % 3 ? 1 : 0)), shape: [COUNT, 3] };
    const binary = { data: CLASSES.data.map((k) => k % 2), shape: [COUNT, 1] };
    const rows = [[3, "sparseCategoricalCrossentropy", CLASSES, byClass], [3, "categoricalCrossentropy", oneHot, byClass], [1, "binaryCrossentropy", binary, (k: number) => byClass(k % 2)]] as const;
    for (const [units, loss, labels, weightOf] of rows) {
      const [one, other] = [network(units, loss), network(units, loss)];
      const { history } = await one.fit(X, labels, { classWeight, epochs: 2, batchSize: 8 });
      expect((await other.fit(X, labels, { sampleWeight: Float32Array.from(CLASSES.data, weightOf), epochs: 2, batchSize: 8 })).history).toEqual(history);
      expect(bits(one)).toEqual(bits(other));
    }
  });

  it("are checked", async () => {
    await expect(line().fit(X, Y, { sampleWeight: [1, 2] })).rejects.toThrow("got 20 inputs and 2 weights");
    await expect(line().fit(X, Y, { sampleWeight: weights.map((w, i) => (i === 3 ? NaN : w)) })).rejects.toThrow("sampleWeight: expected numbers of at least 0, got NaN in example 3.");
    await expect(line().fit(X, Y, { classWeight: { 0: -1 } })).rejects.toThrow("classWeight: class 0");
    const model = forked();
    model.compile(GOAL);
    await expect(model.fit([X, Z], [Y, CLASSES], { classWeight: { 0: 1 } })).rejects.toThrow("classWeight: expected a model of one output");
  });
});

describe("what is added to the loss, and done after the step", () => {
  it("penalties on weights, in training and in evaluation", async () => {
    const make = (l2: number): Sequential => {
      const model = sequential({ seed: 4, layers: [dense({ units: 1, inputShape: [2], kernelRegularizer: { name: "l2", config: { l2 } } })] });
      model.compile({ optimizer: sgd(0.1), loss: "mse" });
      return model;
    };
    const [plain, punished] = [make(0), make(0.25)];
    const kernel = plain.weights[0]!.snapshot();
    const penalty = 0.25 * [...kernel].reduce((sum, w) => sum + w * w, 0);
    expect((await punished.evaluate(X, Y))["loss"]).toBeCloseTo((await plain.evaluate(X, Y))["loss"]! + penalty, 5);
    await plain.fit(X, Y, { batchSize: COUNT });
    await punished.fit(X, Y, { batchSize: COUNT });
    const next = plain.weights[0]!.snapshot();
    // w − 0.1·(g + 2·0.25·w)
    punished.weights[0]!.snapshot().forEach((w: number, i: number) => expect(w).toBeCloseTo(next[i]! - 0.1 * 0.5 * kernel[i]!, 5));
  });

  it("what layers add for what they give, in training and in evaluation", async () => {
    class Quiet extends Layer {
      override readonly type = "Quiet";
      constructor() {
        super("quiet", {});
      }
      override outputShape(shape: Shape): Shape {
        return shape;
      }
      call(x: Tensor, { addLoss }: CallOptions): Tensor {
        addLoss?.(x.square().mean().mul(0.5));
        return x;
      }
      override ownConfig(): Config {
        return {};
      }
    }
    const [plain, quiet] = [[], [new Quiet()]].map((last) => {
      const made = sequential({ seed: 4, layers: [dense({ units: 1, inputShape: [2] }), ...last] });
      made.compile({ optimizer: sgd(0.1), loss: "mse" });
      return made;
    }) as [Sequential, Sequential];
    const outputs = [...(await plain.predict(X)).dataSync()];
    const penalty = (0.5 * outputs.reduce((sum, p) => sum + p * p, 0)) / COUNT;
    expect((await quiet.evaluate(X, Y))["loss"]).toBeCloseTo((await plain.evaluate(X, Y))["loss"]! + penalty, 5);
    const { history } = await quiet.fit(X, Y, { batchSize: COUNT, epochs: 20 });
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]!);
    // The mean of (p − y)² + p²/2 is least for two thirds of what would be best without.
    expect(Math.max(...(await quiet.predict(X)).dataSync().map(Math.abs))).toBeLessThan(Math.max(...outputs.map(Math.abs)));
  });

  it("constraints", async () => {
    const model = sequential({ seed: 4, layers: [dense({ units: 3, inputShape: [2], kernelConstraint: constraints.unitNorm() })] });
    model.compile({ optimizer: adam(0.1), loss: "mse" });
    await model.fit(X, Z, { epochs: 2 });
    const kernel = model.weights[0]!.snapshot();
    for (let k = 0; k < 3; k++) expect(Math.hypot(kernel[k]!, kernel[3 + k]!)).toBeCloseTo(1, 5);
  });
});

describe("a data set", () => {
  /** The batches of fit, one after the other. */
  const batches = (size = 6): { xs: Tensor; ys: Tensor }[] =>
    Array.from({ length: Math.ceil(COUNT / size) }, (_, k) => {
      const [begin, end] = [k * size, Math.min((k + 1) * size, COUNT)];
      return { xs: tensor(X.data.slice(2 * begin, 2 * end), [end - begin, 2]), ys: tensor(Y.data.slice(begin, end), [end - begin, 1]) };
    });
  const straight = async (epochs = 2): Promise<Sequential> => {
    const model = line();
    await model.fit(X, Y, { batchSize: 6, epochs, shuffle: false });
    return model;
  };

  it.each([
    ["a list", () => batches()],
    ["pairs", () => batches().map(({ xs, ys }) => [xs, ys] as const)],
    ["a function that makes a generator", () => function* () { yield* batches(); }],
    ["a function that makes an async generator", () => async function* () { yield* batches(); }],
    ["a Dataset", () => fromArrays({ xs: tensor(X.data, X.shape), ys: tensor(Y.data, Y.shape) }).batch(6)],
  ])("of batches trains to the bits of fit: %s", async (_what, make) => {
    const model = line();
    const { history } = await model.fitDataset(make(), { epochs: 2, validationData: make() });
    expect(bits(model)).toEqual(bits(await straight()));
    expect(await model.evaluateDataset(make())).toEqual(await model.evaluate(X, Y, { batchSize: 6 }));
    expect(history["val_loss"]![1]).toBe((await model.evaluate(X, Y, { batchSize: 6 }))["loss"]);
    expect((await model.predictDataset(make())).dataSync()).toEqual((await model.predict(X, { batchSize: 6 })).dataSync());
  });

  it("goes on from epoch to epoch with stepsPerEpoch, and begins anew when it ends", async () => {
    const model = line();
    const { history } = await model.fitDataset(batches(), { epochs: 4, stepsPerEpoch: 2 });
    expect(history["loss"]!.length).toBe(4);
    expect(bits(model)).toEqual(bits(await straight()));
    const endless = function* () { while (true) yield* batches(); };
    const other = line();
    await other.fitDataset(endless, { epochs: 2, stepsPerEpoch: 4, validationData: endless, validationSteps: 3 });
    expect(bits(other)).toEqual(bits(model));
    expect(Object.keys(await other.evaluateDataset(endless, { steps: 2 }))).toEqual(["loss"]);
  });

  it("of single examples is refused with the cure, before a model is built for them", async () => {
    const single = fromArrays({ xs: tensor(X.data, X.shape), ys: tensor(Y.data, Y.shape) });
    const unbuilt = (): Sequential => {
      const made = sequential([dense({ units: 1 })]);
      made.compile({ optimizer: "sgd", loss: "mse" });
      return made;
    };
    for (const model of [line(), unbuilt()]) {
      await expect(model.fitDataset(single)).rejects.toThrow("fitDataset: batch 0: expected a batch, whose first axis counts examples, got inputs [2] and labels [1]. Is it a single example? Group them: dataset.batch(32).");
      await expect(model.evaluateDataset([[[1, 2], 3]])).rejects.toThrow("evaluateDataset: batch 0: expected a batch, whose first axis counts examples, got inputs [2] and labels [].");
      await model.fitDataset(single.batch(5), { validationData: single.batch(5) });
      await expect(model.fitDataset(single.batch(5), { validationData: single })).rejects.toThrow("fitDataset: validationData: batch 0: expected a batch");
    }
    await expect(line().predictDataset(single)).rejects.toThrow("predictDataset: expected a batch, whose first axis counts examples, got inputs [2].");
  });

  it("gives weights along", async () => {
    const [one, other] = [line(), line()];
    const sampleWeight = wave(COUNT).map(Math.abs);
    await one.fit(X, Y, { sampleWeight, batchSize: COUNT, shuffle: false });
    await other.fitDataset([[X, Y, sampleWeight]]);
    expect(bits(one)).toEqual(bits(other));
  });

  it("that throws ends the run with the weights of the last step", async () => {
    const model = line();
    const failing = function* () {
      yield batches()[0]!;
      throw new Error("the disk is gone");
    };
    await expect(model.fitDataset(failing)).rejects.toThrow("the disk is gone");
    const other = line();
    await other.fitDataset(batches().slice(0, 1));
    expect(bits(model)).toEqual(bits(other));
  });

  it("is closed when the run is broken off", async () => {
    let closed = 0;
    const model = line();
    const watched = function* () {
      try { yield* batches(); } finally { closed++; }
    };
    await model.fitDataset(watched, { epochs: 3, callbacks: { onBatchEnd: () => void (model.stopTraining = true) } });
    expect(closed).toBe(1);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["an empty one", () => line().fitDataset([]), "fitDataset: expected at least one batch, the data set gave none."],
    ["an empty one to evaluate", () => line().evaluateDataset([]), "evaluateDataset: expected at least one batch, the data set gave none."],
    ["something else", () => line().fitDataset(7 as never), "fitDataset: expected a data set"],
    ["batches without labels", () => line().fitDataset([tensor([[1, 2]])] as never), "fitDataset: batch 0: expected { xs, ys }, [x, y] or [x, y, sampleWeight], got a tensor."],
    ["a generator that cannot begin again", () => line().fitDataset((function* () { yield* batches(); })(), { epochs: 2 }), "the data set gave none"],
    ["a NaN", () => line().fitDataset([[X, { ...Y, data: Y.data.map((y, i) => (i === 5 ? NaN : y)) }]]), "fitDataset: batch 0: y: expected finite numbers, got NaN in example 5."],
    ["an endless one without an end", () => line().fitDataset(fromArrays({ xs: tensor(X.data, X.shape), ys: tensor(Y.data, Y.shape) }).batch(6).repeat()), "the data set is endless. Say stepsPerEpoch"],
  ])("refuses %s", async (_what, work, message) => {
    await expect(work()).rejects.toThrow(ValueError);
    await expect(work()).rejects.toThrow(message);
  });
});

describe("fit", () => {
  it("evaluates every few epochs, or after those that are named, and as many steps as asked", async () => {
    const seen = async (validationFreq: number | number[]) => (await line().fit(X, Y, { epochs: 5, validationData: [X, Y], validationFreq })).history["val_loss"]!.length;
    expect(await seen(2)).toBe(2);
    expect(await seen([1, 2, 5])).toBe(3);
    const model = line("mse", { optimizer: sgd(0) });
    const { history } = await model.fit(X, Y, { validationData: [X, Y], validationBatchSize: 5, validationSteps: 1 });
    const first = await model.evaluate({ data: X.data.slice(0, 10), shape: [5, 2] }, { data: Y.data.slice(0, 5), shape: [5, 1] });
    expect(history["val_loss"]![0]).toBe(first["loss"]);
    const weighted = await model.fit(X, Y, { validationData: [X, Y, new Float32Array(COUNT)] });
    expect(weighted.history["val_loss"]).toEqual([0]);
  });

  it("refuses labels that are NaN for a loss of one's own too, and names the row", async () => {
    const model = line((y, p) => p.sub(y).square());
    await expect(model.fit(X, { ...Y, data: Y.data.map((y, i) => (i === 7 ? NaN : y)) })).rejects.toThrow("fit: y: expected numbers, got NaN in example 7.");
  });

  it("stops with the weights of the last step when a callback throws, and tells the others", async () => {
    const model = line();
    const told: unknown[] = [];
    const callbacks = [{ onTrainError: (error: unknown) => void told.push(error) }, { onBatchEnd: (batch: number) => { if (batch === 1) throw new Error("mine"); } }];
    await expect(model.fit(X, Y, { batchSize: 5, epochs: 2, callbacks })).rejects.toThrow("mine");
    expect(told).toHaveLength(1);
    const other = line();
    await other.fit(X, Y, { batchSize: 5, stepsPerEpoch: 2 });
    expect(bits(model)).toEqual(bits(other));
  });

  it("names softmax over one unit, and labels of the wrong kind", async () => {
    const network = (units: number, loss: string): Sequential => {
      const model = sequential({ layers: [dense({ units, inputShape: [2], activation: "softmax" })] });
      model.compile({ optimizer: "sgd", loss });
      return model;
    };
    await expect(network(1, "binaryCrossentropy").fit(X, { ...Y, data: Y.data.map(Math.abs) })).rejects.toThrow("softmax over one unit, which is always 1");
    await expect(network(3, "sparseCategoricalCrossentropy").fit(X, Z)).rejects.toThrow(ShapeError);
    await expect(network(3, "sparseCategoricalCrossentropy").fit(X, Z)).rejects.toThrow('For one-hot labels use loss "categoricalCrossentropy".');
    await expect(network(3, "categoricalCrossentropy").fit(X, CLASSES)).rejects.toThrow('For class numbers use loss "sparseCategoricalCrossentropy".');
  });

  it("testOnBatch is evaluate in one batch, trainOnBatch takes weights", async () => {
    const model = line("mse", { metrics: ["mae"] });
    expect(await model.testOnBatch(X, Y)).toEqual(await model.evaluate(X, Y, { batchSize: COUNT }));
    const other = line();
    await model.trainOnBatch(X, Y, { sampleWeight: new Float32Array(COUNT).fill(0.5) });
    await other.fit(X, Y, { sampleWeight: new Float32Array(COUNT).fill(0.5), batchSize: COUNT, shuffle: false });
    expect(bits(model)).toEqual(bits(other));
  });

  it("[U1] a loop of one's own on a GradientTape gives the bits of fit", async () => {
    const make = (): Sequential => sequential({ seed: 4, layers: [dense({ units: 5, activation: "tanh", inputShape: [2] }), dropout({ rate: 0 }), dense({ units: 1 })] });
    const fitted = make();
    fitted.compile({ optimizer: adam(0.05), loss: "mse" });
    await fitted.fit(X, Y, { batchSize: 6, epochs: 2, shuffle: false });
    const model = make();
    const optimizer = adam(0.05);
    const gradientsOf = (x: Tensor, y: Tensor): [Model["trainableWeights"][number], Tensor][] => {
      const tape = new GradientTape();
      const loss = tape.run(() => mean(losses.meanSquaredError(y, model.apply(x, { training: true }))));
      const { trainableWeights } = model;
      const grads = tape.gradient(loss, trainableWeights);
      return trainableWeights.map((weight, i) => [weight, grads[i]!]);
    };
    for (let step = 0; step < 8; step++) {
      const [begin, end] = [(step % 4) * 6, Math.min(((step % 4) + 1) * 6, COUNT)];
      optimizer.apply(gradientsOf(tensor(X.data.slice(2 * begin, 2 * end), [end - begin, 2]), tensor(Y.data.slice(begin, end), [end - begin, 1])));
    }
    expect(bits(model)).toEqual(bits(fitted));
  });
});

it("verbose writes a line an epoch where there is no terminal", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const terminal = process.stdout.isTTY;
  process.stdout.isTTY = false;
  try {
    for (const verbose of [0, 1, 2] as const) await line().fit(X, Y, { epochs: 2, verbose });
    expect(log.mock.calls.length).toBe(4);
    expect(log.mock.calls[0]![0]).toMatch(/^Epoch 1\/2 - 1\/1 - .*step - loss: [\d.]+$/);
    log.mockClear();
    for (const verbose of [true, false, "auto"] as const) await line().fit(X, Y, { verbose });
    expect(log.mock.calls.length).toBe(2);
    log.mockClear();
    const trained = line();
    for (const verbose of [0, 1, false, true, 2, "auto"] as const) await trained.evaluate(X, Y, { verbose });
    await trained.evaluateDataset([[X, Y]], { verbose: 1 });
    expect(log.mock.calls.length).toBe(5);
    for (const [text] of log.mock.calls) expect(text).toMatch(/^loss: [\d.e+-]+$/);
    log.mockClear();
    await trained.predict(X, { verbose: 1 });
    expect(log.mock.calls.length).toBe(0);
    await expect(trained.evaluate(X, Y, { verbose: -1 as 0 })).rejects.toThrow("evaluate: verbose: expected a whole number of at least 0, got -1.");
  } finally {
    process.stdout.isTTY = terminal;
    log.mockRestore();
  }
});
