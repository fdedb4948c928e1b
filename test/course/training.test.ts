// The course's training workflow: compile, fit, evaluate, predict, and the loop by hand.
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { compile, init, mean, tensor, variableGrads, type Tensor } from "../../src/engine/index.js";
import { earlyStopping, layers, losses, rmsprop, sequential, type Sequential } from "../../src/nn/index.js";

beforeAll(() => init());

const { dense } = layers;

/** Points around three centres, a class each. */
function clusters(count: number, seed: number): { x: Float32Array; classes: Int32Array; oneHot: Float32Array } {
  const random = createRandom(seed);
  const centres = [[1.5, 0], [-1, 1.2], [-0.5, -1.5]];
  const x = new Float32Array(2 * count);
  const classes = new Int32Array(count);
  const oneHot = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    classes[i] = i % 3;
    oneHot[3 * i + classes[i]!] = 1;
    for (let j = 0; j < 2; j++) x[2 * i + j] = centres[classes[i]!]![j]! + 0.5 * random.normal();
  }
  return { x, classes, oneHot };
}

const TRAIN = clusters(300, 1);
const TEST = clusters(90, 2);
const inputs = (data: Float32Array) => ({ data, shape: [data.length / 2, 2] });
const labels = (data: Float32Array) => ({ data, shape: [data.length / 3, 3] });
const classes = (data: Int32Array) => ({ data, shape: [data.length] });

function network(): Sequential {
  return sequential({ seed: 7, layers: [dense({ units: 16, activation: "relu", inputDim: 2 }), dense({ units: 3, activation: "softmax" })] });
}

describe("training", () => {
  it("[U1] the loop in four steps (batch, forward, loss, update) gives the bits of fit", async () => {
    const fitted = network();
    fitted.compile({ optimizer: "rmsprop", loss: "categoricalCrossentropy" });
    await fitted.fit(inputs(TRAIN.x), labels(TRAIN.oneHot), { batchSize: 64, epochs: 2, shuffle: false });

    const model = network();
    const optimizer = rmsprop();
    const step = compile((x: Tensor, y: Tensor) => {
      const { value, grads } = variableGrads(() => mean(losses.categoricalCrossentropy(y, model.apply(x))), model.trainableWeights);
      optimizer.apply(grads);
      return value;
    });
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let begin = 0; begin < 300; begin += 64) {
        const end = Math.min(begin + 64, 300);
        step(tensor(TRAIN.x.slice(2 * begin, 2 * end), [end - begin, 2]), tensor(TRAIN.oneHot.slice(3 * begin, 3 * end), [end - begin, 3]));
      }
    }
    expect(model.getWeights().map((w) => w.dataSync())).toEqual(fitted.getWeights().map((w) => w.dataSync()));
    expect(fitted.optimizer.iterations).toBe(10);
    expect(optimizer.iterations).toBe(10);
  });

  it.each([
    ["adam", "mse", "mean_squared_error"],
    ["rmsprop", "categorical_crossentropy", "categoricalCrossentropy"],
    ["sgd", "binary_crossentropy", "binaryCrossentropy"],
    ["RMSprop", "mean_absolute_error", "mae"],
  ])("[U2] compile takes strings, in both spellings: %s, %s = %s", async (optimizer, one, other) => {
    const losses = [];
    for (const loss of [one, other]) {
      const model = network();
      model.compile({ optimizer, loss, metrics: ["accuracy"] });
      const { history } = await model.fit(inputs(TRAIN.x), labels(TRAIN.oneHot), { batchSize: 100 });
      expect(Object.keys(history)).toEqual(["loss", "accuracy"]);
      losses.push(history["loss"]![0]);
    }
    expect(losses[0]).toBe(losses[1]);
    expect(losses[0]).toBeGreaterThan(0);
  });

  it("[U3] fit(x, y, { validationData, batchSize, epochs }): the history has val_loss, and validation changes nothing", async () => {
    const plain = network();
    const watched = network();
    for (const model of [plain, watched]) model.compile({ optimizer: "rmsprop", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    await plain.fit(inputs(TRAIN.x), classes(TRAIN.classes), { batchSize: 128, epochs: 4 });
    const { history, epoch } = await watched.fit(inputs(TRAIN.x), classes(TRAIN.classes), {
      validationData: [inputs(TEST.x), classes(TEST.classes)],
      batchSize: 128,
      epochs: 4,
    });
    expect(epoch).toEqual([0, 1, 2, 3]);
    expect(Object.keys(history)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    expect(history["val_loss"]!.length).toBe(4);
    expect(watched.getWeights().map((w) => w.dataSync())).toEqual(plain.getWeights().map((w) => w.dataSync()));
  });

  it("early stopping says at which epoch it stopped, and puts the best weights back", async () => {
    const model = network();
    model.compile({ optimizer: rmsprop(0.01), loss: "sparse_categorical_crossentropy" });
    let said = "";
    const stop = earlyStopping({ patience: 3, restoreBestWeights: true, verbose: 1, writer: { write: (text) => void (said += text) } });
    const validationData = [inputs(TEST.x), classes(TEST.classes)] as const;
    const { history } = await model.fit(inputs(TRAIN.x), classes(TRAIN.classes), { validationData, batchSize: 32, epochs: 400, callbacks: stop });
    const values = history["val_loss"]!;
    expect(values.length).toBeLessThan(400);
    expect(said).toBe(`Epoch ${values.length}: early stopping\n`);
    expect(stop.bestEpoch).toBe(values.length - 4);
    const { loss } = await model.evaluate(...validationData);
    // Evaluated in other batch sizes: the same terms in another order.
    expect(Math.abs(loss! - Math.min(...values))).toBeLessThan(1e-6);
  });

  it("[U6] evaluate returns loss and accuracy as a computation by hand gives them", async () => {
    const model = network();
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const { loss, accuracy } = await model.evaluate(inputs(TEST.x), labels(TEST.oneHot), { batchSize: 32 });
    const p = (await model.predict(inputs(TEST.x))).arraySync() as number[][];
    const right = p.filter((row, i) => row.indexOf(Math.max(...row)) === TEST.classes[i]).length;
    const total = p.reduce((sum, row, i) => sum - Math.log(row[TEST.classes[i]!]!), 0);
    expect(accuracy).toBeCloseTo(right / 90, 7);
    expect(loss).toBeCloseTo(total / 90, 6);
  });

  it("[U7] [U8] the class is the argmax of predict; training and validation curves fall", async () => {
    const model = network();
    model.compile({ optimizer: rmsprop(0.01), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const { history } = await model.fit(inputs(TRAIN.x), classes(TRAIN.classes), { validationSplit: 0.2, epochs: 12, batchSize: 30 });
    for (const name of ["loss", "val_loss"]) {
      const curve = history[name]!;
      expect(curve.at(-1)!, name).toBeLessThan(0.5 * curve[0]!);
    }
    const predicted = (await model.predict(inputs(TEST.x))).argMax().dataSync();
    const right = predicted.filter((label, i) => label === TEST.classes[i]).length;
    expect(right / 90).toBeGreaterThan(0.9);
    const { accuracy } = await model.evaluate(inputs(TEST.x), classes(TEST.classes));
    expect(accuracy).toBeCloseTo(right / 90, 7);
  });
});
