// Files of functional models and of models in models: names of weights, optimizer state, programs; and of weights alone.
import { beforeAll, describe, expect, it } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError } from "../base/errors.js";
import { init, type Tensor } from "../engine/index.js";
import { readSafetensors } from "../formats/safetensors.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../io/files.js";
import { loadProgram } from "../run.js";
import { input, layers, model, modelFromBytes, modelToBytes, sequential, weightsFromBytes, weightsToBytes, type Functional, type Model } from "./index.js";

beforeAll(() => init());

const { dense } = layers;

const X = [[1, 2, 3], [0, -1, 2], [4, 0, 1], [1, 1, 1]];
const Y = [[1, 0], [0, 1], [1, 0], [0, 1]];

const valuesOf = (net: Model): number[][] => net.getWeights().map((weight) => [...weight.dataSync()]);

/** Layers "dense" and "dense_1" around a model that has layers of these names as well; all but one kernel of one shape. */
function nested(): Functional<Tensor> {
  const inner = sequential({ name: "inner", seed: 9, layers: [dense({ units: 3, inputShape: [3] }), dense({ units: 3 })] });
  const x = input({ shape: [3] });
  const net = model({ seed: 5, inputs: x, outputs: dense({ units: 2, activation: "softmax" }).apply(inner.apply(dense({ units: 3 }).apply(x))) });
  net.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  return net;
}

const PLACES = ["dense/kernel", "dense/bias", "inner/dense/kernel", "inner/dense/bias", "inner/dense_1/kernel", "inner/dense_1/bias", "dense_1/kernel", "dense_1/bias"];

describe("files of models in models", () => {
  it("call every weight and slot by its place; the model inside, saved by itself, by its own", async () => {
    const net = nested();
    await net.fit(X, Y);
    const { tensors } = readSafetensors(await modelToBytes(net), "test");
    const slots = PLACES.flatMap((place) => [`optimizer/${place}/momentum`, `optimizer/${place}/velocity`]);
    expect([...tensors.keys()].sort()).toEqual([...PLACES, ...slots, "random/key"].sort());
    const inner = sequential({ name: "again", layers: [dense({ units: 3, inputShape: [3] }), dense({ units: 3 })] });
    const alone = weightsToBytes(sequential({ layers: [inner] }));
    expect([...readSafetensors(alone, "test").tensors.keys()].every((key) => key.startsWith("again/"))).toBe(true);
    expect([...readSafetensors(weightsToBytes(inner), "test").tensors.keys()].sort()).toEqual(["dense/bias", "dense/kernel", "dense_1/bias", "dense_1/kernel"]);
  });

  it("hold a program that edgegrad/run executes to the same bits, whichever model named the weights last", async () => {
    const inner = sequential({ name: "inner", seed: 9, layers: [dense({ units: 3, inputShape: [3] }), dense({ units: 3 })] });
    const x = input({ shape: [3] });
    const outer = model({ seed: 5, inputs: x, outputs: dense({ units: 2 }).apply(inner.apply(dense({ units: 3 }).apply(x))) });
    for (const net of [outer, inner, outer]) {
      const program = await loadProgram(await modelToBytes(net));
      for (const row of X) expect([...program.run(Float32Array.from(row))]).toEqual([...net.predictOnBatch([row]).dataSync()]);
    }
  });

  it("go on to the same bits, also when parts were frozen before or after", async () => {
    for (const [before, after] of [[true, true], [false, true], [true, false], [false, false]] as const) {
      const net = nested();
      net.getLayer("inner").trainable = before;
      await net.fit(X, Y, { epochs: 2, batchSize: 2 });
      net.getLayer("inner").trainable = after;
      const bytes = await modelToBytes(net);
      const again = modelFromBytes(bytes);
      expect(await modelToBytes(again)).toEqual(bytes);
      for (const one of [net, again]) {
        one.getLayer("inner").trainable = true;
        await one.fit(X, Y, { epochs: 2, batchSize: 2 });
      }
      expect(valuesOf(again)).toEqual(valuesOf(net));
    }
  });

  it("keep a layer that stands in two models one layer", async () => {
    const shared = dense({ units: 3, name: "shared" });
    const [x, y] = [input({ shape: [3] }), input({ shape: [3] })];
    const inner = model({ name: "inner", inputs: y, outputs: shared.apply(y) });
    const net = model({ inputs: x, outputs: shared.apply(inner.apply(x)) });
    const again = modelFromBytes(await modelToBytes(net));
    expect(again.weights.map(({ name }) => name)).toEqual(["inner/shared/kernel", "inner/shared/bias"]);
    expect([...again.predictOnBatch(X).dataSync()]).toEqual([...net.predictOnBatch(X).dataSync()]);
  });

  it("of towers made alike number them, and of six models in each other come back as they were", async () => {
    const towers = [1, 2].map((seed) => sequential({ seed, layers: [dense({ units: 2, inputShape: [3] })] }));
    const x = input({ shape: [3] });
    const net = model({ inputs: x, outputs: towers.map((tower): typeof x => tower.apply(x)) });
    expect(net.weights.map(({ name }) => name)).toEqual(["sequential/dense/kernel", "sequential/dense/bias", "sequential_1/dense/kernel", "sequential_1/dense/bias"]);
    expect((modelFromBytes(await modelToBytes(net)).applyAll([x]) as readonly (typeof x)[]).map(({ shape }) => shape)).toEqual([[2], [2]]);
    let deep = sequential({ layers: [dense({ units: 3, inputShape: [3] })] });
    for (let i = 0; i < 5; i++) deep = sequential({ layers: [deep, dense({ units: 3 })] });
    const bytes = await modelToBytes(deep);
    expect(await modelToBytes(modelFromBytes(bytes))).toEqual(bytes);
  });
});

