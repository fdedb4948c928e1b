// The callbacks that save models and runs. The runs that are killed are Node processes of their own.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileError, FormatError, ValueError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import { fromArrays } from "../../data/index.js";
import { init, tensor } from "../../engine/index.js";
import { layers, modelFromBytes, sequential, type Callback, type Model } from "../../nn/index.js";
import { weightsFromBytes } from "../../nn/serialize.js";
import { repository } from "../../../test/shared.js";
import { backupAndRestore, earlyStopping, modelCheckpoint, reduceLROnPlateau } from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-backup-"));
/** Three levels below the repository, like the bundle that looks for its kernels from there. */
const bundle = join(repository, "dist", "bundle", `killed-${process.pid}`);
afterAll(() => [folder, bundle].forEach((path) => rmSync(path, { recursive: true, force: true })));
beforeAll(() => init());

function line(units = 3): Model {
  const model = sequential({ seed: 1, layers: [layers.dense({ units, inputShape: [1], activation: "relu" }), layers.dense({ units: 1 })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

const x = Float32Array.from({ length: 12 }, (_, i) => i / 12);
const data = { x: { data: x, shape: [12, 1] }, y: { data: x.map((value) => 2 * value), shape: [12, 1] } };
const fit = (model: Model, callbacks: Callback | Callback[], epochs = 3, learningRate?: (epoch: number) => number) =>
  model.fit(data.x, data.y, {
    epochs,
    batchSize: 4,
    validationData: [data.x, data.y],
    callbacks: [...(learningRate ? [{ onEpochBegin: (epoch: number) => void (model.optimizer.learningRate = learningRate(epoch)) }] : []), ...(Array.isArray(callbacks) ? callbacks : [callbacks])],
  });
const bits = (model: Model) => model.getWeights().map((weight) => weight.dataSync());

describe("modelCheckpoint", () => {
  it("writes a model an epoch, under names with numbers in them, which trains on to the same bits", async () => {
    const model = line();
    const { history } = await fit(model, modelCheckpoint(join(folder, "each", "m-{epoch:02d}-{val_loss:.4f}.safetensors")), 2);
    const names = history["val_loss"]!.map((loss, i) => `m-0${i + 1}-${loss.toFixed(4)}.safetensors`);
    expect(readdirSync(join(folder, "each")).sort()).toEqual(names);
    const first = modelFromBytes(readFileSync(join(folder, "each", names[0]!)));
    await first.fit(data.x, data.y, { epochs: 2, initialEpoch: 1, batchSize: 4 });
    expect(bits(first)).toEqual(bits(model));
  });

  it("saves the best only, weights only, and says so", async () => {
    const path = join(folder, "best.safetensors");
    let text = "";
    const model = line();
    let best: unknown;
    // A learning rate of 3 spoils what the second epoch reached.
    const watch: Callback = { onEpochEnd: (epoch) => void (epoch === 1 && (best = bits(model))) };
    const { history } = await fit(model, [modelCheckpoint(path, { saveBestOnly: true, saveWeightsOnly: true, verbose: 1, writer: { write: (part) => (text += part) } }), watch], 4, (epoch) => (epoch < 2 ? 0.1 : 3));
    expect(history["val_loss"]!.indexOf(Math.min(...history["val_loss"]!))).toBe(1);
    expect(text).toBe(`Epoch 1: saved ${path}\nEpoch 2: saved ${path}\n`);
    const loaded = line();
    weightsFromBytes(loaded, readFileSync(path));
    expect(bits(loaded)).toEqual(best);
  });

  it("saves every few steps", async () => {
    await fit(line(), modelCheckpoint(join(folder, "steps", "{epoch}-{batch}"), { saveFreq: 2 }), 2);
    expect(readdirSync(join(folder, "steps")).sort()).toEqual(["1-2", "2-1", "2-3"]);
  });

  it("leaves the old file when the new one cannot be written, and ends the run with the file's name", async () => {
    const path = join(folder, "kept", "m.safetensors");
    await fit(line(), modelCheckpoint({ path }), 1);
    const before = readFileSync(path);
    const model = line();
    let steps = 0;
    const full: Callback = { onEpochEnd: () => void ((steps = model.optimizer.iterations), rmSync(join(folder, "kept"), { recursive: true }), writeFileSync(join(folder, "kept"), "no folder")) };
    const failing = fit(model, [full, modelCheckpoint(path)], 3);
    await expect(failing).rejects.toThrow(FileError);
    await expect(failing).rejects.toThrow(path);
    expect(model.optimizer.iterations).toBe(steps);
    rmSync(join(folder, "kept"));
    mkdirSync(join(folder, "kept"));
    writeFileSync(path, before);
    if (process.getuid?.() !== 0) {
      chmodSync(join(folder, "kept"), 0o500);
      await expect(fit(line(), modelCheckpoint(path), 3)).rejects.toThrow(FileError);
      chmodSync(join(folder, "kept"), 0o700);
    }
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(join(folder, "kept"))).toEqual(["m.safetensors"]);
  });

  it("refuses options and names that mean nothing", async () => {
    expect(() => modelCheckpoint("", {})).toThrow(ValueError);
    expect(() => modelCheckpoint({ filepath: "m" } as never)).toThrow(/no option is called "filepath".* Did you mean "path"\?/);
    expect(() => modelCheckpoint("m", { saveFreq: 0 })).toThrow("saveFreq: expected a whole number");
    await expect(fit(line(), modelCheckpoint(join(folder, "{auc:.2f}")))).rejects.toThrow('there is no "auc" in the logs, which hold loss, val_loss, epoch');
    await expect(fit(line(), modelCheckpoint(join(folder, "{loss:>8}")))).rejects.toThrow("expected a format as {epoch:02d}");
  });
});

describe("backupAndRestore", () => {
  it("a run that an error ends goes on: history, early stopping and learning rate included", async () => {
    const spoilt = (epoch: number) => (epoch === 3 ? 1 : 0.05);
    const watchers = () => [earlyStopping({ patience: 3, restoreBestWeights: true }), reduceLROnPlateau({ patience: 1, factor: 0.5 })] as const;
    const straight = line();
    const whole = await fit(straight, [...watchers()], 9, spoilt);
    const path = join(folder, "run");
    // A callback that throws in the middle of epoch 4, at its second step.
    const failing: Callback = { onBatchDone: () => { if (broken.optimizer.iterations === 14) throw new Error("power cut"); } };
    const broken = line();
    await expect(fit(broken, [...watchers(), backupAndRestore(path, { saveFreq: 1 }), failing], 9, spoilt)).rejects.toThrow("power cut");
    const resumed = line();
    const rest = await fit(resumed, [...watchers(), backupAndRestore(path, { saveFreq: 1 })], 9, (epoch) => (epoch === 4 ? resumed.optimizer.learningRate : spoilt(epoch)));
    expect(rest.history).toEqual(whole.history);
    expect(rest.epoch).toEqual(whole.epoch);
    expect(bits(resumed)).toEqual(bits(straight));
    // The run ended by itself.
    expect(readdirSync(path)).toEqual([]);
  });

  it("refuses the backup of another model, by the names of the weights, and leaves the model as it was", async () => {
    const path = join(folder, "other");
    await fit(line(), backupAndRestore(path, { deleteCheckpoint: false }), 1);
    const model = line(4);
    const before = bits(model);
    const failing = fit(model, backupAndRestore(path), 2);
    await expect(failing).rejects.toThrow(FormatError);
    await expect(failing).rejects.toThrow('"dense/kernel": expected shape [1, 4], got [1, 3]');
    expect(bits(model)).toEqual(before);
  });

  it.each([["by its epochs", undefined], ["by stepsPerEpoch", 3]])("a run over a shuffled data set goes on in the middle of an epoch, cut %s", async (what, stepsPerEpoch) => {
    const path = join(folder, `set ${what}`);
    const train = (model: Model, ...callbacks: Callback[]) =>
      model.fitDataset(fromArrays({ xs: tensor(data.x.data, [12, 1]), ys: tensor(data.y.data, [12, 1]) }).shuffle(12, 3).batch(3), { epochs: 4, ...(stepsPerEpoch && { stepsPerEpoch }), callbacks: [...callbacks, backupAndRestore(path, { saveFreq: 1 })] });
    const [straight, broken, resumed] = [line(), line(), line()];
    const whole = await train(straight, {});
    await expect(train(broken, { onBatchBegin: () => { if (broken.optimizer.iterations === 5) throw new Error("power cut"); } })).rejects.toThrow("power cut");
    expect((await train(resumed, {})).history).toEqual(whole.history);
    expect(bits(resumed)).toEqual(bits(straight));
  });

  const RUNS: [what: string, code: string][] = [
    ["SGD with momentum", 'optimizer: sgd({ learningRate: 0.05, momentum: 0.9 })'],
    ["Adam", 'optimizer: adam()'],
  ];
  it.each(RUNS)("%s, with dropout, shuffling and augmentation: killed at random steps, it ends with the bits of an unbroken run", { timeout: 120_000 }, async (what, optimizer) => {
    const program = join(bundle, `${what.replace(/\W/g, "")}.mjs`);
    await build({ stdin: { contents: SCRIPT.replace("OPTIMIZER", optimizer), resolveDir: join(repository, "src"), loader: "ts" }, bundle: true, format: "esm", platform: "node", target: "node20", external: ["node:*"], outfile: program, logLevel: "error",
      banner: { js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);' } });
    const unbroken = await launch(program, join(folder, `${what} whole`), Infinity);
    const path = join(folder, what);
    const random = createRandom(5, RUNS.findIndex(([name]) => name === what));
    let kills = 0;
    let found = "";
    for (; found === ""; kills++) {
      expect(kills).toBeLessThan(40);
      // Steps from here on until it is killed; the fifth run is let go.
      found = await launch(program, path, kills < 5 ? 3 + Math.floor(random.uniform() * 9) : Infinity);
    }
    expect(kills).toBeGreaterThanOrEqual(6);
    expect(found).toBe(unbroken);
    expect(found).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** What a killed process runs: 3 epochs of 19 steps, a line for each step and in the end the weights' SHA-256. */
const SCRIPT = `
  import { createHash } from "node:crypto";
  import { adam, backupAndRestore, imageAugmenter, init, layers, sequential, sgd } from "./index.js";
  await init({ threads: 1 });
  const { conv2d, dense, dropout, flatten } = layers;
  const model = sequential({ seed: 3, layers: [conv2d({ filters: 3, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1] }), flatten(), dropout({ rate: 0.3 }), dense({ units: 3, activation: "softmax" })] });
  model.compile({ OPTIMIZER, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const images = { data: Uint8Array.from({ length: 150 * 64 }, (_, i) => (i * i * 31 + i * 7) % 256), shape: [150, 8, 8, 1] };
  const labels = { data: Int32Array.from({ length: 150 }, (_, i) => (i * 5) % 3), shape: [150] };
  await model.fit(images, labels, {
    epochs: 3,
    batchSize: 8,
    augment: imageAugmenter({ height: 8, width: 8, seed: 4 }),
    callbacks: [{ onBatchEnd: () => void process.stdout.write(".") }, backupAndRestore(process.argv[2], { saveFreq: 2 })],
  });
  const hash = createHash("sha256");
  for (const weight of [...model.weights, ...model.optimizer.slots, model.randomKey]) hash.update(weight.snapshot());
  console.log(hash.digest("hex"));
`;

/** Runs the program; kills it at its step number `steps`. Its last line, or nothing when it was killed. */
function launch(program: string, backups: string, steps: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, backups], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      if (output.length >= steps) child.kill("SIGKILL");
    });
    child.stderr.on("data", (part: Buffer) => void (errors += part.toString()));
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve("");
      else if (code === 0) resolve(output.replaceAll(".", "").trim());
      else reject(new Error(errors));
    });
  });
}
