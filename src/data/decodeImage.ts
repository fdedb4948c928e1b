// Image files as pixels: PNG by fast-png, JPEG by jpeg-js, PGM by our own reader. Each decoder is loaded when such a file comes.
import { FormatError } from "../base/errors.js";
import { checkOptions, checkWhole, checkWord } from "../base/options.js";
import { tensor, type Pixels, type Tensor } from "../engine/index.js";
import { readPgm } from "../formats/pgm.js";
import { bytesOf, nameOf, type ByteSource } from "./bytes.js";
import { CHANNELS, pixelsOf, resizePixels, type ColorMode, type ImagePixels, type Interpolation } from "./imagePixels.js";
import type { Picture } from "./images.js";

/** An image file, or pixels as a canvas gives them (ImageData). */
export type ImageSource = ByteSource | Pixels;

/** What an image is brought to. */
export interface ImageOptions {
  /** "rgb" (default), "grayscale" or "rgba". */
  readonly colorMode?: ColorMode;
  /** [height, width] to which images are brought; as they are when left out. */
  readonly size?: readonly [height: number, width: number];
  /** "bilinear" (default), "nearest" or "area". */
  readonly interpolation?: Interpolation;
}

export const IMAGE_OPTIONS = ["colorMode", "size", "interpolation"] as const satisfies readonly (keyof ImageOptions)[];

/** Checks the options; where: for errors. */
export function checkImageOptions({ colorMode = "rgb", size, interpolation = "bilinear" }: ImageOptions, where: string): void {
  checkWord(colorMode, Object.keys(CHANNELS), `${where}: colorMode`);
  checkWord(interpolation, ["bilinear", "nearest", "area"], `${where}: interpolation`);
  size?.forEach((side, i) => checkWhole(side, `${where}: size[${i}]`));
}

/**
 * An image as a tensor of bytes [height, width, channels].
 *
 * source: a PNG, JPEG or PGM file (path, address, Blob, bytes), or ImageData. Throws FormatError, with the name, for other formats and damaged files.
 */
export async function readImage(source: ImageSource, options: ImageOptions = {}): Promise<Tensor> {
  checkOptions(options, IMAGE_OPTIONS, "readImage");
  checkImageOptions(options, "readImage");
  return imageTensor(await imagePixels(source, options));
}

/** The pixels of an image, in the wanted colours and size. */
export async function imagePixels(source: ImageSource, { colorMode = "rgb", size, interpolation = "bilinear" }: ImageOptions): Promise<ImagePixels> {
  const pixels = pixelsOf(isPixels(source) ? source : await decode(await bytesOf(source), nameOf(source, "image")), colorMode);
  return size ? resizePixels(pixels, size[0], size[1], interpolation) : pixels;
}

export function imageTensor({ data, height, width, channels }: ImagePixels): Tensor {
  return tensor(data, [height, width, channels]);
}

/** Decoders by the bytes that their files begin with. */
const FORMATS: readonly { readonly name: string; readonly starts: readonly number[]; readonly decode: (bytes: Uint8Array, name: string) => Promise<Picture> }[] = [
  { name: "PNG", starts: [0x89, 0x50, 0x4e, 0x47], decode: async (bytes) => (await import("fast-png")).decode(bytes, { checkCrc: true }) },
  { name: "JPEG", starts: [0xff, 0xd8, 0xff], decode: decodeJpeg },
  { name: "PGM", starts: [0x50, 0x32], decode: async (bytes, name) => readPgm(bytes, name) },
  { name: "PGM", starts: [0x50, 0x35], decode: async (bytes, name) => readPgm(bytes, name) },
];

async function decodeJpeg(bytes: Uint8Array): Promise<Picture> {
  const { default: jpeg } = await import("jpeg-js");
  // Strict: a file that breaks off would come out grey below. RGBA is its only form for all files.
  return jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false, maxMemoryUsageInMB: 2048 });
}

async function decode(bytes: Uint8Array, name: string): Promise<Picture> {
  const format = FORMATS.find(({ starts }) => starts.every((byte, i) => bytes[i] === byte));
  if (format === undefined) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new FormatError(`${name}: expected a PNG, JPEG or PGM image, got ${bytes.length === 0 ? "an empty file" : `bytes that begin with ${start}`}.`);
  }
  try {
    return await format.decode(bytes, name);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`${name}: expected a whole ${format.name} image, it is damaged or breaks off (${(cause as Error).message}).`, { cause });
  }
}

function isPixels(source: ImageSource): source is Pixels {
  return typeof source === "object" && "width" in source && "height" in source && "data" in source;
}
