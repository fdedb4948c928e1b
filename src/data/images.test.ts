import { decode, encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { needMnist } from "../../test/shared.js";
import { ShapeError } from "../base/errors.js";
import { readPgm } from "../formats/pgm.js";
import { generateDigits } from "./digits/generate.js";
import { type Picture, toDigitImage } from "./images.js";
import { loadMnist } from "./mnist.js";

const PIXELS = 28 * 28;

/** A seven of straight bars, 60×100 with its ink in 30×60. */
const WIDTH = 60;
const HEIGHT = 100;
const seven = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const [x, y] = [(i % WIDTH) - 20, Math.floor(i / WIDTH) - 10];
  return x >= 0 && x < 30 && y >= 0 && y < 60 && (y < 10 || x >= 20) ? 255 : 0;
});
const expected = toDigitImage({ width: WIDTH, height: HEIGHT, data: seven, channels: 1 });

const each = (...values: ((ink: number) => number)[]): Uint8Array => Uint8Array.from([...seven].flatMap((ink) => values.map((value) => value(ink))));
const ink = (value: number): number => value;
const paper = (value: number): number => 255 - value;
const full = (): number => 255;

const PICTURES: [what: string, picture: Picture][] = [
  ["bright ink on dark", { width: WIDTH, height: HEIGHT, data: seven, channels: 1 }],
  ["dark ink on bright", { width: WIDTH, height: HEIGHT, data: each(paper), channels: 1 }],
  ["faint ink on grey", { width: WIDTH, height: HEIGHT, data: seven.map((value) => 180 - value / 5), channels: 1 }],
  ["RGB", { width: WIDTH, height: HEIGHT, data: each(paper, paper, paper), channels: 3 }],
  ["a canvas with opaque paper", { width: WIDTH, height: HEIGHT, data: Uint8ClampedArray.from(each(paper, paper, paper, full)) }],
  ["a canvas with black ink on nothing", { width: WIDTH, height: HEIGHT, data: Uint8ClampedArray.from(each(() => 0, () => 0, () => 0, ink)) }],
  ["a canvas with white ink on nothing", { width: WIDTH, height: HEIGHT, data: Uint8ClampedArray.from(each(ink, ink, ink, ink)) }],
  ["grey and alpha", { width: WIDTH, height: HEIGHT, data: each(paper, full), channels: 2 }],
  ["16 bits", { width: WIDTH, height: HEIGHT, data: Uint16Array.from(seven, (value) => value * 257), channels: 1, depth: 16 }],
  ["a palette", { width: WIDTH, height: HEIGHT, data: seven.map((value) => (value ? 3 : 1)), channels: 3, palette: [[9, 9, 9], [255, 255, 240], [1, 2, 3], [0, 0, 60]] }],
  ["one bit a pixel, rows padded to bytes", { width: WIDTH, height: HEIGHT, data: packBits(seven), channels: 1, depth: 1 }],
];

