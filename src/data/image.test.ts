import { describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import { sha256Of } from "./download.js";
import { generateDigits } from "./digits/generate.js";
import { type AugmenterOptions, imageAugmenter } from "./image.js";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const digits = Float32Array.from(generateDigits({ count: 6, seed: 1 }).images, (value) => value / 255);
const still = { height: SIDE, width: SIDE, rotation: 0, shift: 0, scale: 0, shear: 0, seed: 1 };
const all = Uint32Array.of(0, 1, 2, 3, 4, 5);

/** Images whose values are their own coordinates: after augmentation a pixel tells where it came from. */
function ramps(value: (x: number, y: number) => number, count = 1, side = SIDE): Float32Array {
  return Float32Array.from({ length: count * side * side }, (_, i) => value(i % side, Math.floor(i / side) % side));
}

/** Where the pixels at (x, y) of image `index` came from, relative to the middle. */
function origin(options: Partial<AugmenterOptions>, index: number, places: [x: number, y: number][]): [x: number, y: number][] {
  const augment = imageAugmenter({ ...still, ...options });
  const [xs, ys] = [ramps((x) => x), ramps((_, y) => y)];
  for (const images of [xs, ys]) augment(images, 1, { epoch: 0, indices: [index] });
  const middle = (SIDE - 1) / 2;
  return places.map(([x, y]) => [xs[y * SIDE + x]! - middle, ys[y * SIDE + x]! - middle]);
}

const INDICES = Array.from({ length: 200 }, (_, i) => i);

describe("imageAugmenter", () => {
  it("changes nothing when nothing is asked for", () => {
    const images = digits.slice();
    imageAugmenter(still)(images, 6, { epoch: 3, indices: all });
    expect(images).toEqual(digits);
  });

  it("gives the same bits on every platform", async () => {
    const images = digits.slice();
    imageAugmenter({ ...still, rotation: 15, shift: 2, scale: 0.15, shear: 0.2, elastic: { alpha: 34, sigma: 4 } })(images, 6, { epoch: 3, indices: all });
    expect(await sha256Of(new Uint8Array(images.buffer))).toBe("d041ff85cfa8c6ea460012db715b581790e53ba39795e909473f8a44569d222f");
  });

  it("depends on (seed, epoch, index) alone, not on the batch or on earlier calls", () => {
    const options = { ...still, rotation: 10, shift: 2, scale: 0.1, elastic: { alpha: 20, sigma: 4 } };
    const images = digits.slice();
    imageAugmenter(options)(images, 6, { epoch: 2, indices: all });
    const augment = imageAugmenter(options);
    augment(digits.slice(), 6, { epoch: 1, indices: all });
    const single = digits.slice(4 * PIXELS, 5 * PIXELS);
    augment(single, 1, { epoch: 2, indices: [4] });
    expect(single).toEqual(images.slice(4 * PIXELS, 5 * PIXELS));
    for (const [changed, epoch, index] of [[options, 3, 4], [options, 2, 5], [{ ...options, seed: 2 }, 2, 4]] as const) {
      const other = digits.slice(4 * PIXELS, 5 * PIXELS);
      imageAugmenter(changed)(other, 1, { epoch, indices: [index] });
      expect(other).not.toEqual(single);
    }
  });

  it("shifts by up to the given pixels along both axes", () => {
    const moves = INDICES.map((index) => origin({ shift: 3 }, index, [[13, 14]])[0]!).map(([x, y]) => [x + 0.5, y - 0.5] as const);
    for (const axis of [0, 1] as const) {
      const along = moves.map((move) => move[axis]);
      expect(Math.max(...along)).toBeLessThanOrEqual(3);
      expect(Math.min(...along)).toBeGreaterThanOrEqual(-3);
      // Of 200 uniform draws the outermost lie within 5 % of the ends but for a chance of 1e-4.
      expect(Math.max(...along)).toBeGreaterThan(2.7);
      expect(Math.min(...along)).toBeLessThan(-2.7);
    }
  });

  it("turns by up to the given degrees, keeping distances", () => {
    const angles = INDICES.map((index) => {
      const [[x, y]] = origin({ rotation: 20 }, index, [[21, 14]]) as [[number, number]];
      expect(Math.hypot(x, y)).toBeCloseTo(Math.hypot(7.5, 0.5), 4);
      return ((Math.atan2(y, x) - Math.atan2(0.5, 7.5)) * 180) / Math.PI;
    });
    expect(Math.max(...angles)).toBeLessThanOrEqual(20.001);
    expect(Math.max(...angles)).toBeGreaterThan(18);
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-20.001);
    expect(Math.min(...angles)).toBeLessThan(-18);
  });

  it("scales by up to the given part, keeping directions", () => {
    const sizes = INDICES.map((index) => {
      const [[x, y]] = origin({ scale: 0.2 }, index, [[21, 17]]) as [[number, number]];
      expect(y / x).toBeCloseTo(3.5 / 7.5, 4);
      return 7.5 / x;
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1.2001);
    expect(Math.max(...sizes)).toBeGreaterThan(1.18);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.7999);
    expect(Math.min(...sizes)).toBeLessThan(0.82);
  });

  it("shears x by up to shear · y, keeping y", () => {
    const slants = INDICES.map((index) => {
      const [[x, y]] = origin({ shear: 0.3 }, index, [[14, 22]]) as [[number, number]];
      expect(y).toBeCloseTo(8.5, 4);
      return (x - 0.5) / y;
    });
    expect(Math.max(...slants.map(Math.abs))).toBeLessThanOrEqual(0.3001);
    expect(Math.max(...slants)).toBeGreaterThan(0.27);
    expect(Math.min(...slants)).toBeLessThan(-0.27);
  });

  it("bends by 0.163 · alpha / sigma pixels (standard deviation), as smoothly as sigma says", () => {
    const side = 64;
    for (const sigma of [1.5, 4, 6]) {
      const alpha = 5 * sigma;
      const augment = imageAugmenter({ ...still, height: side, width: side, elastic: { alpha, sigma } });
      const count = 300;
      const xs = ramps((x) => x, count, side);
      augment(xs, count, { epoch: 0, indices: Array.from({ length: count }, (_, i) => i) });
      let [sum, squares, lagged, n] = [0, 0, 0, 0];
      const lag = Math.round(sigma);
      for (let image = 0; image < count; image++) {
        for (let y = 8; y < side - 8; y++) {
          for (let x = 8; x < side - 8 - lag; x++) {
            const at = (image * side + y) * side + x;
            const move = xs[at]! - x;
            sum += move;
            squares += move * move;
            lagged += move * (xs[at + lag]! - x - lag);
            n++;
          }
        }
      }
      const deviation = Math.sqrt(squares / n);
      // The field holds about n / (4π sigma²) independent values, which bounds how well the samples tell its strength;
      // interpolation between nodes takes up to 6 % of it at the smallest sigma.
      const error = Math.sqrt((4 * Math.PI * sigma * sigma) / n);
      expect(Math.abs(sum / n) / deviation).toBeLessThan(5 * error);
      expect(Math.abs(deviation / (0.1629 * 5) - 1), `sigma ${sigma}`).toBeLessThan(0.06 + (4 * error) / Math.SQRT2);
      // A Gaussian of sigma correlates as exp(−lag² / 4 sigma²).
      expect(Math.abs(lagged / squares - Math.exp((-lag * lag) / (4 * sigma * sigma)))).toBeLessThan(0.06);
    }
  });

  it("treats the channels of a pixel alike", () => {
    const options = { ...still, rotation: 20, shift: 3, elastic: { alpha: 20, sigma: 4 } };
    const grey = digits.slice();
    imageAugmenter(options)(grey, 6, { epoch: 0, indices: all });
    const colour = Float32Array.from({ length: 6 * PIXELS * 3 }, (_, i) => digits[Math.floor(i / 3)]! * ((i % 3) + 1));
    imageAugmenter({ ...options, channels: 3 })(colour, 6, { epoch: 0, indices: all });
    for (let i = 0; i < colour.length; i++) {
      const expected = grey[Math.floor(i / 3)]! * ((i % 3) + 1);
      if (Math.abs(colour[i]! - expected) > 1e-6) throw new Error(`value ${i}: ${colour[i]}, not ${expected}`);
    }
  });

  it("rounds bytes to the nearest", () => {
    const options = { ...still, shift: 2, rotation: 10 };
    const floats = Float32Array.from(digits, (value) => Math.round(value * 255));
    const bytes = Uint8Array.from(floats);
    imageAugmenter(options)(floats, 6, { epoch: 0, indices: all });
    imageAugmenter(options)(bytes, 6, { epoch: 0, indices: all });
    expect(bytes).toEqual(Uint8Array.from(floats, (value) => Math.floor(value + 0.5)));
  });

  it("works on images that are not square, leaving later images alone", () => {
    const images = Float32Array.from({ length: 3 * 5 * 9 }, (_, i) => i);
    const before = images.slice();
    imageAugmenter({ ...still, height: 5, width: 9, shift: 1 })(images, 2, { epoch: 0, indices: [0, 1] });
    expect(images.slice(90)).toEqual(before.slice(90));
    expect(images.slice(0, 90)).not.toEqual(before.slice(0, 90));
  });

  const BAD: [options: Partial<AugmenterOptions>, message: string][] = [
    [{ height: 0 }, "image augmentation: expected height to be a whole number of at least 1, got 0"],
    [{ channels: 1.5 }, "expected channels to be a whole number"],
    [{ rotation: -1 }, "expected rotation to be 0 or more, got -1"],
    [{ shift: NaN }, "expected shift to be 0 or more, got NaN"],
    [{ scale: 1 }, "expected scale to be below 1, got 1"],
    [{ elastic: { alpha: 34, sigma: 0 } }, "sigma above 0, got alpha 34 and sigma 0"],
  ];
  it.each(BAD)("refuses %o", (options, message) => {
    expect(() => imageAugmenter({ ...still, ...options })).toThrow(ValueError);
    expect(() => imageAugmenter({ ...still, ...options })).toThrow(message);
  });

  it("refuses fewer images or indices than it is to change", () => {
    const augment = imageAugmenter(still);
    expect(() => augment(digits.slice(), 7, { epoch: 0, indices: [...all, 6] })).toThrow(ShapeError);
    expect(() => augment(digits.slice(), 6, { epoch: 0, indices: [0] })).toThrow("expected 6 images of 28×28×1 (4704 values) and 6 indices, got 4704 values and 1 indices");
  });
});
