// Bad input, as a hostile user gives it: to the built command, with real signals and a real limit on file sizes, and to the API.
// Every row says what is done, what the message must name, and that nothing that was there before is lost. What formats alone
// refuse (idx, safetensors, gzip) stands with them in src/formats and src/data.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateDigits } from "../src/data/digits/generate.js";
import { readSafetensors, writeSafetensors, type StoredTensor } from "../src/formats/safetensors.js";
import { adam, earlyStopping, init, layers, loadModel, modelFromBytes, modelToBytes, saveModel, sequential, sgd, type Sequential } from "../src/index.js";
import { PROGRAM_KEY } from "../src/program/program.js";
import { loadProgram } from "../src/run.js";
import { built } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-bad-"));
const at = (...parts: string[]): string => join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true }));

const IMAGES = "train-images-idx3-ubyte";
const LABELS = "train-labels-idx1-ubyte";

function idx(sizes: readonly number[], data: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.writeUInt32BE(0x800 + sizes.length);
  sizes.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, data]);
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; on each text it prints, `watch` may send signals. shell: a line in which "$0" "$@" is the command. */
function edgegrad(args: readonly string[], { watch, shell }: { watch?: (output: string, kill: (signal: NodeJS.Signals) => void) => void; shell?: string } = {}): Promise<Run> {
  const command = [process.execPath, built("cli/main.js"), ...args];
  const [file, ...rest] = shell === undefined ? command : ["sh", "-c", shell, ...command];
  const child = spawn(file!, rest, { cwd: folder });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => watch?.((stdout += text), (signal) => child.kill(signal)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
}

const STACK = /^ +at /m;
const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
const leftovers = (): string[] => (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".part"));
const train = (...args: string[]): string[] => ["train", "digits", "--data", "good", "--epochs", "1", ...args];

/** A folder of data in which some files differ from the good ones. undefined: the file is missing. */
function damaged(name: string, files: Readonly<Record<string, Uint8Array | undefined>>): string {
  cpSync(at("good"), at(name), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) {
    if (bytes === undefined) rmSync(at(name, file));
    else writeFileSync(at(name, file), bytes);
  }
  return name;
}

let images: Buffer;
let labels: Buffer;
let modelSha256: string;

beforeAll(async () => {
  mkdirSync(at("good"));
  mkdirSync(at("folder"));
  for (const [part, count] of [["train", 96], ["t10k", 32]] as const) {
    const set = generateDigits({ count, seed: count });
    writeFileSync(at("good", `${part}-images-idx3-ubyte`), idx([count, 28, 28], set.images));
    writeFileSync(at("good", `${part}-labels-idx1-ubyte`), idx([count], set.labels));
  }
  images = readFileSync(at("good", IMAGES));
  labels = readFileSync(at("good", LABELS));
  expect(await edgegrad(train("--out", "model.safetensors"))).toMatchObject({ status: 0 });
  modelSha256 = sha256(at("model.safetensors"));
});