function packBits(values: Uint8Array): Uint8Array {
  const rowBytes = Math.ceil(WIDTH / 8);
  const packed = new Uint8Array(rowBytes * HEIGHT);
  for (let i = 0; i < values.length; i++) {
    const x = i % WIDTH;
    if (values[i]) packed[Math.floor(i / WIDTH) * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
  }
  return packed;
}

function bounds(image: Uint8Array): [width: number, height: number] {
  const on = [...image.keys()].filter((i) => image[i]! > 0);
  const xs = on.map((i) => i % 28);
  const ys = on.map((i) => Math.floor(i / 28));
  return [Math.max(...xs) - Math.min(...xs) + 1, Math.max(...ys) - Math.min(...ys) + 1];
}

describe("toDigitImage", () => {
  it("crops to the ink, scales the longer side to 20 and keeps the proportions", () => {
    expect(bounds(expected)).toEqual([10, 20]);
    expect(Math.max(...expected)).toBe(255);
  });

  it("centres by mass to half a pixel", () => {
    let [mass, mx, my] = [0, 0, 0];
    expected.forEach((value, i) => {
      mass += value;
      mx += value * (i % 28);
      my += value * Math.floor(i / 28);
    });
    expect(Math.abs(mx / mass - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(my / mass - 14)).toBeLessThanOrEqual(0.5);
  });

  it.each(PICTURES)("reads the same digit from %s", (_what, picture) => {
    expect(toDigitImage(picture)).toEqual(expected);
  });

  it("reads the same digit from a PNG and a PGM file", () => {
    const png = decode(encode({ width: WIDTH, height: HEIGHT, data: each(paper), channels: 1, depth: 8 }));
    expect(toDigitImage(png)).toEqual(expected);
    const pgm = Buffer.concat([Buffer.from(`P5 ${WIDTH} ${HEIGHT} 255\n`), each(paper)]);
    expect(toDigitImage(readPgm(new Uint8Array(pgm), "seven.pgm"))).toEqual(expected);
  });

  it("gives an empty image for an empty picture, whatever its brightness and faint noise", () => {
    for (const brightness of [0, 3, 128, 250]) {
      const data = Uint8Array.from({ length: 900 }, (_, i) => brightness + ((i * 7) % 5));
      expect(toDigitImage({ width: 30, height: 30, data, channels: 1 })).toEqual(new Uint8Array(PIXELS));
    }
  });

  it("takes a dot, a line and ink in the corner", () => {
    const picture = (on: (x: number, y: number) => boolean): Picture => ({
      width: 40,
      height: 40,
      channels: 1,
      data: Uint8Array.from({ length: 1600 }, (_, i) => (on(i % 40, Math.floor(i / 40)) ? 255 : 0)),
    });
    expect(bounds(toDigitImage(picture((x, y) => x === 5 && y === 5)))).toEqual([20, 20]);
    expect(bounds(toDigitImage(picture((x) => x === 20)))).toEqual([1, 20]);
    expect(bounds(toDigitImage(picture((x, y) => x >= 30 && y < 10)))).toEqual([20, 20]);
  });

  it("changes a generated digit, enlarged tenfold, by less than 4 % of full ink on average", () => {
    const { images, count } = generateDigits({ count: 20, seed: 3 });
    expect(meanChange(images, count)).toBeLessThan(0.04);
  });

  it("changes MNIST's images, enlarged tenfold, by less than 2 % of full ink on average", async (context) => {
    const { test } = await loadMnist({ data: needMnist(context) });
    expect(meanChange(test.images, 50)).toBeLessThan(0.02);
  });

  it("gives back four of five MNIST images bit for bit at their own size (the others are not at full ink)", async (context) => {
    const { test } = await loadMnist({ data: needMnist(context) });
    let same = 0;
    for (let i = 0; i < 1000; i++) {
      const image = test.images.subarray(i * PIXELS, (i + 1) * PIXELS);
      same += Buffer.compare(toDigitImage({ width: 28, height: 28, data: image, channels: 1 }), image) === 0 ? 1 : 0;
    }
    expect(same).toBeGreaterThan(800);
  });

  it("says what does not fit", () => {
    expect(() => toDigitImage({ width: 3, height: 2, data: new Uint8Array(7), channels: 1 })).toThrow(ShapeError);
    expect(() => toDigitImage({ width: 3, height: 2, data: new Uint8Array(7), channels: 1 })).toThrow("picture: expected 6 values for 3×2 with 1 channels of 8 bits, got 7");
    expect(() => toDigitImage({ width: 0, height: 0, data: [] })).toThrow(ShapeError);
  });
});

/** Mean difference between images and what is read from them drawn with 10×10 pixels each, in parts of 255. */
function meanChange(images: Uint8Array, count: number): number {
  let change = 0;
  for (let n = 0; n < count; n++) {
    const image = images.subarray(n * PIXELS, (n + 1) * PIXELS);
    const data = Uint8Array.from({ length: 280 * 280 }, (_, i) => image[Math.floor(i / 2800) * 28 + Math.floor((i % 280) / 10)]!);
    toDigitImage({ width: 280, height: 280, data, channels: 1 }).forEach((value, i) => (change += Math.abs(value - image[i]!)));
  }
  return change / 255 / (count * PIXELS);
}
