import { beforeAll, describe, expect, it, vi } from "vitest";
import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError, ValueError } from "../base/errors.js";
import { init } from "../engine/index.js";
import { readSafetensors, writeSafetensors, type StoredTensor } from "../formats/safetensors.js";
import { loadModel, saveModel } from "../io/files.js";
import { loadProgram } from "../run.js";
import { WeightSource } from "./layer.js";
import { input, layers, model, modelFromBytes, modelToBytes, sequential, sgd, type Sequential } from "./index.js";

beforeAll(() => init());

const { batchNormalization, dense, dropout } = layers;

function network(): Sequential {
  const model = sequential({
    name: "small",
    seed: 9,
    layers: [dense({ units: 4, activation: "relu", inputDim: 3 }), batchNormalization(), dropout({ rate: 0.5 }), dense({ units: 2, activation: "softmax", name: "head" })],
  });
  model.compile({ optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), loss: "categorical_crossentropy", metrics: ["accuracy"] });
  return model;
}

const X = [[1, 2, 3], [0, -1, 2], [4, 0, 1], [1, 1, 1]];
const Y = [[1, 0], [0, 1], [1, 0], [0, 1]];

describe("model files", () => {
  it("hold weights, optimizer state and random state by name, and everything to go on", async () => {
    const model = network();
    await model.fit(X, Y, { batchSize: 3, epochs: 2 });
    const bytes = await modelToBytes(model);
    const { tensors, metadata } = readSafetensors(bytes, "test");
    expect([...tensors.keys()].sort()).toEqual([
      "batch_normalization/beta", "batch_normalization/gamma", "batch_normalization/moving_mean", "batch_normalization/moving_variance",
      "dense/bias", "dense/kernel", "head/bias", "head/kernel",
      "optimizer/batch_normalization/beta/velocity", "optimizer/batch_normalization/gamma/velocity",
      "optimizer/dense/bias/velocity", "optimizer/dense/kernel/velocity", "optimizer/head/bias/velocity", "optimizer/head/kernel/velocity",
      "random/key",
    ]); // prettier-ignore
    expect(JSON.parse(metadata["edgegrad.training"]!)).toEqual({
      optimizer: { name: "sgd", config: { learningRate: 0.1, momentum: 0.9, nesterov: false } },
      iterations: 4,
      epochs: 2,
      loss: { name: "categorical_crossentropy" },
      metrics: ["accuracy"],
    });
    const again = modelFromBytes(bytes);
    expect(await modelToBytes(again)).toEqual(bytes);
    expect((await again.predict(X)).dataSync()).toEqual((await model.predict(X)).dataSync());
    expect(await again.evaluate(X, Y)).toEqual(await model.evaluate(X, Y));
  });

  it("carry a predict program that edgegrad/run executes, to the same bits", async () => {
    const model = network();
    await model.fit(X, Y);
    const program = await loadProgram(await modelToBytes(model));
    expect(program.inputShape).toEqual([1, 3]);
    expect(program.outputShape).toEqual([1, 2]);
    for (const row of X) expect(program.run(Float32Array.from(row))).toEqual(model.predictOnBatch([row]).dataSync());
  });

  it("carry it for several inputs and outputs, with their names", async () => {
    const [left, right] = [input({ shape: [2], name: "left" }), input({ shape: [3], name: "right" })];
    const both = layers.concatenate().apply([left, right]);
    const net = model({ inputs: [left, right], outputs: [dense({ units: 1, name: "value" }).apply(both), dense({ units: 2, name: "kind", activation: "softmax" }).apply(both), layers.add().apply([right, right])] });
    const program = await loadProgram(await modelToBytes(net), { name: "f" });
    expect([program.inputs, program.outputs]).toEqual([
      [{ name: "left", shape: [1, 2] }, { name: "right", shape: [1, 3] }],
      [{ name: "value", shape: [1, 1] }, { name: "kind", shape: [1, 2] }, { name: "add", shape: [1, 3] }],
    ]);
    const [a, b] = [Float32Array.of(1, 2), Float32Array.of(3, 4, 5)];
    const [value, kind, sum] = net.predictOnBatch([{ data: a, shape: [1, 2] }, { data: b, shape: [1, 3] }]);
    const expected = { value: value.dataSync(), kind: kind.dataSync(), add: sum.dataSync() };
    expect(program.runAll([a, b])).toEqual(expected);
    expect(program.runAll({ right: b, left: a })).toEqual(expected);
    expect(() => program.run(a)).toThrow("f: has the inputs left, right and the outputs value, kind, add. Use runAll()");
    expect(() => program.runAll([a, a])).toThrow("f: right: got 2 values, expected [1, 3] (3).");
  });

  it("of a model that was not compiled hold its weights only", async () => {
    const model = sequential({ layers: [dense({ units: 2, inputDim: 3 })] });
    const again = modelFromBytes(await modelToBytes(model));
    expect(again.isCompiled).toBe(false);
    expect(again.weights[0]!.dataSync()).toEqual(model.weights[0]!.dataSync());
    await expect(modelToBytes(sequential({ layers: [dense({ units: 2 })] }))).rejects.toThrow(ValueError);
  });

  /** The file with its tensors or metadata changed. */
  async function changed(change: (tensors: Map<string, StoredTensor>, metadata: Record<string, string>) => void): Promise<Uint8Array> {
    const { tensors, metadata } = readSafetensors(await modelToBytes(network()), "test");
    const [map, texts] = [new Map(tensors), { ...metadata }];
    change(map, texts);
    return writeSafetensors(map, texts);
  }
  const floats = (shape: number[]): StoredTensor => ({ dtype: "F32", shape, data: new Uint8Array(4 * shape.reduce((a, b) => a * b)) });

  const BAD: [what: string, change: Parameters<typeof changed>[0], error: new (message: string) => Error, message: string][] = [
    ["a missing weight", (t) => t.delete("dense/bias"), FormatError, 'm.safetensors: the weights are not those of this model: "dense/bias" [4] is missing'],
    ["another model's shapes", (t) => t.set("dense/kernel", floats([3, 5])), FormatError, '"dense/kernel": expected shape [3, 4], got [3, 5].'],
    ["a wrong dtype", (t) => t.set("dense/bias", { ...floats([4]), dtype: "I32" }), FormatError, 'm.safetensors: the weights are not those of this model: "dense/bias": expected dtype F32, got I32.'],
    ["a tensor of no layer", (t) => t.set("dense/gain", floats([4])), FormatError, '"dense/gain" [4] belongs to no layer of the model.'],
    ["no topology", (_, m) => delete m["edgegrad.model"], FormatError, "m.safetensors: edgegrad.model: missing from the metadata."],
    ["topology that is no JSON", (_, m) => void (m["edgegrad.model"] = "{"), FormatError, "m.safetensors: edgegrad.model: expected JSON"],
    ["an unknown layer", (_, m) => void (m["edgegrad.model"] = m["edgegrad.model"]!.replace("Dropout", "Dropuot")), ValueError, 'Did you mean "Dropout"?'],
  ];
  it.each(BAD)("with %s are refused", async (_what, change, error, message) => {
    const bytes = await changed((tensors, metadata) => void change(tensors, metadata));
    expect(() => modelFromBytes(bytes, "m.safetensors")).toThrow(error);
    expect(() => modelFromBytes(bytes, "m.safetensors")).toThrow(message);
  });

  it("are read without drawing starting values, and a layer that is added then starts as it would have", async () => {
    const values = vi.spyOn(WeightSource.prototype, "values");
    const made = sequential({ seed: 3, layers: [layers.dense({ units: 4, inputShape: [3] })] });
    expect(values.mock.results[0]!.value.some((x: number) => x !== 0)).toBe(true);
    const bytes = await modelToBytes(made);
    values.mockClear();
    const read = modelFromBytes(bytes) as Sequential;
    expect(values.mock.results.every(({ value }) => (value as Float32Array).every((x) => x === 0))).toBe(true);
    values.mockRestore();
    for (const model of [made, read]) model.add(layers.dense({ units: 2 }));
    expect(read.weights.map((weight) => weight.dataSync())).toEqual(made.weights.map((weight) => weight.dataSync()));
  });

  it("that are cut are refused", async () => {
    const bytes = await modelToBytes(network());
    for (const length of [0, 7, 100, bytes.length - 1]) expect(() => modelFromBytes(bytes.slice(0, length), "m"), String(length)).toThrow(FormatError);
  });
});

describe("saveModel and loadModel", () => {
  it("write atomically: a failure leaves the old file, and no other", async () => {
    const folder = await mkdtemp(join(tmpdir(), "edgegrad-"));
    try {
      const path = join(folder, "model.safetensors");
      const model = network();
      await saveModel(model, path);
      expect((await loadModel(path)).weights.map((w) => w.dataSync())).toEqual(model.weights.map((w) => w.dataSync()));
      const old = await readFile(path);
      await model.fit(X, Y);
      await saveModel(model, path);
      expect(await readFile(path)).not.toEqual(old);
      expect(await readdir(folder)).toEqual(["model.safetensors"]);
      // A folder with a file in it cannot be replaced: the last step fails.
      await mkdir(join(folder, "taken"));
      await writeFile(join(folder, "taken", "old"), "old");
      await expect(saveModel(model, join(folder, "taken"))).rejects.toThrow("taken");
      expect((await readdir(folder)).sort()).toEqual(["model.safetensors", "taken"]);
      expect(await readdir(join(folder, "taken"))).toEqual(["old"]);
      await writeFile(path, "not a model");
      await expect(loadModel(path)).rejects.toThrow(`${path}:`);
      await expect(loadModel(join(folder, "none"))).rejects.toThrow("there is none");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
