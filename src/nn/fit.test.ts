import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import { init } from "../engine/index.js";
import { History, layers, type Model, modelFromBytes, modelToBytes, rmsprop, sequential, sgd, type DataLike, type FitOptions, type Sequential } from "./index.js";

beforeAll(() => init());

const { activation, batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d, rescaling } = layers;

/** Bytes 0 … 255 that look random, and labels 0 … 2. */
const COUNT = 50;
const images = { data: Uint8Array.from({ length: COUNT * 36 }, (_, i) => (i * i * 31 + i * 7) % 256), shape: [COUNT, 6, 6, 1] };
const classes = { data: Int32Array.from({ length: COUNT }, (_, i) => (i * 5) % 3), shape: [COUNT] };

/** Every layer there is, with dropout and batch normalisation. */
function network(seed = 3): Sequential {
  const model = sequential({
    seed,
    layers: [
      rescaling({ scale: 1 / 255, inputShape: [6, 6, 1] }),
      conv2d({ filters: 4, kernelSize: 3, padding: "same", useBias: false }),
      batchNormalization(),
      activation({ activation: "relu" }),
      maxPooling2d(),
      flatten(),
      dropout({ rate: 0.3 }),
      dense({ units: 3, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

function bits(model: Model): Uint8Array[] {
  return model.getWeights().map((weight) => {
    const data = weight.dataSync();
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
}

describe("fit", () => {
  it("gives the same bits for the same seed, other ones for another", async () => {
    const models = [network(), network(), network(4)];
    for (const model of models) await model.fit(images, classes, { batchSize: 16, epochs: 2 });
    expect(bits(models[1]!)).toEqual(bits(models[0]!));
    expect(bits(models[2]!)).not.toEqual(bits(models[0]!));
  });

  it("goes on after save and load to the same bits as without: shuffle, dropout, moments and moving averages included", async () => {
    const straight = network();
    await straight.fit(images, classes, { batchSize: 16, epochs: 4 });
    const first = network();
    await first.fit(images, classes, { batchSize: 16, epochs: 2 });
    const resumed = modelFromBytes(await modelToBytes(first));
    expect(resumed.optimizer.iterations).toBe(8);
    const { epoch } = await resumed.fit(images, classes, { batchSize: 16, epochs: 4, initialEpoch: 2 });
    expect(epoch).toEqual([2, 3]);
    expect(bits(resumed)).toEqual(bits(straight));
    // Without initialEpoch the epochs are numbered anew, and still go on where the model stands.
    const onward = modelFromBytes(await modelToBytes(first));
    expect((await onward.fit(images, classes, { batchSize: 16, epochs: 2 })).epoch).toEqual([0, 1]);
    expect(bits(onward)).toEqual(bits(straight));
  });

  it("moves batch normalisation's averages with every step, and uses them to evaluate", async () => {
    const model = sequential({ layers: [batchNormalization({ inputShape: [1], momentum: 0.5 }), dense({ units: 1 })] });
    model.compile({ optimizer: sgd(0), loss: "mse" });
    await model.fit([[1], [3], [5], [7]], [[0], [0], [0], [0]], { batchSize: 2, shuffle: false });
    // Means 2 and 6: 0 → 1 → 3.5; variances 1 and 1: 1.
    expect([2, 3].map((i) => model.weights[i]!.snapshot()[0])).toEqual([3.5, 1]);
    await model.evaluate([[100]], [[0]]);
    expect(model.weights[2]!.snapshot()[0]).toBe(3.5);
  });

  it("reports running means over examples: an epoch's loss is that of its batches, by their size", async () => {
    const model = network();
    model.compile({ optimizer: sgd(0), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy", "acc"] });
    const frozen = sequential({ layers: [flatten({ inputShape: [6, 6, 1] }), dense({ units: 3, activation: "softmax" })] });
    frozen.compile({ optimizer: sgd(0), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy", "mae"] });
    await expect(frozen.fit(images, classes, {})).rejects.toThrow(ShapeError);
    frozen.compile({ optimizer: sgd(0), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const { history } = await frozen.fit(images, classes, { batchSize: 16 });
    const scores = await frozen.evaluate(images, classes, { batchSize: COUNT });
    expect(history["loss"]![0]).toBeCloseTo(scores["loss"]!, 3);
    expect(history["accuracy"]![0]).toBeCloseTo(scores["accuracy"]!, 7);
  });

  it("takes bytes as they are, and widens them for augment, which changes the batch in place", async () => {
    const seen: number[] = [];
    const model = network();
    await model.fit(images, classes, {
      batchSize: 32,
      epochs: 2,
      shuffle: false,
      augment: (pixels, count, { epoch, indices }) => {
        expect(pixels).toBeInstanceOf(Float32Array);
        expect(pixels.length).toBe(count * 36);
        expect(pixels[0]).toBe(images.data[36 * indices[0]!]);
        seen.push(epoch, count);
        pixels.fill(0);
      },
    });
    expect(seen).toEqual([0, 32, 0, 18, 1, 32, 1, 18]);
    const untouched = network();
    await untouched.fit({ data: new Uint8Array(COUNT * 36), shape: images.shape }, classes, { batchSize: 32, epochs: 2, shuffle: false });
    expect(bits(model)).toEqual(bits(untouched));
  });

  it("stops after the current step when its signal says so, and leaves a model that can go on", async () => {
    const abort = new AbortController();
    const model = network();
    const history = await model.fit(images, classes, {
      batchSize: 10,
      epochs: 50,
      signal: abort.signal,
      callbacks: { onBatchEnd: (batch) => void (model.optimizer.iterations === 7 && batch === 1 && abort.abort()) },
    });
    expect(history).toBeInstanceOf(History);
    expect(history.aborted).toBe(true);
    expect(history.epoch).toEqual([0]);
    expect(model.optimizer.iterations).toBe(7);
    expect(model.epochsTrained).toBe(1);
    expect((await model.fit(images, classes, { batchSize: 10 })).aborted).toBe(false);
  });

  it("lets timers run while it trains", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const began = performance.now();
    const model = network();
    // One breath every 50 ms: the fourth tick after some 200 ms, later on a busy machine.
    await model.fit(images, classes, { batchSize: 2, epochs: 5000, callbacks: { onEpochEnd: () => void (model.stopTraining = ticks >= 4 || performance.now() - began > 4000) } });
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(4);
  });

  it("a loss that is not finite ends the run, names the step and keeps the weights from before it", async () => {
    const make = (): Sequential => {
      const made = sequential({ seed: 1, layers: [dense({ units: 2, inputDim: 1 }), batchNormalization(), dropout({ rate: 0.5 }), dense({ units: 1 })] });
      made.compile({ optimizer: rmsprop(0.1), loss: "mse" });
      return made;
    };
    const [model, twoSteps] = [make(), make()];
    const x = [[1], [2], [-1], [3], [0], [4]];
    const y = [[0], [0], [1], [2], [-3e38], [0]];
    await twoSteps.fit(x.slice(0, 4), y.slice(0, 4), { batchSize: 2, shuffle: false });
    await expect(model.fit(x, y, { batchSize: 2, shuffle: false })).rejects.toThrow("fit: step 3: the loss is Infinity. The weights are those from before this step.");
    expect(model.optimizer.iterations).toBe(2);
    // Moving averages and the optimizer's state too.
    expect(bits(model)).toEqual(bits(twoSteps));
    const slots = (of: Sequential): unknown => of.optimizer.slots.map((slot) => slot.snapshot());
    expect(slots(model)).toEqual(slots(twoSteps));
  });

  it("a gradient that is not finite under a finite loss is found too, by the name of its weight", async () => {
    const model = sequential({ seed: 1, layers: [dense({ units: 1, inputDim: 1, kernelInitializer: "ones", useBias: false })] });
    // The root's slope at 0 is infinite.
    model.compile({ optimizer: sgd(0.1), loss: (y, p) => p.sub(y).sqrt() });
    const before = bits(model);
    await expect(model.fit([[2]], [[2]])).rejects.toThrow("fit: step 1: the gradient of dense/kernel is not finite.");
    expect(bits(model)).toEqual(before);
  });

  const floats = { data: Float32Array.from(images.data), shape: images.shape };
  const withNaN = { data: floats.data.map((x, i) => (i === 40 ? NaN : x)), shape: images.shape };
  const BAD: [what: string, x: DataLike, y: DataLike, options: FitOptions, error: new (message: string) => Error, message: string][] = [
    ["NaN in the input", withNaN, classes, {}, ValueError, "fit: x: expected finite numbers, got NaN in example 1, element 4."],
    ["a label out of range", images, { ...classes, data: classes.data.map((label, i) => (i === 9 ? 3 : label)) }, {}, ValueError, "fit: y: expected class numbers from 0 to 2, since the model has 3 outputs; got 3 in example 9."],
    ["a label that is no whole number", images, { data: Float32Array.from(classes.data, (label) => label + 0.5), shape: [COUNT] }, {}, ValueError, "got 0.5 in example 0."],
    ["one-hot labels for class numbers", images, { data: new Float32Array(COUNT * 3), shape: [COUNT, 3] }, {}, ShapeError, 'For one-hot labels use loss "categoricalCrossentropy".'],
    ["fewer labels than images", images, { data: classes.data.slice(1), shape: [COUNT - 1] }, {}, ShapeError, "got 50 inputs and 49 labels"],
    ["another shape", { ...images, shape: [COUNT, 36] }, classes, {}, ShapeError, "fit: x: expected shape [batch, 6, 6, 1], got [50, 36]. The sizes agree: reshape it."],
    ["one example", { ...images, data: images.data.slice(0, 36), shape: [6, 6, 1] }, classes, {}, ShapeError, "fit: x: expected shape [batch, 6, 6, 1], got [6, 6, 1]. Is it one example? Give it an axis for the batch: [x], or expandDims(x, 0)."],
    ["a shape that does not fill", { ...images, shape: [COUNT, 6, 6, 2] }, classes, {}, ShapeError, "fit: x: 1800 elements do not fill the shape [50, 6, 6, 2]."],
    ["no data", { data: new Uint8Array(0), shape: [0, 6, 6, 1] }, { data: new Int32Array(0), shape: [0] }, {}, ValueError, "fit: x: expected at least one example, got none"],
    ["batch size 0", images, classes, { batchSize: 0 }, ValueError, "fit: batchSize: expected a whole number of at least 1, got 0."],
    ["half an epoch", images, classes, { epochs: 0.5 }, ValueError, "fit: epochs: expected a whole number of at least 1, got 0.5."],
    ["a split that leaves nothing", images, classes, { validationSplit: 0.999 }, ValueError, "fit: validationSplit"],
    ["two kinds of validation", images, classes, { validationSplit: 0.5, validationData: [images, classes] }, ValueError, "got both"],
    ["bad validation labels", images, classes, { validationData: [images, { ...classes, data: classes.data.map(() => -1) }] }, ValueError, "fit: validationData: y: expected class numbers"],
  ];
  it.each(BAD)("refuses %s before anything is changed", async (_what, x, y, options, error, message) => {
    const model = network();
    const before = bits(model);
    await expect(model.fit(x, y, options)).rejects.toThrow(error);
    await expect(model.fit(x, y, options)).rejects.toThrow(message);
    expect(bits(model)).toEqual(before);
    expect(model.optimizer.iterations).toBe(0);
  });

  it("needs compile first", async () => {
    const model = sequential({ layers: [dense({ units: 1, inputDim: 1 })] });
    await expect(model.fit([[1]], [[1]])).rejects.toThrow("Call compile({ optimizer, loss }) first.");
  });

  it("reads a linear last layer as logits of a cross-entropy", async () => {
    const make = (last: string): Sequential => sequential({ seed: 2, layers: [dense({ units: 3, inputDim: 2, activation: last })] });
    const x = [[1, 2], [-1, 0.5], [3, -2]];
    const scores = [];
    for (const last of ["linear", "softmax"]) {
      const model = make(last);
      model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
      scores.push(await model.evaluate(x, [0, 1, 2]));
    }
    expect(scores[1]).toEqual(scores[0]);
    const binary = sequential({ seed: 2, layers: [dense({ units: 1, inputDim: 2 })] });
    binary.compile({ optimizer: "sgd", loss: "binaryCrossentropy", metrics: ["accuracy"] });
    const logits = (await binary.predict(x)).dataSync();
    const { accuracy } = await binary.evaluate(x, [1, 0, 1]);
    expect(accuracy).toBeCloseTo([...logits].filter((z, i) => z > 0 === (i !== 1)).length / 3, 7);
  });

  it("trainOnBatch and predictOnBatch do one step and one batch", async () => {
    const model = network();
    const logs = await model.trainOnBatch(images, classes);
    expect(Object.keys(logs)).toEqual(["loss", "accuracy"]);
    expect(model.optimizer.iterations).toBe(1);
    expect(model.predictOnBatch(images).dataSync()).toEqual((await model.predict(images, { batchSize: COUNT })).dataSync());
  });
});