describe("data: each broken file is named, nothing is saved, the old model stays", () => {
  const label = (value: number): Uint8Array => labels.map((x, i) => (i === 8 + 17 ? value : x));
  const ROWS: [what: string, files: () => Record<string, Uint8Array | undefined>, message: RegExp][] = [
    ["missing labels", () => ({ [LABELS]: undefined }), /data: expected train-labels-idx1-ubyte or .*\.gz in missing labels, found neither/],
    ["cut images", () => ({ [IMAGES]: images.subarray(0, -1) }), /cut images.train-images-idx3-ubyte: expected 75280 bytes for shape \[96, 28, 28\], got 75279: it is cut off/],
    ["cut header", () => ({ [IMAGES]: images.subarray(0, 9) }), /train-images-idx3-ubyte: expected a header of 16 bytes .* the file has 9/],
    ["empty file", () => ({ [IMAGES]: new Uint8Array(0) }), /train-images-idx3-ubyte: expected an IDX header .* the file has 0/],
    ["bytes left over", () => ({ [LABELS]: Buffer.concat([labels, labels]) }), /train-labels-idx1-ubyte: expected 104 bytes .* got 208: bytes are left over/],
    ["mixed up", () => ({ [IMAGES]: labels, [LABELS]: images }), /train-images-idx3-ubyte: expected rank 3 .* got rank 1 .* two files mixed up\?/],
    ["wrong magic", () => ({ [IMAGES]: images.map((x, i) => (i === 2 ? 0x0d : x)) }), /train-images-idx3-ubyte: .*magic 0x00000803\), got magic 0x00000d03/],
    ["packed, not named so", () => ({ [IMAGES]: gzipSync(images) }), /train-images-idx3-ubyte: .* It is a gzip file: unpack it, or name it \.gz/],
    ["named gz, not packed", () => ({ [IMAGES]: undefined, [`${IMAGES}.gz`]: images }), /train-images-idx3-ubyte\.gz: expected a gzip file, which starts with 1f 8b, got 00 00/],
    ["gzip breaks off", () => ({ [IMAGES]: undefined, [`${IMAGES}.gz`]: gzipSync(images).subarray(0, 4000) }), /train-images-idx3-ubyte\.gz: expected a whole gzip file, its 4000 bytes .* break off/],
    ["gzip damaged", () => ({ [IMAGES]: undefined, [`${IMAGES}.gz`]: gzipSync(images).map((x, i) => (i === 3000 ? x ^ 255 : x)) }), /train-images-idx3-ubyte\.gz: expected a whole gzip file, .* damaged/],
    ["counts disagree", () => ({ [LABELS]: idx([95], labels.subarray(8, -1)) }), /train-labels-idx1-ubyte: expected 96 labels, one for each image of .*train-images-idx3-ubyte, got 95/],
    ["label out of range", () => ({ [LABELS]: label(10) }), /train-labels-idx1-ubyte: expected labels 0 to 9, got 10 for image 17/],
    ["no images", () => ({ [IMAGES]: idx([0, 28, 28], new Uint8Array(0)), [LABELS]: idx([0], new Uint8Array(0)) }), /train-images-idx3-ubyte: expected at least one image, got shape \[0, 28, 28\]/],
    ["test images of another size", () => ({ "t10k-images-idx3-ubyte": idx([32, 14, 56], images.subarray(16, 16 + 32 * 784)) }), /t10k-images-idx3-ubyte: expected images of 28×28 as in .*, got 14×56/],
    ["too small for the model", () => ({ [IMAGES]: idx([96, 4, 4], images.subarray(0, 96 * 16)), "t10k-images-idx3-ubyte": idx([32, 4, 4], images.subarray(0, 512)) }), /layer "\w+" \(Conv2D\): a window of 5 pixels does not fit height 2/],
  ];
  test.each(ROWS)("%s", async (what, files, message) => {
    const { status, stderr } = await edgegrad(["train", "digits", "--model", "lenet", "--epochs", "1", "--data", damaged(what, files()), "--out", "model.safetensors"]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).toMatch(/^edgegrad: /);
    expect(stderr).not.toMatch(STACK);
    expect([sha256(at("model.safetensors")), leftovers()]).toEqual([modelSha256, []]);
  });
});

describe("--out that cannot be written is known before training", () => {
  const ROWS: [out: string, message: RegExp][] = [
    ["folder", /^edgegrad: folder: expected a file that can be written; it is a folder/],
    ["folder/", /^edgegrad: folder\/: expected a file that can be written; it names no file/],
    ["", /^edgegrad: "": expected a file that can be written; it names no file/],
    ["model.safetensors/inside", /^edgegrad: model\.safetensors\/inside: expected a file that can be written; .*model\.safetensors is no folder/],
    ["a".repeat(300), /^edgegrad: a{300}: expected a file that can be written; the name is too long/],
    // Renaming would put a plain file in the device's place.
    ["/dev/full", /^edgegrad: \/dev\/full: expected a file that can be written; it is a device or a pipe/],
  ];
  test.each(ROWS)("%s", async (out, message) => {
    for (const command of [train("--out", out), ["start", "--no-serve", "--data", "good", "--out", out]]) {
      expect(await edgegrad(command)).toEqual({ status: 1, stdout: "", stderr: expect.stringMatching(message) });
    }
    expect([sha256(at("model.safetensors")), leftovers()]).toEqual([modelSha256, []]);
  });

  test("a disk that is full in the middle of the file leaves the old one, and nothing else", async () => {
    // 100 blocks of 512 bytes; the model has 3 MB.
    const { status, stderr } = await edgegrad(train("--seed", "2", "--out", "model.safetensors"), { shell: 'ulimit -f 100; exec "$0" "$@"' });
    expect([status, stderr]).toEqual([1, "edgegrad: model.safetensors: expected a file that can be written; the system allows no file as large (EFBIG).\n"]);
    expect([sha256(at("model.safetensors")), leftovers()]).toEqual([modelSha256, []]);
  });

  test("a link is followed, not replaced; missing folders are made", async () => {
    symlinkSync("model.safetensors", at("link"));
    expect(await edgegrad(train("--out", "link"))).toMatchObject({ status: 0 });
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
    expect(sha256(at("link"))).toBe(modelSha256);
    expect(await edgegrad(train("--out", "new/deep/model.safetensors"))).toMatchObject({ status: 0 });
    expect(sha256(at("new/deep/model.safetensors"))).toBe(modelSha256);
  });

  test("output that is gone or full ends the command without a stack", async () => {
    const full = await edgegrad(train(), { shell: '"$0" "$@" > /dev/full' });
    expect(full).toMatchObject({ status: 1, stderr: expect.stringMatching(/^edgegrad: standard output: .* ENOSPC/) });
    const gone = await edgegrad(train("--epochs", "20"), { shell: '"$0" "$@" | head -n 1' });
    expect(`${full.stderr}${gone.stderr}`).not.toMatch(STACK);
  });
});

