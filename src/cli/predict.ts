// `edgegrad predict`: reads digits from images by a saved model.
import { ValueError } from "../base/errors.js";
import { tensor, type Tensor } from "../engine/index.js";
import { loadModel } from "../io/files.js";
import type { Model, ModelOf } from "../nn/index.js";
import { drawBar, drawDigit } from "./digitArt.js";
import { readImages, type NamedImage } from "./images.js";
import { describeOptions, flag, readOptions, text, UsageError } from "./options.js";

const RULES = {
  model: text("FILE", "a model saved by edgegrad train digits --out FILE", undefined),
  json: flag("prints a line of JSON an image instead of pictures"),
};

export const PREDICT_HELP = `edgegrad predict --model FILE IMAGE…: reads digits from images

IMAGE is a PNG or PGM file, or rows of an IDX file: FILE#7, FILE#0-99 (plain or .gz).

${describeOptions(RULES)}`;

/** Digits named after the first. */
const SHOWN = 3;
const BAR = 24;

/** Runs the command; returns the exit status. */
export async function predict(args: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(args, RULES);
  if (options.model === undefined) throw new UsageError("predict: expected --model FILE, got none");
  if (rest.length === 0) throw new UsageError("predict: expected at least one IMAGE, got none");
  const model = await loadModel(options.model);
  const size = imageSize(model, options.model);
  for (const argument of rest) {
    const images = await readImages(argument, size);
    const rows = await probabilitiesOf(model, images, size);
    images.forEach((image, i) => console.log(options.json ? asJson(image, rows[i]!) : asPicture(image, rows[i]!, size)));
  }
  return 0;
}

function imageSize(model: Model, path: string): number {
  const [height, width, channels] = model.inputShape!;
  if (model.inputShape!.length !== 3 || height !== width || channels !== 1) {
    throw new ValueError(`${path}: expected a model that reads square grey images, [n, n, 1], this one reads [${model.inputShape!.join(", ")}].`);
  }
  return height!;
}

async function probabilitiesOf(model: ModelOf<Tensor>, images: readonly NamedImage[], size: number): Promise<Float32Array[]> {
  const pixels = new Uint8Array(images.length * size * size);
  images.forEach((image, i) => pixels.set(image.pixels, i * size * size));
  const results = await (await model.predict(tensor(pixels, [images.length, size, size, 1]))).data();
  const classes = results.length / images.length;
  return images.map((_, i) => Float32Array.from(results.subarray(i * classes, (i + 1) * classes)));
}

function ranked(probabilities: Float32Array): number[] {
  return Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]!);
}

function asPicture({ name, pixels }: NamedImage, probabilities: Float32Array, size: number): string {
  const rows = ranked(probabilities)
    .slice(0, SHOWN)
    .map((digit) => `  ${digit}  ${(100 * probabilities[digit]!).toFixed(1).padStart(5)} %  ${drawBar(probabilities[digit]!, BAR)}`);
  return [`${name}: ${ranked(probabilities)[0]}`, drawDigit(pixels, size, size), ...rows, ""].join("\n");
}

function asJson({ name }: NamedImage, probabilities: Float32Array): string {
  return JSON.stringify({ name, digit: ranked(probabilities)[0], probabilities: [...probabilities] });
}
