// `edgegrad start`: the whole path in one command. Trains the course's network, shows how well it reads, serves the page.
import { checkWritable } from "../data/files.js";
import { init } from "../engine/index.js";
import { progressBar } from "../nn/index.js";
import { printConfusion } from "./confusion.js";
import { INTERRUPTED, onInterrupt } from "./interrupt.js";
import { describeOptions, flag, readOptions, text, UsageError, whole } from "./options.js";
import { digitsFrom, save } from "./train.js";
import { measureDigits, trainDigits } from "./training.js";

const RULES = {
  data: text("DIR", "folder with train-images-idx3-ubyte[.gz] and its three companions (else the cache, a download, or generated digits)", undefined),
  generated: flag("train on generated digits, even where MNIST is at hand"),
  epochs: whole("times through the training images", 5, 1),
  seed: whole("of weights and order", 1, 0),
  out: text("FILE", "where the model is saved", "digits.safetensors"),
  "no-serve": flag("ends after training"),
  port: whole("of the page; the next free one when it is taken", 8080, 0, 65535),
};

export const START_HELP = `edgegrad start: trains the course's network (784-512-10, rmsprop, batch 128), then serves the page that reads handwriting\n\n${describeOptions(RULES)}`;

/** Runs the command; returns the exit status. The page keeps the process alive. */
export async function start(args: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(args, RULES);
  if (rest.length > 0) throw new UsageError(`start: expected options only, got "${rest.join(" ")}"`);
  await checkWritable(options.out);
  await init();
  const data = await digitsFrom(options, process.stdout);
  console.log(data.description);
  const interrupt = onInterrupt(console.log);
  let trained;
  try {
    trained = await trainDigits(data, {
      model: "mlp",
      optimizer: "rmsprop",
      batchSize: 128,
      epochs: options.epochs,
      seed: options.seed,
      callbacks: [progressBar({ writer: process.stdout })],
      signal: interrupt.signal,
    });
    await save(trained.model, options.out);
  } finally {
    interrupt.release();
  }
  if (interrupt.signal.aborted) {
    console.log(`saved ${options.out}`);
    return INTERRUPTED;
  }
  const { testAccuracy, testLoss, confusion } = await measureDigits(trained.model, data);
  console.log(`\ntest accuracy ${testAccuracy.toFixed(4)}, loss ${testLoss.toFixed(4)}\n\n${printConfusion(confusion)}\n\nsaved ${options.out}`);
  if (options["no-serve"]) return 0;
  const { serve } = await import("./serve.js");
  const { url } = await serve({ port: options.port });
  console.log(`\nDraw digits at ${url} (Ctrl-C ends)`);
  return 0;
}