describe("Ctrl-C", () => {
  const complete = (name: string): number => readSafetensors(readFileSync(at(name)), name).tensors.size;

  test("once during training: stops, saves a whole file", async () => {
    let sent = false;
    const { status, stdout } = await edgegrad(train("--epochs", "100000", "--out", "once.safetensors"), {
      watch: (output, kill) => {
        if (!sent && output.includes("Epoch 1/")) kill("SIGINT");
        sent ||= output.includes("Epoch 1/");
      },
    });
    expect([status, stdout]).toEqual([130, expect.stringMatching(/saved once\.safetensors/)]);
    expect(complete("once.safetensors")).toBeGreaterThan(4);
    expect(leftovers()).toEqual([]);
  });

  test("twice: ends at once; the file is whole or absent, the old one whole", async () => {
    cpSync(at("model.safetensors"), at("old.safetensors"));
    let signals = 0;
    const { status } = await edgegrad(train("--epochs", "100000", "--out", "old.safetensors"), {
      watch: (output, kill) => {
        const wanted = Number(output.includes("Epoch 1/")) + Number(output.includes("Stopping"));
        while (signals < wanted) kill(signals++ % 2 ? "SIGTERM" : "SIGINT");
      },
    });
    expect(status).toBe(130);
    expect(complete("old.safetensors")).toBeGreaterThan(4);
    expect(leftovers()).toEqual([]);
  });

  /** Saves a model over another; as soon as the temporary file is there, the process gets the signals. Then it would go on for a minute. */
  const saver = (listen: string, signals: readonly string[]): string => `
    import { readdirSync } from "node:fs";
    import { init, layers, saveModel, sequential } from ${JSON.stringify(built("index.js"))};
    ${listen}
    await init();
    const model = sequential({ layers: [layers.dense({ units: 2000, inputShape: [2000] })] });
    let saved = false;
    saveModel(model, "saved.safetensors").then(() => (saved = true));
    while (!readdirSync(".").some((name) => name.endsWith(".part"))) {
      if (saved) throw new Error("the temporary file was not seen");
      await new Promise(setImmediate);
    }
    for (const signal of ${JSON.stringify(signals)}) process.kill(process.pid, signal);
    setTimeout(() => {}, 60_000);`;
  const OWN = 'process.on("SIGINT", () => process.exit(7));';
  const ROWS: [what: string, listen: string, signals: NodeJS.Signals[], status: number, left: "new" | "old"][] = [
    ["once: the new file is finished first", "", ["SIGINT"], 130, "new"],
    ["asked to terminate: the same", "", ["SIGTERM"], 143, "new"],
    ["twice: ends at once, the old file stays", "", ["SIGINT", "SIGINT"], 130, "old"],
    ["a program that ends itself: the old file stays", OWN, ["SIGINT"], 7, "old"],
  ];
  test.each(ROWS)("during saving, %s", async (_what, listen, signals, status, left) => {
    writeFileSync(at("saver.mjs"), saver(listen, signals));
    cpSync(at("model.safetensors"), at("saved.safetensors"));
    const child = spawn(process.execPath, ["saver.mjs"], { cwd: folder, stdio: "inherit" });
    expect(await new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)))).toBe(status);
    expect(complete("saved.safetensors")).toBe(left === "new" ? 2 : complete("model.safetensors"));
    expect(leftovers()).toEqual([]);
  });
});

