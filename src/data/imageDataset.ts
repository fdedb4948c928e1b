// Datasets of images: from a list of files, and from a folder whose subfolders are the classes (Keras' image_dataset_from_directory).
import { ShapeError, ValueError } from "../base/errors.js";
import { checkNumber, checkOptions, checkWhole, checkWord } from "../base/options.js";
import { createRandom } from "../base/random.js";
import { randomSeed, tensor, type Tensor } from "../engine/index.js";
import { Dataset } from "./dataset.js";
import { array, zip } from "./datasetSources.js";
import { checkImageOptions, IMAGE_OPTIONS, imagePixels, imageTensor, type ImageOptions, type ImageSource } from "./decodeImage.js";
import { isFolder, joinPath, listFolder } from "./files.js";
import type { ColorMode, Interpolation } from "./imagePixels.js";

/** An image with its label. */
export interface LabelledImage<L> {
  readonly xs: Tensor;
  readonly ys: L;
}

/**
 * Images as tensors of bytes [height, width, channels], decoded when they are asked for; with labels { xs, ys }.
 *
 * sources: files (path, address, Blob, bytes) or ImageData. For batches all need one size: give `size`. The pass ends with FormatError for a
 * file that is no image, with its name.
 */
export function images(sources: readonly ImageSource[], options?: ImageOptions): Dataset<Tensor>;
export function images<L>(sources: readonly ImageSource[], options: ImageOptions & { readonly labels: readonly L[] }): Dataset<LabelledImage<L>>;
export function images<L>(sources: readonly ImageSource[], options: ImageOptions & { readonly labels?: readonly L[] } = {}): Dataset<Tensor> | Dataset<LabelledImage<L>> {
  const { labels, ...rest } = checkOptions(options, [...IMAGE_OPTIONS, "labels"], "images");
  checkImageOptions(rest, "images");
  // Not by map: what is wrong with a file is told by the file's name already.
  const read = new Dataset(async function* () {
    for (const source of sources) yield imageTensor(await imagePixels(source, rest));
  }, sources.length);
  if (labels === undefined) return read;
  if (labels.length !== sources.length) throw new ShapeError(`images: expected a label for each of ${sources.length} images, got ${labels.length}.`);
  return zip({ xs: read, ys: array(labels) });
}

/** Options of imagesFromDirectory; names as TensorFlow.js would spell Keras'. */
export interface ImageDirectoryOptions {
  /** "int" (default): class numbers, int32 [batch]. "categorical": one-hot [batch, classes]. "binary": 0 and 1, [batch, 1]. null: images alone. */
  readonly labelMode?: "int" | "categorical" | "binary" | null;
  /** Subfolders, in the order of their numbers; all of them in order of their names when left out. */
  readonly classNames?: readonly string[];
  /** "rgb" (default), "grayscale" or "rgba". */
  readonly colorMode?: ColorMode;
  /** Images in a batch (32); null: single images. */
  readonly batchSize?: number | null;
  /** [height, width] of all images ([256, 256]). */
  readonly imageSize?: readonly [height: number, width: number];
  /** A new order in each pass (true); else by name. */
  readonly shuffle?: boolean;
  /** Order and split follow from it. */
  readonly seed?: number;
  /** Share of the images that are for validation (0). */
  readonly validationSplit?: number;
  /** Which side of the split this is: "training", "validation". Give both the same seed. */
  readonly subset?: "training" | "validation";
  /** "bilinear" (default), "nearest" or "area". */
  readonly interpolation?: Interpolation;
}

const DIRECTORY_OPTIONS = [
  "labelMode", "classNames", "colorMode", "batchSize", "imageSize", "shuffle", "seed", "validationSplit", "subset", "interpolation",
] as const satisfies readonly (keyof ImageDirectoryOptions)[]; // prettier-ignore

const IMAGE_FILE = /\.(png|jpe?g|pgm)$/i;

/** The images of a folder. */
export class ImageDirectory extends Dataset<LabelledImage<Tensor>> {
  constructor(
    images: Dataset<LabelledImage<Tensor>>,
    /** In the order of their numbers. */
    readonly classNames: readonly string[],
    /** By class and name. */
    readonly filePaths: readonly string[],
  ) {
    super(Dataset.opener(images), images.size);
  }
}

/**
 * The images of a folder whose subfolders are classes: `cats/a.png`, `dogs/b.jpg` … as batches { xs: uint8 [batch, height, width, channels], ys }.
 *
 * Defaults as Keras' image_dataset_from_directory, but for the dtype: bytes stay bytes, scale them with layers.rescaling. Needs a host with files
 * (Node, Deno, Bun). Throws ValueError for a folder that is none or holds no images, and for options that do not fit together.
 */
