// A picture of a handwritten digit, from a file or a canvas, made into what a network trained on MNIST expects.
// Pure: decoding is the caller's.
import { centreByMass } from "./centre.js";
import { brightness, sampleReader } from "./imagePixels.js";

/** Pixels of a decoded PNG (as fast-png gives it), of a PGM, or of a canvas (ImageData). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row-major, channels last; samples of less than 8 bits are packed, each row from a whole byte on. */
  readonly data: ArrayLike<number>;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (4). */
  readonly channels?: number;
  /** Bits a sample: 1, 2, 4, 8 or 16 (8). */
  readonly depth?: number;
  /** Colours by index, [red, green, blue] or with alpha, 0 … 255; the data then are indices. */
  readonly palette?: readonly (readonly number[])[];
}

/** Ink fainter than this part of 255 is taken for noise when the digit's borders are sought. */
const FAINT = 12;

/**
 * A picture as a network's input, laid out as MNIST is: grey, bright ink on dark, cropped to the ink, scaled to the
 * box with its proportions kept, its centre of mass in the middle.
 *
 * size, box: pixels of the result's side and of the digit's longer side (28 and 20)
 * returns [size, size] uint8, all 0 when the picture shows no ink. A bright background is inverted, a transparent one is
 * taken as dark with alpha as ink. Throws ShapeError when the data do not fit width, height and channels.
 */
export function toDigitImage(picture: Picture, { size = 28, box = 20 } = {}): Uint8Array {
  const { width, height } = picture;
  const ink = inkOf(greyOf(picture), width, height);
  const image = new Uint8Array(size * size);
  const crop = boundsOf(ink, width, height);
  if (!crop) return image;
  const scale = box / Math.max(crop.width, crop.height);
  const columns = Math.max(1, Math.round(crop.width * scale));
  const rows = Math.max(1, Math.round(crop.height * scale));
  const scaled = resize(ink, width, crop, columns, rows);
  const left = (size - columns) >> 1;
  const top = (size - rows) >> 1;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) image[(top + y) * size + left + x] = Math.round(scaled[y * columns + x]!);
  }
  centreByMass(image, size);
  return image;
}

interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Brightness and alpha of every pixel, 0 … 255. */
function greyOf(picture: Picture): { grey: Float32Array; alpha: Float32Array } {
  const { width, height, channels = 4, depth = 8, palette } = picture;
  const largest = 2 ** depth - 1;
  const read = sampleReader(picture);
  const grey = new Float32Array(width * height);
  const alpha = new Float32Array(width * height).fill(255);
  const scale = 255 / largest;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (palette) {
        const [red = 0, green = 0, blue = 0, opaque = 255] = palette[read(x, y)] ?? [];
        grey[i] = brightness(red, green, blue);
        alpha[i] = opaque;
      } else {
        const at = x * channels;
        grey[i] = scale * (channels < 3 ? read(at, y) : brightness(read(at, y), read(at + 1, y), read(at + 2, y)));
        if (channels % 2 === 0) alpha[i] = scale * read(at + channels - 1, y);
      }
    }
  }
  return { grey, alpha };
}

/** 0 for the background, which is what most of the border shows, up to 255 for the strongest ink. */
function inkOf({ grey, alpha }: { grey: Float32Array; alpha: Float32Array }, width: number, height: number): Float32Array {
  const source = borderMedian(alpha, width, height) < 128 ? alpha : grey;
  const background = borderMedian(source, width, height);
  const sign = background > 127 ? -1 : 1;
  let strongest = 0;
  const ink = source.map((value) => {
    const above = Math.max(0, sign * (value - background));
    strongest = Math.max(strongest, above);
    return above;
  });
  if (strongest <= FAINT) return ink.fill(0);
  return ink.map((value) => (value * 255) / strongest);
}

function borderMedian(values: Float32Array, width: number, height: number): number {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(values[x]!, values[(height - 1) * width + x]!);
  for (let y = 0; y < height; y++) border.push(values[y * width]!, values[y * width + width - 1]!);
  border.sort((a, b) => a - b);
  return border[border.length >> 1]!;
}

function boundsOf(ink: Float32Array, width: number, height: number): Crop | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (ink[i]! <= FAINT) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Scales a crop along x, then along y. [rows, columns], 0 … 255. */
function resize(ink: Float32Array, stride: number, { left, top, width, height }: Crop, columns: number, rows: number): Float32Array {
  const narrow = new Float32Array(height * columns);
  resizeLines(ink, top * stride + left, stride, 1, height, width, narrow, columns, 1, columns);
  const out = new Float32Array(rows * columns);
  resizeLines(narrow, 0, 1, columns, columns, height, out, 1, columns, rows);
  return out;
}

/**
 * Resamples lines of `length` values to `outLength` with a triangle filter as wide as the step between two results: averages when
 * it shrinks, interpolates when it grows, copies at equal size.
 */
function resizeLines(
  source: Float32Array,
  start: number,
  lineStride: number,
  stride: number,
  lines: number,
  length: number,
  out: Float32Array,
  outLineStride: number,
  outStride: number,
  outLength: number,
): void {
  const step = length / outLength;
  const reach = Math.max(1, step);
  for (let o = 0; o < outLength; o++) {
    const centre = (o + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(length - 1, Math.floor(centre + reach));
    let total = 0;
    for (let i = first; i <= last; i++) total += 1 - Math.abs(i - centre) / reach;
    for (let line = 0; line < lines; line++) {
      let sum = 0;
      for (let i = first; i <= last; i++) sum += (1 - Math.abs(i - centre) / reach) * source[start + line * lineStride + i * stride]!;
      out[line * outLineStride + o * outStride] = sum / total;
    }
  }
}