describe("the command line", () => {
  const ROWS: [args: () => string[], status: number, message: RegExp][] = [
    [() => train("--batch-size", "0"), 2, /--batch-size: expected a whole number of at least 1, got "0"/],
    [() => train("--learning-rate", "NaN"), 2, /--learning-rate: expected a number above 0, got "NaN"/],
    [() => train("--learning-rate", "1e-999"), 2, /--learning-rate: expected a number above 0, got "1e-999"/],
    [() => train("--epochs", "1e3"), 2, /--epochs: expected a whole number .* got "1e3"/],
    [() => train("--validation-split", "0.999"), 1, /validationSplit: expected a split that leaves examples on both sides/],
    [() => train("--batchsize", "3"), 2, /--batchsize: no such option\. Did you mean --batch-size\?/],
    [() => train("--out", "--json"), 2, /--out/],
    [() => ["predict", "--model", "folder", "x"], 1, /folder: expected a file that can be read; it is a folder/],
    [() => ["predict", "--model", "good/train-images-idx3-ubyte", "x"], 1, /train-images-idx3-ubyte: expected a header of at most .* Is it a safetensors file\?/],
    [() => ["predict", "--model", "model.safetensors", "folder"], 1, /folder: expected a file that can be read; it is a folder/],
    [() => ["predict", "--model", "model.safetensors", "nothing.png"], 1, /nothing\.png: expected an image file, there is none/],
    [() => ["predict", "--model", "model.safetensors", "notes.txt"], 1, /notes\.txt: expected a PNG or PGM image/],
    [() => ["predict", "--model", "model.safetensors", "good/t10k-images-idx3-ubyte#30-32"], 1, /t10k-images-idx3-ubyte: expected rows from 0 to 31, got 30-32/],
    [() => ["predict", "--model", "model.safetensors", "good/t10k-labels-idx1-ubyte#0"], 1, /t10k-labels-idx1-ubyte: expected rank 3/],
  ];
  beforeAll(() => writeFileSync(at("notes.txt"), "no image"));
  test.each(ROWS)("%s", async (args, status, message) => {
    const run = await edgegrad(args());
    expect([run.status, run.stderr]).toEqual([status, expect.stringMatching(message)]);
    expect(run.stderr).not.toMatch(STACK);
  });

  test("a loss that is not finite names its step and leaves the old model file", async () => {
    const run = await edgegrad(train("--epochs", "9", "--optimizer", "sgd", "--learning-rate", "1e30", "--out", "model.safetensors"));
    expect([run.status, run.stderr]).toEqual([1, expect.stringMatching(/^edgegrad: fit: step 2: the (loss|gradient) .* The weights are those from before this step/)]);
    expect([sha256(at("model.safetensors")), leftovers()]).toEqual([modelSha256, []]);
  });
});

const X = [[1, 2, 3], [4, 5, 6]];
const Y = [0, 1];

function network(units = 4): Sequential {
  const model = sequential({ seed: 1, layers: [layers.dense({ units, inputShape: [3], activation: "relu" }), layers.dense({ units: 2, activation: "softmax" })] });
  model.compile({ optimizer: adam(0.01), loss: "sparseCategoricalCrossentropy" });
  return model;
}

const bits = (model: Sequential): unknown => [...model.weights, ...model.optimizer.slots].map((weight) => weight.snapshot());