export async function imagesFromDirectory(directory: string, options: ImageDirectoryOptions & { readonly labelMode: null }): Promise<Dataset<Tensor>>;
export async function imagesFromDirectory(directory: string, options?: ImageDirectoryOptions): Promise<ImageDirectory>;
export async function imagesFromDirectory(directory: string, options: ImageDirectoryOptions = {}): Promise<ImageDirectory | Dataset<Tensor>> {
  checkOptions(options, DIRECTORY_OPTIONS, "imagesFromDirectory");
  const { labelMode = "int", batchSize = 32, imageSize = [256, 256], shuffle = true, seed = randomSeed(), validationSplit = 0, subset } = options;
  const { colorMode = "rgb", interpolation = "bilinear" } = options;
  const image: ImageOptions = { colorMode, interpolation, size: imageSize };
  checkImageOptions(image, "imagesFromDirectory");
  if (labelMode !== null) checkWord(labelMode, Object.keys(LABELS), "imagesFromDirectory: labelMode");
  if (batchSize !== null) checkWhole(batchSize, "imagesFromDirectory: batchSize");
  checkNumber(validationSplit, "imagesFromDirectory: validationSplit", 0, 1, true);
  if (subset !== undefined) checkWord(subset, ["training", "validation"], "imagesFromDirectory: subset");
  if (subset === undefined ? validationSplit > 0 : validationSplit === 0) {
    throw new ValueError(`imagesFromDirectory: expected validationSplit and subset together, got ${subset === undefined ? `validationSplit ${validationSplit}` : `subset "${subset}"`} alone.`);
  }

  const { classNames, files } = await filesOf(directory, options.classNames);
  if (labelMode === "binary" && classNames.length !== 2) throw new ValueError(`imagesFromDirectory: labelMode "binary": expected two classes, got ${classNames.length}: ${classNames.join(", ")}.`);
  const chosen = sideOf(files, validationSplit, subset, shuffle ? seed : undefined);
  const paths = chosen.map(({ path }) => path);
  const ordered = shuffle ? array(chosen).shuffle(chosen.length, seed) : array(chosen);
  const opened = Dataset.opener(ordered);
  const toLabel = labelMode === null ? undefined : LABELS[labelMode];
  const read = new Dataset<Tensor | LabelledImage<Tensor>>(async function* (pass) {
    for await (const { path, label } of opened(pass)) {
      const xs = imageTensor(await imagePixels(path, image));
      yield toLabel ? { xs, ys: toLabel(label, classNames.length) } : xs;
    }
  }, chosen.length);
  const batches = (batchSize === null ? read : read.batch(batchSize).prefetch(1)) as Dataset<LabelledImage<Tensor>> | Dataset<Tensor>;
  return toLabel ? new ImageDirectory(batches as Dataset<LabelledImage<Tensor>>, classNames, paths) : (batches as Dataset<Tensor>);
}

const LABELS: Readonly<Record<"int" | "categorical" | "binary", (label: number, classes: number) => Tensor>> = {
  int: (label) => tensor(Int32Array.of(label), []),
  categorical: (label, classes) => tensor(Float32Array.from({ length: classes }, (_, i) => Number(i === label))),
  binary: (label) => tensor(Float32Array.of(label)),
};

interface ImageFile {
  readonly path: string;
  readonly label: number;
}

async function filesOf(directory: string, wanted: readonly string[] | undefined): Promise<{ classNames: readonly string[]; files: ImageFile[] }> {
  if (!(await isFolder(directory))) throw new ValueError(`imagesFromDirectory: expected a folder with a subfolder for each class, ${JSON.stringify(directory)} is none.`);
  const found = (await listFolder(directory)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const missing = wanted?.find((name) => !found.includes(name));
  if (missing !== undefined) throw new ValueError(`imagesFromDirectory: classNames: no subfolder is called "${missing}"; there are ${found.join(", ")}.`);
  const classNames = wanted ?? found;
  const files: ImageFile[] = [];
  for (const [label, name] of classNames.entries()) for (const path of await imagesBelow(await joinPath(directory, name))) files.push({ path, label });
  if (files.length === 0) throw new ValueError(`imagesFromDirectory: expected images (.png, .jpg, .jpeg, .pgm) in subfolders of ${directory}, found none.`);
  return { classNames, files };
}

async function imagesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, isFolder } of await listFolder(folder)) {
    const path = await joinPath(folder, name);
    if (isFolder) paths.push(...(await imagesBelow(path)));
    else if (IMAGE_FILE.test(name)) paths.push(path);
  }
  return paths;
}

/** The last part is for validation, after the files were put in random order where there is a seed. */
function sideOf(files: readonly ImageFile[], share: number, subset: "training" | "validation" | undefined, seed: number | undefined): readonly ImageFile[] {
  if (subset === undefined) return files;
  const order = seed === undefined ? files.map((_, i) => i) : [...createRandom(seed, SPLIT).permutation(files.length)];
  const border = files.length - Math.floor(share * files.length);
  const side = subset === "training" ? order.slice(0, border) : order.slice(border);
  if (side.length === 0) throw new ValueError(`imagesFromDirectory: validationSplit: expected images on both sides, ${share} of ${files.length} leaves none for ${subset}.`);
  return side.sort((a, b) => a - b).map((i) => files[i]!);
}

/** A stream of random numbers beyond those of any pass. */
const SPLIT = 2 ** 40;