describe("weights alone", () => {
  const other = (): Model => sequential({ layers: [dense({ units: 3, inputShape: [3] }), dense({ units: 7, name: "more" }), dense({ units: 2, name: "dense_1" })] });

  it("of another architecture are refused with all that differs, and leave the model as it was", () => {
    const net = nested();
    const before = valuesOf(net);
    let message = "";
    try {
      weightsFromBytes(net, weightsToBytes(other()), "other.safetensors");
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      ({ message } = error as Error);
    }
    expect(message).toMatch(/^other\.safetensors: the weights are not those of this model: /);
    for (const place of PLACES.filter((name) => name.startsWith("inner"))) expect(message).toContain(`"${place}" [3${place.endsWith("kernel") ? ", 3" : ""}] is missing`);
    expect(message).toContain('"dense_1/kernel": expected shape [3, 2], got [7, 2]');
    expect(message).toContain('"more/kernel" [3, 7] belongs to no layer of the model');
    expect(valuesOf(net)).toEqual(before);
  });

  it("are neither written nor read while there are none", () => {
    const net = sequential([dense({ units: 1 })]);
    expect(() => weightsToBytes(net)).toThrow('save: model "sequential" has no weights yet.');
    expect(() => weightsFromBytes(net, weightsToBytes(other()), "w")).toThrow('w: model "sequential" has no weights yet.');
  });

  it("are read from files of whole models, too, and leave the optimizer as it is", async () => {
    const [from, to] = [nested(), nested()];
    await from.fit(X, Y, { epochs: 3 });
    weightsFromBytes(to, await modelToBytes(from));
    expect(valuesOf(to)).toEqual(valuesOf(from));
    expect(to.optimizer.iterations).toBe(0);
  });

  it("go to disk and back", async () => {
    const folder = await mkdtemp(join(tmpdir(), "edgegrad-"));
    try {
      const [path, whole] = [join(folder, "weights.safetensors"), join(folder, "model.safetensors")];
      const [from, to] = [nested(), nested()];
      await from.fit(X, Y);
      await saveWeights(from, path);
      await loadWeights(to, path);
      expect(valuesOf(to)).toEqual(valuesOf(from));
      await saveModel(from, whole);
      expect((await loadModel(whole)).predictOnBatch(X).arraySync()).toEqual(from.predictOnBatch(X).arraySync());
      await expect(loadWeights(to, join(folder, "none"))).rejects.toThrow("there is none");
      await expect(loadWeights(other(), path)).rejects.toThrow(`${path}: the weights are not those of this model`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