describe("the API: a misuse is named and changes nothing", () => {
  beforeAll(() => init());

  // JavaScript has no types to stop these: the argument is what a file or a form may have given.
  const given = <T>(value: unknown): T => value as T;
  const ROWS: [what: string, use: (model: Sequential) => unknown, message: string | RegExp][] = [
    ["an option of another spelling", (m) => m.fit(X, Y, given({ batch_size: 4 })), 'fit: no option is called "batch_size"; expected batchSize, epochs,'],
    ["an option as older libraries call it", () => adam(given({ lr: 0.1 })), /^adam: no option is called "lr".* Did you mean "learningRate"\?/],
    ["a data set of single examples", (m) => m.fitDataset([[X[0]!, Y[0]!]]), "fitDataset: batch 0: expected a batch, whose first axis counts examples, got inputs [3] and labels []. Is it a single example? Group them: dataset.batch(32)."],
    ["nothing to train", (m) => ((m.trainable = false), m.fit(X, Y).finally(() => (m.trainable = true))), 'model "sequential": expected weights to train, all 4 are frozen.'],
    ["options that are none", (m) => m.fit(X, Y, given(null)), "fit: expected options { batchSize, "],
    ["a callback that is none", (m) => m.fit(X, Y, { callbacks: given([null]) }), "fit: callbacks: expected objects with hooks, got null."],
    ["a callback that was not called", (m) => m.fit(X, Y, { callbacks: given(earlyStopping) }), "fit: callbacks: expected objects with hooks, got the function earlyStopping. Call it?"],
    ["a hook under another library's name", (m) => m.fit(X, Y, { callbacks: given({ on_train_batch_end() {} }) }), 'fit: callbacks: no hook is called "on_train_batch_end"; expected onBatchBegin, '],
    ["a hook of a class under another name", (m) => m.fit(X, Y, { callbacks: given(new (class { onTrainBatchEnd() {} })()) }), 'onNotFinite. Did you mean "onBatchEnd"?'],
    ["batch size 0", (m) => m.evaluate(X, Y, { batchSize: 0 }), "evaluate: batchSize: expected a whole number of at least 1, got 0."],
    ["batch size 0", (m) => m.predict(X, { batchSize: 0 }), "predict: batchSize: expected a whole number of at least 1, got 0."],
    ["a misspelt option", (m) => m.predict(X, given({ batchsize: 2 })), 'Did you mean "batchSize"?'],
    ["NaN in the input", (m) => m.fit([[1, 2, 3], [4, NaN, 6]], Y), "fit: x: expected finite numbers, got NaN in example 1, element 1."],
    ["NaN in the input", (m) => m.predict([[1, Infinity, 3]]), "predict: x: expected finite numbers, got Infinity in example 0, element 1."],
    ["NaN in the input", (m) => m.evaluate([[1, NaN, 3]], [0]), "evaluate: x: expected finite numbers"],
    ["NaN in the input", (m) => m.trainOnBatch([[1, NaN, 3]], [0]), "trainOnBatch: x: expected finite numbers"],
    ["a class out of range", (m) => m.trainOnBatch(X, [0, 2]), "trainOnBatch: y: expected class numbers from 0 to 1, since the model has 2 outputs; got 2 in example 1."],
    ["a class out of range", (m) => m.evaluate(X, [-1, 0]), "got -1 in example 0."],
    ["one-hot labels out of range", (m) => (m.compile({ optimizer: m.optimizer, loss: "categoricalCrossentropy" }), m.fit(X, [[1, 0], [0, 2]])), "fit: y: expected labels between 0 and 1, got 2 in example 1, element 1."],
    ["rows of different lengths", (m) => m.fit([[1, 2, 3], [4, 5]], Y), "fit: x: ragged array"],
    ["text", (m) => m.fit(given([["a", "b", "c"]]), [0]), 'fit: x: expected numbers or booleans, got "a" (string)'],
    ["big integers", (m) => m.fit({ data: given<Float32Array>(new BigInt64Array(6)), shape: [2, 3] }, Y), "fit: x: expected data to be an array of numbers, got BigInt64Array."],
    ["a shape that is none", (m) => m.fit({ data: new Float32Array(6), shape: given("2,3") }, Y), "fit: x: expected a shape such as"],
    ["no labels", (m) => m.fit(X, given<number[]>(undefined)), "fit: y: expected a tensor, arrays or { data, shape }, got undefined."],
    ["metrics that are no list", (m) => m.compile({ optimizer: "adam", loss: "mse", metrics: given("accuracy") }), 'compile: metrics: expected a list, got "accuracy".'],
    ["an option that compile does not know", (m) => m.compile(given({ optimizer: "adam", loss: "mse", learningRate: 1 })), 'compile: no option is called "learningRate"'],
    ["no options", (m) => m.compile(given(undefined)), "compile: expected options { optimizer, loss, lossWeights, metrics, weightedMetrics }, got undefined."],
    ["a layer's misspelt option", () => layers.dense(given({ units: 3, activaton: "relu" })), 'layer "dense": no option is called "activaton"; expected units, activation, '],
    ["an optimizer's misspelt option", () => sgd(given({ learning_rate: 3 })), 'sgd: no option is called "learning_rate"; expected learningRate, momentum, nesterov,'],
    ["a callback's misspelt option", () => earlyStopping(given({ patients: 3 })), 'earlyStopping: no option is called "patients"; expected monitor, minDelta, mode, patience,'],
    ["an input shape that is none", () => layers.dense({ units: 3, inputShape: given(784) }), "dense: inputShape: expected a list of sizes, [784] or [28, 28, 1], got 784."],
    ["a layer that was not called", () => sequential({ layers: [given(layers.flatten)] }), 'model "sequential": expected a layer at position 0, got function.'],
    ["a layer after an incompatible shape", () => sequential({ layers: [layers.dense({ units: 2, inputShape: [8] }), layers.conv2d({ filters: 2, kernelSize: 3 })] }), 'layer "conv2d" (Conv2D): expected images [batch, height, width, channels], got [batch, 2] from layer "dense" (Dense). Put it before the flatten or dense layer, or reshape the data.'],
    ["groups that do not divide the channels", () => layers.conv2d({ filters: 4, kernelSize: 3, groups: 2, inputShape: [8, 8, 3] }).build([8, 8, 3]), 'layer "conv2d" (Conv2D): expected channels that 2 groups divide, got 3 in [batch, 8, 8, 3].'],
    ["groups that do not divide the filters", () => layers.conv2d({ filters: 3, kernelSize: 3, groups: 2 }), 'conv2d "conv2d": groups: expected a number that divides 3 filters, got 2.'],
    ["a function as activation in a file", () => modelToBytes(sequential([layers.dense({ units: 2, inputShape: [3], activation: (x) => x.mul(2) })])), 'dense "dense": activation: expected an activation by name, got a function, which a file cannot hold.'],
    ["a window larger than the image", () => sequential({ layers: [layers.maxPooling2d({ poolSize: 9, inputShape: [8, 8, 1] })] }), 'layer "max_pooling2d" (MaxPooling2D): a window of 9 pixels does not fit height 8'],
    ["a weight beyond all memory", () => sequential({ layers: [layers.dense({ units: 2 ** 20, inputShape: [2 ** 12] })] }), 'layer "dense" (Dense): expected a kernel of at most 4294967296 bytes, [4096, 1048576] takes 17179869184.'],
    ["a model that is saved to a folder", (m) => saveModel(m, folder), "expected a file that can be written; it is a folder."],
    ["a path before the model that is saved", (m) => saveModel(given("m.safetensors"), given(m)), "saveModel: expected a model and then a path, got a path that is an object."],
    ["a folder as a model", () => loadModel(folder), "expected a file that can be read; it is a folder (EISDIR)."],
    ["an ArrayBuffer as a model", () => modelFromBytes(given(new ArrayBuffer(64)), "f"), "f: expected the file's bytes as a Uint8Array, got ArrayBuffer."],
  ];
  test.each(ROWS)("%s", async (_what, use, message) => {
    const model = network();
    await model.fit(X, Y);
    const before = bits(model);
    await expect((async () => use(model))()).rejects.toThrow(message);
    expect(bits(model)).toEqual(before);
  });

  test("an AbortSignal that was given before ends the run before its first step", async () => {
    const model = network();
    const before = bits(model);
    expect((await model.fit(X, Y, { signal: AbortSignal.abort() })).aborted).toBe(true);
    expect(bits(model)).toEqual(before);
  });

  test("an error that a callback throws ends the run; the model can go on", async () => {
    const model = network();
    await expect(model.fit(X, Y, { callbacks: { onBatchEnd: () => Promise.reject(new Error("mine")) } })).rejects.toThrow("mine");
    expect((await model.fit(X, Y)).history["loss"]!.length).toBe(1);
  });
});

