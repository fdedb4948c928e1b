// MNIST and Fashion-MNIST, or any data set of their file layout: from a folder, the cache, a download; for MNIST else our own generated digits.
// Needs a host with files; the generator alone (a browser) is digits/generate.ts.
import { FormatError, ValueError } from "../base/errors.js";
import { checkOptions } from "../base/options.js";
import { generateDigits } from "./digits/generate.js";
import { download, DownloadError, sha256Of } from "./download.js";
import { cacheFolder, isFolder, joinPath, readIfThere, writeAtomically } from "./files.js";
import { gunzip } from "./gunzip.js";
import { type File, joinImagesAndLabels, type LabelledImages } from "./labelledImages.js";

/** Where MNIST comes from: see loadMnist. */
export interface MnistOptions {
  /** A folder with the four files, plain or .gz. Given, it is the only source: what is missing or broken there is an error. */
  data?: string;
  /** The folder downloads are kept in; "mnist" in the user's cache folder when left out. */
  cache?: string;
  /** Where to download from, tried in this order; [] downloads nothing. */
  baseUrls?: readonly string[];
  /** SHA-256 of each unpacked file; those of MNIST when left out. */
  checksums?: MnistChecksums;
  /** Milliseconds a server has to answer (10,000). */
  connectTimeoutMs?: number;
  /** Milliseconds a download may pause (30,000). */
  stallTimeoutMs?: number;
  /** Sizes and seed of the generated digits, for when nothing else is at hand (12,000, 2,000, 1). */
  generated?: { train?: number; test?: number; seed?: number };
  /** Told how far each download is. totalBytes: undefined where the server does not say. */
  onProgress?: (progress: { file: string; url: string; receivedBytes: number; totalBytes: number | undefined }) => void;
}

const MNIST_OPTIONS: readonly (keyof MnistOptions)[] = ["data", "cache", "baseUrls", "checksums", "connectTimeoutMs", "stallTimeoutMs", "generated", "onProgress"];

