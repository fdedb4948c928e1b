// `edgegrad train digits`: trains on MNIST or data of its layout, measures, saves.
import { generatedDigits, loadMnist, type MnistData } from "../data/mnist.js";
import { checkWritable } from "../data/files.js";
import { init, MOST_THREADS } from "../engine/index.js";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "../base/errors.js";
import { saveModel } from "../io/files.js";
import { progressBar, sequential, type Model, type Writer } from "../nn/index.js";
import { INTERRUPTED, onInterrupt } from "./interrupt.js";
import { MODEL_NAMES } from "./models.js";
import { choice, describeOptions, flag, fraction, readOptions, text, UsageError, whole, type OptionRule } from "./options.js";
import { measureDigits, OPTIMIZER_NAMES, reportOf, SCHEDULES, trainDigits } from "./training.js";

/** Results do not depend on it. */
const threads: OptionRule<number | "auto"> = {
  value: "N|auto",
  help: "threads to run on; auto: as many as there are cores, 8 at most",
  fallback: "auto",
  read: (given, where) => {
    const number = /^\d+$/.test(given) ? Number(given) : NaN;
    if (given !== "auto" && !(number >= 1 && number <= MOST_THREADS)) throw new UsageError(`${where}: expected a whole number from 1 to ${MOST_THREADS}, or auto, got "${given}"`);
    return given === "auto" ? given : number;
  },
};

const RULES = {
  model: choice(MODEL_NAMES, "the network", "mlp"),
  data: text("DIR", "folder with train-images-idx3-ubyte[.gz] and its three companions (else the cache, a download, or generated digits)", undefined),
  generated: flag("train on generated digits, even where MNIST is at hand"),
  epochs: whole("times through the training images", 5, 1),
  "batch-size": whole("images a step", 128, 1),
  optimizer: choice(OPTIMIZER_NAMES, "rmsprop for mlp, else adam", undefined),
  "learning-rate": fraction("the optimizer's own when left out", undefined, 0, Infinity),
  schedule: choice(SCHEDULES, "of the learning rate; cosine for cnn, else constant", undefined),
  seed: whole("of weights, order, dropout and augmentation", 1, 0),
  threads,
  numerics: choice(["reproducible", "fast"], "same bits everywhere, or what the machine does fastest", "reproducible"),
  "validation-split": fraction("share of the training images that is only evaluated", undefined, 0, 1),
  steps: whole("ends the run after so many steps", undefined, 1),
  augment: flag("shift, turn, scale and bend the images anew in every epoch"),
  out: text("FILE", "saves the model there", undefined),
  "weights-only": flag("leaves the optimizer's state out of the file"),
  json: flag("prints one line of JSON at the end, all else to standard error"),
};

export const TRAIN_HELP = `edgegrad train digits: trains a digit recogniser\n\n${describeOptions(RULES)}`;

/** Runs the command; returns the exit status. */
export async function train(args: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(args, RULES);
  if (rest.length !== 1 || rest[0] !== "digits") throw new UsageError(`train: expected "digits", got ${rest.length === 0 ? "nothing" : `"${rest.join(" ")}"`}`);
  if (options.data !== undefined && options.generated) throw new UsageError("--data, --generated: expected one of them, got both");
  // With --json, standard output carries that line and nothing else.
  const output = options.json ? process.stderr : process.stdout;
  const say = (line: string): void => void output.write(`${line}\n`);

  if (options.out !== undefined) await checkWritable(options.out);
  await init({ numerics: options.numerics, threads: options.threads });
  const data = await digitsFrom(options, output);
  say(data.description);
  const optimizer = options.optimizer ?? (options.model === "mlp" ? "rmsprop" : "adam");
  // At a constant rate batch normalisation's running averages trail the weights to the end, which costs about a point of accuracy on MNIST after five epochs.
  const schedule = options.schedule ?? (options.model === "cnn" ? "cosine" : "constant");
  say(`model ${options.model}, optimizer ${optimizer}, batch ${options["batch-size"]}, seed ${options.seed}`);
  const interrupt = onInterrupt(say);
  try {
    const trained = await trainDigits(data, {
      ...options,
      optimizer,
      schedule,
      learningRate: options["learning-rate"],
      batchSize: options["batch-size"],
      validationSplit: options["validation-split"],
      callbacks: [progressBar({ writer: output })],
      signal: interrupt.signal,
    });
    if (options.out !== undefined) {
      await save(trained.model, options.out, options["weights-only"]);
      say(`saved ${options.out}`);
    }
    if (interrupt.signal.aborted) return INTERRUPTED;
    // All is saved: from here on Ctrl-C ends the process at once.
    interrupt.release();
    const measured = await measureDigits(trained.model, data);
    say(`test accuracy ${measured.testAccuracy.toFixed(4)}, loss ${measured.testLoss.toFixed(4)}`);
    if (options.json) process.stdout.write(`${JSON.stringify(await reportOf(trained, measured))}\n`);
    return 0;
  } finally {
    interrupt.release();
  }
}

/** The images that the options ask for. Progress of a download is drawn on `writer` when it is a terminal. */
export async function digitsFrom({ data, generated }: { data: string | undefined; generated: boolean }, writer: Writer): Promise<MnistData> {
  if (generated) return generatedDigits();
  let drawn = false;
  const found = await loadMnist({
    ...(data !== undefined && { data }),
    onProgress: ({ file, receivedBytes, totalBytes }) => {
      if (!writer.isTTY) return;
      drawn = true;
      const share = totalBytes === undefined ? `${receivedBytes} B` : `${Math.floor((100 * receivedBytes) / totalBytes)} %`;
      writer.write(`\r\x1b[Kdownloading ${file}: ${share}`);
    },
  });
  if (drawn) writer.write("\r\x1b[K");
  return found;
}

/**
 * Saves a model, with the optimizer's state or without. Where that fails, a disk that filled up meanwhile, say, the training is not lost: the model goes to the
 * folder for temporary files, and the FileError says so.
 */
export async function save(model: Model, path: string, weightsOnly = false): Promise<void> {
  // A model that was never compiled has no optimizer; this one shares the layers.
  const kept = weightsOnly ? sequential({ name: model.name, seed: model.seed, layers: model.layers }) : model;
  try {
    await saveModel(kept, path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const rescue = join(tmpdir(), `edgegrad-${Date.now()}.safetensors`);
    await saveModel(kept, rescue).catch(() => {
      throw error;
    });
    throw new FileError(`${error.message} The trained model lies in ${rescue}.`);
  }
}
