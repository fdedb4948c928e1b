// PNG and PGM files as grey images, and any grey image as MNIST would hold it: bright ink on dark, in a 20×20 box of 28×28.
import { convertIndexedToRgb, decode, hasPngSignature, type DecodedPng } from "fast-png";
import { FormatError } from "../base/errors.js";
import { centreByMass } from "../data/centre.js";
import { readPgm } from "../formats/pgm.js";

export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** 0 … 255, row-major. */
  readonly pixels: Uint8Array;
}

/** True when the bytes begin as a PNG or PGM does. */
export function isImage(bytes: Uint8Array): boolean {
  return isPng(bytes) || (bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35));
}

/**
 * Reads a PNG (any colour type) or a PGM.
 *
 * name: how errors call the file   Throws FormatError when the bytes are neither, are damaged or break off.
 */
export function readGreyImage(bytes: Uint8Array, name: string): GreyImage {
  if (isPng(bytes)) return readPng(bytes, name);
  const { width, height, depth, data } = readPgm(bytes, name);
  return { width, height, pixels: Uint8Array.from(data, (sample) => (depth === 16 ? Math.round(sample / 257) : sample)) };
}

/**
 * A digit as MNIST holds them, `size` pixels a side (28): bright on dark, the ink scaled to fit 20/28 of it, centred by mass.
 * An image of that size already is only turned bright on dark.
 */
export function asDigit(image: GreyImage, size = 28): Uint8Array {
  const { width, height } = image;
  const pixels = isBrightOutside(image) ? image.pixels.map((value) => 255 - value) : image.pixels.slice();
  if (width === size && height === size) return pixels;
  const box = inkBox(pixels, width, height);
  const digit = new Uint8Array(size * size);
  if (box === null) return digit;
  const scale = Math.round((size * 20) / 28) / Math.max(box.width, box.height);
  const [targetWidth, targetHeight] = [box.width, box.height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const [left, top] = [targetWidth, targetHeight].map((side) => Math.floor((size - side) / 2)) as [number, number];
  for (let y = 0; y < targetHeight; y++) {
    for (let x = 0; x < targetWidth; x++) {
      const area = {
        left: box.left + (x * box.width) / targetWidth,
        right: box.left + ((x + 1) * box.width) / targetWidth,
        top: box.top + (y * box.height) / targetHeight,
        bottom: box.top + ((y + 1) * box.height) / targetHeight,
      };
      digit[(top + y) * size + left + x] = Math.round(meanOver(pixels, width, area));
    }
  }
  centreByMass(digit, size);
  return digit;
}

function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && hasPngSignature(bytes);
}

function readPng(bytes: Uint8Array, name: string): GreyImage {
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new FormatError(`${name}: expected a whole PNG image, it is damaged or breaks off (${(cause as Error).message}).`, { cause });
  }
  const { width, height } = png;
  const channels = png.palette ? png.palette[0]!.length : png.channels;
  const samples = png.palette ? convertIndexedToRgb(png) : unpack(png);
  const full = png.depth === 16 ? 65535 : 255;
  // Over white; what is white itself on nothing would vanish there and is seen over black.
  const over = (paper: number): Uint8Array => Uint8Array.from({ length: width * height }, (_, i) => Math.round(255 * brightness(samples, i * channels, channels, full, paper)));
  const pixels = over(1);
  return { width, height, pixels: pixels.every((value) => value === pixels[0]) ? over(0) : pixels };
}

/** Grey samples of 1, 2 or 4 bits come packed, each row from a new byte; they are spread to 0 … 255. */
function unpack({ width, height, depth, data }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const rowBytes = Math.ceil((width * depth) / 8);
  const largest = (1 << depth) - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & largest) * 255) / largest;
  });
}

/** Luma (Rec. 601) of one pixel over paper, 0 … 1. */
function brightness(samples: ArrayLike<number>, at: number, channels: number, full: number, paper: number): number {
  const grey = channels >= 3 ? 0.299 * samples[at]! + 0.587 * samples[at + 1]! + 0.114 * samples[at + 2]! : samples[at]!;
  const alpha = channels % 2 === 0 ? samples[at + channels - 1]! / full : 1;
  return (grey / full) * alpha + paper * (1 - alpha);
}

function isBrightOutside({ pixels, width, height }: GreyImage): boolean {
  let sum = 0;
  for (let x = 0; x < width; x++) sum += pixels[x]! + pixels[(height - 1) * width + x]!;
  for (let y = 0; y < height; y++) sum += pixels[y * width]! + pixels[y * width + width - 1]!;
  return sum / (2 * (width + height)) > 127;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest box around what is at least a quarter as bright as the brightest pixel; null without ink. */
function inkBox(pixels: Uint8Array, width: number, height: number): Box | null {
  const threshold = pixels.reduce((most, value) => Math.max(most, value), 0) / 4;
  if (threshold === 0) return null;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i]! < threshold) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Mean over a rectangle whose edges may cut pixels: each counts by the share that lies inside. */
function meanOver(pixels: Uint8Array, width: number, area: { left: number; right: number; top: number; bottom: number }): number {
  let sum = 0;
  let weight = 0;
  for (let y = Math.floor(area.top); y < area.bottom; y++) {
    const shareY = Math.min(y + 1, area.bottom) - Math.max(y, area.top);
    for (let x = Math.floor(area.left); x < area.right; x++) {
      const share = shareY * (Math.min(x + 1, area.right) - Math.max(x, area.left));
      sum += share * (pixels[y * width + x] ?? 0);
      weight += share;
    }
  }
  return sum / weight;
}