describe("model files of others: refused by the file's name", () => {
  let tensors: Map<string, StoredTensor>;
  let metadata: Record<string, string>;
  beforeAll(async () => {
    await init();
    const model = network();
    await model.fit(X, Y);
    const file = readSafetensors(await modelToBytes(model), "f");
    tensors = new Map(file.tensors);
    metadata = { ...file.metadata };
  });

  const withTensor = (change: Partial<StoredTensor>): Uint8Array => writeSafetensors(new Map([...tensors, ["dense/bias", { ...tensors.get("dense/bias")!, ...change }]]), metadata);
  const withModel = (from: string, to: string): Uint8Array => {
    expect(metadata["edgegrad.model"]).toContain(from);
    return writeSafetensors(tensors, { ...metadata, "edgegrad.model": metadata["edgegrad.model"]!.replace(from, to) });
  };
  const ROWS: [what: string, bytes: () => Uint8Array | Promise<Uint8Array>, message: string][] = [
    ["another dtype", () => withTensor({ dtype: "I32" }), 'f: the weights are not those of this model: "dense/bias": expected dtype F32, got I32.'],
    ["another shape", () => withTensor({ shape: [2, 2] }), '"dense/bias": expected shape [4], got [2, 2].'],
    ["another model's weights", async () => writeSafetensors(readSafetensors(await modelToBytes(network(5)), "g").tensors, metadata), '"dense/kernel": expected shape [3, 4], got [3, 5]; "dense/bias": expected shape [4], got [5]; "dense_1/kernel": expected shape [4, 2], got [5, 2]'],
    ["a weight that is missing", () => writeSafetensors(new Map([...tensors].filter(([name]) => name !== "dense/bias")), metadata), 'f: the weights are not those of this model: "dense/bias" [4] is missing.'],
    ["a weight of no layer", () => writeSafetensors(new Map([...tensors, ["x", tensors.get("dense/bias")!]]), metadata), '"x" [4] belongs to no layer of the model.'],
    ["weights alone", () => writeSafetensors(tensors, {}), "f: edgegrad.model: missing from the metadata. Is this a model saved by edgegrad?"],
    ["a topology that is no JSON", () => writeSafetensors(tensors, { ...metadata, "edgegrad.model": "{" }), "f: edgegrad.model: expected JSON"],
    ["an unknown layer", () => withModel('"Dense"', '"Dance"'), "f: layer: expected one of "],
    ["a layer option that is none", () => withModel('"units":4', '"units":0'), 'f: dense "dense": units: expected a whole number of at least 1, got 0.'],
    ["a layer option of another version", () => withModel('"units":4', '"units":4,"gain":2'), 'f: layer "dense": no option is called "gain"'],
    ["a layer beyond all memory", () => withModel('"units":4', '"units":4000000000'), "f: layer \"dense\" (Dense): expected a kernel of at most"],
    ["training state that is none", () => writeSafetensors(tensors, { ...metadata, "edgegrad.training": '{"optimizer":null}' }), "f: "],
  ];
  test.each(ROWS)("%s", async (_what, bytes, message) => {
    const file = await bytes();
    let caught: unknown;
    try {
      modelFromBytes(file, "f");
    } catch (error) {
      caught = error;
    }
    expect(String(caught)).toContain(message);
    expect((caught as Error).name).toMatch(/^(Format|Shape|Value)Error$/);
  });

  test("another program: one that reads other weights, leads out of its memory or names other modules", async () => {
    const run = async (program: string): Promise<unknown> => {
      const loaded = await loadProgram(writeSafetensors(tensors, { ...metadata, [PROGRAM_KEY]: program }), { name: "f" });
      return loaded.run(new Float32Array(3));
    };
    const good = metadata[PROGRAM_KEY]!;
    await expect(run(good)).resolves.toHaveLength(2);
    const other = readSafetensors(await modelToBytes(network(5)), "g").metadata[PROGRAM_KEY]!;
    await expect(run(other)).rejects.toThrow(/^f: weight dense\/kernel is F32 \[3, 4\], the program expects F32 \[3, 5\]/);
    await expect(run(good.replace('"modules":["core"]', '"modules":["../../x"]'))).rejects.toThrow('f: program: module "../../x" is not known');
    await expect(run(good.replace('"modules":["core"]', '"modules":[]'))).rejects.toThrow(/is of the module core, modules lists none/);
    const program = JSON.parse(good) as { prologue: unknown[]; steps: { words: unknown[] }[] };
    for (const step of program.steps) step.words = step.words.map((word) => (typeof word === "number" ? 1e9 : word));
    await expect(run(JSON.stringify(program))).rejects.toThrow(/^f: /);
  });
});
