// Augmentation of image batches on the host: each image is shifted, turned, scaled, sheared and bent a little
// differently in every epoch. What an image becomes depends on (seed, epoch, image number) alone, not on its batch.
import { ShapeError, ValueError } from "../base/errors.js";
import { cos, exp, sin } from "../base/math.js";
import { createRandom, type Random } from "../base/random.js";

/** Options of imageAugmenter(). */
export interface AugmenterOptions {
  height: number;
  width: number;
  /** Values a pixel (1); the layout is [count, height, width, channels]. */
  channels?: number;
  /** Largest turn, in degrees, either way (10). */
  rotation?: number;
  /** Largest shift along x and along y, in pixels, either way (2). */
  shift?: number;
  /** Largest change of size: from 1 − scale to 1 + scale (0.1). */
  scale?: number;
  /** Largest shear: x moves by up to shear · y, either way (0). */
  shear?: number;
  /**
   * Elastic distortion (none): every pixel moves by alpha times a random field, smoothed by a Gaussian of sigma pixels;
   * the typical move is 0.16 · alpha / sigma pixels along each axis. For 28×28 digits: { alpha: 34, sigma: 4 }.
   */
  elastic?: { alpha: number; sigma: number };
  /** Whole number. */
  seed: number;
}

export interface AugmentKey {
  readonly epoch: number;
  /** indices[i]: the number of image i in the data set. */
  readonly indices: ArrayLike<number>;
}

/** Changes the first `count` images in place. */
export type ImageAugmenter = (images: Float32Array | Uint8Array, count: number, key: AugmentKey) => void;

const TWO_TO_32 = 4294967296;

/**
 * A function that augments batches in place; its buffers are made once, so calls allocate nothing that lasts.
 *
 * images: [count, height, width, channels], float32 or uint8; outside of an image is 0
 * Rotation, scale and shear turn about the middle; values between pixels are interpolated linearly.
 * Throws ValueError on options out of range; the function throws ShapeError when images or indices are too few.
 * Elastic distortion: Simard, Steinkraus, Platt 2003
 */
export function imageAugmenter(options: AugmenterOptions): ImageAugmenter {
  const { height, width, channels = 1, rotation = 10, shift = 2, scale = 0.1, shear = 0, elastic, seed } = options;
  for (const [name, value] of Object.entries({ height, width, channels })) {
    if (!Number.isInteger(value) || value < 1) throw new ValueError(`image augmentation: expected ${name} to be a whole number of at least 1, got ${value}.`);
  }
  for (const [name, value] of Object.entries({ rotation, shift, scale, shear })) {
    if (!(value >= 0 && value < Infinity)) throw new ValueError(`image augmentation: expected ${name} to be 0 or more, got ${value}.`);
  }
  if (scale >= 1) throw new ValueError(`image augmentation: expected scale to be below 1, got ${scale}.`);
  const random = createRandom(seed);
  const pixels = height * width * channels;
  const source = new Float32Array(pixels);
  const bend = elastic && elasticField(height, width, elastic);

  return (images, count, { epoch, indices }) => {
    if (images.length < count * pixels || indices.length < count) {
      throw new ShapeError(
        `image augmentation: expected ${count} images of ${height}×${width}×${channels} (${count * pixels} values) and ${count} indices, got ${images.length} values and ${indices.length} indices.`,
      );
    }
    const round = images instanceof Uint8Array ? 0.5 : 0;
    for (let n = 0; n < count; n++) {
      random.restart(epoch * TWO_TO_32 + indices[n]!);
      const angle = random.uniform(-rotation, rotation) * (Math.PI / 180);
      const zoom = 1 / random.uniform(1 - scale, 1 + scale);
      const slant = random.uniform(-shear, shear);
      const dx = random.uniform(-shift, shift);
      const dy = random.uniform(-shift, shift);
      bend?.draw(random);
      // The inverse of shift ∘ rotation ∘ shear ∘ zoom: where each pixel of the result comes from.
      const c = cos(angle) * zoom;
      const s = sin(angle) * zoom;
      const xx = c + slant * s;
      const xy = s - slant * c;
      const yx = -s;
      const yy = c;
      const offset = n * pixels;
      for (let i = 0; i < pixels; i++) source[i] = images[offset + i]!;
      const middleX = (width - 1) / 2;
      const middleY = (height - 1) / 2;
      for (let y = 0, at = offset; y < height; y++) {
        const v = y - middleY - dy;
        const baseX = middleX + xy * v;
        const baseY = middleY + yy * v;
        bend?.row(y);
        for (let x = 0; x < width; x++, at += channels) {
          const u = x - middleX - dx;
          let fromX = baseX + xx * u;
          let fromY = baseY + yx * u;
          if (bend) {
            fromX += bend.moveX(x);
            fromY += bend.moveY(x);
          }
          sample(source, height, width, channels, fromX, fromY, images, at, round);
        }
      }
    }
  };
}