/** Two sets of labelled images, and where they came from. */
export interface MnistData {
  readonly source: "folder" | "cache" | "download" | "generated";
  /** One line for the user: what the data is and where it came from, and why nothing better was found. */
  readonly description: string;
  readonly height: number;
  readonly width: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

export const MNIST_FILES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

export type MnistFile = (typeof MNIST_FILES)[number];
export type MnistChecksums = Readonly<Record<MnistFile, string>>;

export const MNIST_SHA256: MnistChecksums = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

const MNIST_MIRRORS: readonly string[] = [
  "https://storage.googleapis.com/cvdf-datasets/mnist",
  "https://ossci-datasets.s3.amazonaws.com/mnist",
];

/** How a data set of this layout is published. */
interface Published {
  readonly name: string;
  /** Its folder in the cache. */
  readonly folder: string;
  readonly mirrors: readonly string[];
  readonly checksums: MnistChecksums;
  /** Whether the checksums are of the packed files; these are then kept as they are. */
  readonly packed: boolean;
}

const MNIST: Published = { name: "MNIST", folder: "mnist", mirrors: MNIST_MIRRORS, checksums: MNIST_SHA256, packed: false };

const FASHION_MNIST: Published = {
  name: "Fashion-MNIST",
  folder: "fashion-mnist",
  mirrors: ["https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"],
  checksums: {
    "train-images-idx3-ubyte": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
  },
  packed: true,
};

/** What the ten classes of Fashion-MNIST are. */
export const FASHION_CLASSES: readonly string[] = ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

/**
 * Training and test images with their labels, from the first of: options.data, the cache, a download, the generator.
 *
 * train, test: images [count, height, width] uint8, labels [count] 0 … 9
 * Throws ValueError when options.data is no folder or lacks a file, FormatError when a file there is broken. Without
 * options.data it falls back, and the description says to what and why.
 */
export async function loadMnist(options: MnistOptions = {}): Promise<MnistData> {
  checkOptions(options, MNIST_OPTIONS, "mnist");
  if (options.data !== undefined) return fromFolder(options.data);
  const found = await published(MNIST, options);
  return "reason" in found ? generatedDigits(options.generated, found.reason) : found;
}

/**
 * Fashion-MNIST: 60,000 and 10,000 grey pictures of clothes in MNIST's form, from the first of: options.data, the cache, a download.
 * FASHION_CLASSES names the classes. Xiao, Rasul, Vollgraf 2017
 *
 * checksums are of the packed files. Throws ValueError, with what was tried, when it is nowhere to be had; errors of options.data as loadMnist.
 */
export async function loadFashionMnist(options: Omit<MnistOptions, "generated"> = {}): Promise<MnistData> {
  checkOptions(options, MNIST_OPTIONS, "fashionMnist");
  if (options.data !== undefined) return fromFolder(options.data);
  const found = await published(FASHION_MNIST, options);
  if ("reason" in found) throw new ValueError(`Fashion-MNIST: expected to find or download it: ${found.reason}. Put its four files into a folder and pass { data: folder }.`);
  return found;
}

async function published(set: Published, options: MnistOptions): Promise<MnistData | { reason: string }> {
  const folder = options.cache ?? (await joinPath(await cacheFolder(), set.folder));
  const found = await fromCacheOrDownload(set, folder, options);
  if ("reason" in found) return found;
  const { files, source, note } = found;
  const data = assemble(files);
  const from = source === "cache" ? `from the cache ${folder}` : `downloaded to ${folder}`;
  return { source, description: `${counts(data)}, ${set.name} ${from}${note}`, ...data };
}

/**
 * Training and test images from the generator: no file and no network, the same everywhere.
 *
 * why: stands in the description
 */
export function generatedDigits({ train = 12_000, test = 2_000, seed = 1 }: MnistOptions["generated"] = {}, why = "as asked for"): MnistData {
  const sets: Sets = {
    height: 28,
    width: 28,
    train: generateDigits({ count: train, seed }),
    // The two sets take different streams of the seed, so no test image is a training image.
    test: generateDigits({ count: test, seed, first: TEST_SET }),
  };
  const description = `${counts(sets)}, handwriting-like digits made by edgegrad's generator, not MNIST (${why})`;
  return { source: "generated", description, ...sets };
}

/** Far behind any training image's number. */
const TEST_SET = 2 ** 40;

type Sets = Pick<MnistData, "height" | "width" | "train" | "test">;
type Files = Record<MnistFile, File>;

async function fromFolder(folder: string): Promise<MnistData> {
  if (!(await isFolder(folder))) throw new ValueError(`data: expected a folder with ${MNIST_FILES[0]}[.gz] and its three companions, ${folder} is none.`);
  const files = {} as Files;
  for (const file of MNIST_FILES) files[file] = await readPlainOrGzip(folder, file);
  const data = assemble(files);
  return { source: "folder", description: `${counts(data)}, from the folder ${folder}`, ...data };
}

async function readPlainOrGzip(folder: string, file: MnistFile): Promise<File> {
  const name = await joinPath(folder, file);
  const plain = await readIfThere(name);
  if (plain) return { name, bytes: plain };
  const packed = await readIfThere(`${name}.gz`);
  if (packed) return { name: `${name}.gz`, bytes: await gunzip(packed, `${name}.gz`) };
  throw new ValueError(`data: expected ${file} or ${file}.gz in ${folder}, found neither.`);
}

type Found = { files: Files; source: "cache" | "download"; note: string } | { reason: string };

/** Each file from the cache if its checksum is right, else from the first mirror that gives it. */
async function fromCacheOrDownload(set: Published, folder: string, options: MnistOptions): Promise<Found> {
  const checksums = options.checksums ?? set.checksums;
  const mirrors = [...(options.baseUrls ?? set.mirrors)];
  const failures: string[] = [];
  const files = {} as Files;
  let source: "cache" | "download" = "cache";
  let note = "";
  for (const file of MNIST_FILES) {
    const name = await joinPath(folder, set.packed ? `${file}.gz` : file);
    let bytes = await readIfThere(name).catch(() => undefined);
    if (bytes && (await sha256Of(bytes)) !== checksums[file]) {
      failures.push(`${name} in the cache is damaged`);
      bytes = undefined;
    }
    if (!bytes) {
      source = "download";
      bytes = await fromMirrors(file, { ...set, checksums }, mirrors, failures, options);
      if (!bytes) return { reason: failures.length > 0 ? failures.join("; ") : `${folder} holds no ${set.name} and nothing may be downloaded` };
      await writeAtomically(name, bytes).catch((error: Error) => {
        note = ` (not kept: ${error.message})`;
      });
    }
    files[file] = { name, bytes: set.packed ? await gunzip(bytes, name) : bytes };
  }
  return { files, source, note };
}

/** Drops a mirror from the list once it failed: the next files need not wait for it again. */
async function fromMirrors(file: MnistFile, { checksums, packed }: Published, mirrors: string[], failures: string[], options: MnistOptions): Promise<Uint8Array | undefined> {
  const { connectTimeoutMs = 10_000, stallTimeoutMs = 30_000, onProgress } = options;
  while (mirrors.length > 0) {
    const url = `${mirrors[0]!.replace(/\/$/, "")}/${file}.gz`;
    try {
      return await download(url, checksums[file], {
        connectTimeoutMs,
        stallTimeoutMs,
        keepPacked: packed,
        onProgress: (receivedBytes, totalBytes) => onProgress?.({ file, url, receivedBytes, totalBytes }),
      });
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      failures.push(`${url}: ${error.message}`);
      mirrors.shift();
    }
  }
  return undefined;
}

function assemble(files: Files): Sets {
  const train = joinImagesAndLabels(files["train-images-idx3-ubyte"], files["train-labels-idx1-ubyte"]);
  const test = joinImagesAndLabels(files["t10k-images-idx3-ubyte"], files["t10k-labels-idx1-ubyte"]);
  const { height, width } = train;
  if (test.height !== height || test.width !== width) {
    throw new FormatError(
      `${files["t10k-images-idx3-ubyte"].name}: expected images of ${height}×${width} as in ${files["train-images-idx3-ubyte"].name}, got ${test.height}×${test.width}.`,
    );
  }
  return { height, width, train: train.set, test: test.set };
}

function counts({ train, test, height, width }: Sets): string {
  return `${train.count.toLocaleString("en")} training and ${test.count.toLocaleString("en")} test images of ${height}×${width}`;
}
