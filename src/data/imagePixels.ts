// Pixels of any decoded picture as bytes: grey, RGB or RGBA, and resized. Pure: decoding is done before.
import { ShapeError } from "../base/errors.js";
import type { Picture } from "./images.js";

/** Channels of an image: 1, 3 or 4. Grey is BT.601 luma. */
export type ColorMode = "grayscale" | "rgb" | "rgba";
/** How an image is brought to another size: see resizePixels. */
export type Interpolation = "bilinear" | "nearest" | "area";

/** An image as networks take it: bytes [height, width, channels]. */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

export const CHANNELS: Readonly<Record<ColorMode, 1 | 3 | 4>> = { grayscale: 1, rgb: 3, rgba: 4 };

/** ITU-R BT.601 luma. */
export function brightness(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * Reads sample number `at` of row y: a channel of a pixel, or its place in the palette, 0 … 2^depth − 1.
 *
 * Throws ShapeError when the data do not fit width, height and channels.
 */
export function sampleReader({ width, height, data, channels = 4, depth = 8, palette }: Picture): (at: number, y: number) => number {
  const samples = palette ? 1 : channels;
  const rowBytes = depth < 8 ? Math.ceil((width * samples * depth) / 8) : width * samples;
  const expected = rowBytes * height;
  if (!(width > 0 && height > 0) || data.length !== expected) {
    throw new ShapeError(`picture: expected ${expected} values for ${width}×${height} with ${samples} channels of ${depth} bits, got ${data.length}.`);
  }
  if (depth >= 8) return (at, y) => data[y * rowBytes + at]!;
  const largest = 2 ** depth - 1;
  return (at, y) => {
    const bit = at * depth;
    return (data[y * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & largest;
  };
}

/** A picture's pixels in the channels of a colour mode. Alpha is dropped for grey and RGB, as decoders of Keras do, and 255 where there is none. */
export function pixelsOf(picture: Picture, mode: ColorMode): ImagePixels {
  const { width, height, palette, channels = 4, depth = 8 } = picture;
  const read = sampleReader(picture);
  const count = CHANNELS[mode];
  const data = new Uint8Array(width * height * count);
  const scale = 255 / (2 ** depth - 1);
  const sample = (at: number, y: number): number => Math.round(scale * read(at, y));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += count) {
      let [red, green, blue, alpha] = [0, 0, 0, 255];
      const at = x * channels;
      if (palette) [red = 0, green = 0, blue = 0, alpha = 255] = palette[read(x, y)] ?? [];
      else {
        red = sample(at, y);
        [green, blue] = channels < 3 ? [red, red] : [sample(at + 1, y), sample(at + 2, y)];
        if (channels % 2 === 0) alpha = sample(at + channels - 1, y);
      }
      if (count === 1) data[i] = red === green && green === blue ? red : Math.round(brightness(red, green, blue));
      else {
        data[i] = red;
        data[i + 1] = green;
        data[i + 2] = blue;
        if (count === 4) data[i + 3] = alpha;
      }
    }
  }
  return { width, height, channels: count, data };
}

/**
 * An image in another size; proportions are not kept.
 *
 * "bilinear" (between the four nearest pixels) and "nearest" as Keras and TensorFlow have them, with pixel centres at ½; "area" averages what a pixel covers,
 * for much smaller images. Values are rounded to bytes.
 */
export function resizePixels(image: ImagePixels, height: number, width: number, interpolation: Interpolation): ImagePixels {
  if (image.height === height && image.width === width) return image;
  const { channels, data: source } = image;
  const rows = TAPS[interpolation](image.height, height);
  const columns = TAPS[interpolation](image.width, width);
  const data = new Uint8Array(height * width * channels);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++, i++) {
        let sum = 0;
        for (const [row, rowWeight] of rows[y]!) {
          for (const [column, weight] of columns[x]!) sum += rowWeight * weight * source[(row * image.width + column) * channels + channel]!;
        }
        data[i] = Math.round(sum);
      }
    }
  }
  return { width, height, channels, data };
}

/** For each place of the result, the places it comes from along one axis, with weights that sum to 1. */
type Taps = (from: number, to: number) => readonly (readonly (readonly [place: number, weight: number])[])[];

const TAPS: Readonly<Record<Interpolation, Taps>> = {
  nearest: (from, to) => Array.from({ length: to }, (_, i) => [[Math.min(from - 1, Math.floor(((i + 0.5) * from) / to)), 1]]),
  bilinear: (from, to) =>
    Array.from({ length: to }, (_, i) => {
      const at = Math.max(0, Math.min(from - 1, ((i + 0.5) * from) / to - 0.5));
      const low = Math.floor(at);
      return at === low ? [[low, 1]] : [[low, low + 1 - at], [low + 1, at - low]];
    }),
  area: (from, to) =>
    Array.from({ length: to }, (_, i) => {
      const [begin, end] = [(i * from) / to, ((i + 1) * from) / to];
      return Array.from({ length: Math.ceil(end) - Math.floor(begin) }, (_, k) => {
        const place = Math.floor(begin) + k;
        return [place, (Math.min(place + 1, end) - Math.max(place, begin)) / (end - begin)] as const;
      });
    }),
};