/** Writes the pixel at (x, y) of `source` to out[at …], interpolated between its four neighbours; 0 outside. */
function sample(
  source: Float32Array,
  height: number,
  width: number,
  channels: number,
  x: number,
  y: number,
  out: Float32Array | Uint8Array,
  at: number,
  round: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
    let i = (top * width + left) * channels;
    const below = width * channels;
    for (let channel = 0; channel < channels; channel++, i++) {
      const upper = source[i]! + fx * (source[i + channels]! - source[i]!);
      const lower = source[i + below]! + fx * (source[i + below + channels]! - source[i + below]!);
      out[at + channel] = upper + fy * (lower - upper) + round;
    }
    return;
  }
  for (let channel = 0; channel < channels; channel++) {
    let value = 0;
    for (let corner = 0; corner < 4; corner++) {
      const column = left + (corner & 1);
      const row = top + (corner >> 1);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      value += (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy) * source[(row * width + column) * channels + channel]!;
    }
    out[at + channel] = value + round;
  }
}

/**
 * A random displacement field: uniform noise in (−1, 1) smoothed by a Gaussian, times alpha.
 *
 * The smooth field has no detail finer than sigma, so it is made on nodes sigma/2 pixels apart and interpolated between
 * them: a quarter of the work at sigma = 4 with the same strength and the same smoothness.
 */
function elasticField(height: number, width: number, { alpha, sigma }: { alpha: number; sigma: number }) {
  if (!(alpha >= 0 && alpha < Infinity) || !(sigma > 0 && sigma < Infinity)) {
    throw new ValueError(`image augmentation: expected elastic alpha of 0 or more and sigma above 0, got alpha ${alpha} and sigma ${sigma}.`);
  }
  const cell = Math.max(1, sigma / 2);
  const columns = Math.ceil((width - 1) / cell) + 2;
  const rows = Math.ceil((height - 1) / cell) + 2;
  const kernel = gaussian(sigma / cell);
  const margin = kernel.length >> 1;
  // Noise reaches beyond the image, so that the field is as strong at its borders.
  const wide = columns + 2 * margin;
  const noise = new Float32Array(wide * (rows + 2 * margin));
  const half = new Float32Array(columns * (rows + 2 * margin));
  const fieldX = new Float32Array(rows * columns);
  const fieldY = new Float32Array(rows * columns);
  // Nodes a cell apart carry the noise of cell² pixels, whose sum has cell times the deviation.
  const strength = alpha / cell;
  const step = (2 * strength) / 0xffff;
  const rowX = new Float32Array(columns);
  const rowY = new Float32Array(columns);

  function fill(field: Float32Array, random: Random): void {
    // Two values from each 32 random bits: 16 bits are fine enough for noise.
    for (let i = 0; i < noise.length; i += 2) {
      const word = random.bits();
      noise[i] = (word & 0xffff) * step - strength;
      noise[i + 1] = (word >>> 16) * step - strength;
    }
    smooth(noise, wide, 1, half, columns, 1, kernel, rows + 2 * margin, columns);
    smooth(half, 1, columns, field, 1, columns, kernel, columns, rows);
  }

  return {
    /** Makes the field of the next image. */
    draw(random: Random): void {
      fill(fieldX, random);
      fill(fieldY, random);
    },
    /** Goes to a row of pixels: moveX and moveY then read from it. */
    row(y: number): void {
      const at = Math.floor(y / cell);
      const f = y / cell - at;
      for (let column = 0, i = at * columns; column < columns; column++, i++) {
        rowX[column] = fieldX[i]! + f * (fieldX[i + columns]! - fieldX[i]!);
        rowY[column] = fieldY[i]! + f * (fieldY[i + columns]! - fieldY[i]!);
      }
    },
    moveX: (x: number): number => between(rowX, x / cell),
    moveY: (x: number): number => between(rowY, x / cell),
  };
}

function between(values: Float32Array, at: number): number {
  const i = Math.floor(at);
  return values[i]! + (at - i) * (values[i + 1]! - values[i]!);
}

/** Convolves lines with a kernel; each line of `source` is longer than its result by the kernel's length less one. */
function smooth(
  source: Float32Array,
  lineStride: number,
  stride: number,
  out: Float32Array,
  outLineStride: number,
  outStride: number,
  kernel: Float32Array,
  lines: number,
  length: number,
): void {
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      let from = line * lineStride + i * stride;
      for (let k = 0; k < kernel.length; k++, from += stride) sum += kernel[k]! * source[from]!;
      out[line * outLineStride + i * outStride] = sum;
    }
  }
}

/** Weights of a Gaussian out to 2.5 sigma, which hold 98.8 % of it, made to sum to 1. */
function gaussian(sigma: number): Float32Array {
  const reach = Math.ceil(2.5 * sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => exp((-0.5 * (i - reach) * (i - reach)) / (sigma * sigma)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(weights, (weight) => weight / total);
}
