import { describe, expect, it } from "vitest";
import { needMnist } from "../../../test/shared.js";
import { createRandom } from "../../base/random.js";
import { sha256Of } from "../download.js";
import { loadMnist } from "../mnist.js";
import { digitStrokes, generateDigits } from "./generate.js";
import { DIGIT_SHAPES } from "./shapes.js";

const PIXELS = 28 * 28;
const { images, labels, count } = generateDigits({ count: 3000, seed: 1 });

function meanImages(set: { images: Uint8Array; labels: Uint8Array; count: number }): Float64Array[] {
  const means = Array.from({ length: 10 }, () => new Float64Array(PIXELS));
  const counts = new Array<number>(10).fill(0);
  for (const label of set.labels) counts[label]!++;
  for (let i = 0; i < set.count; i++) {
    const mean = means[set.labels[i]!]!;
    for (let p = 0; p < PIXELS; p++) mean[p]! += set.images[i * PIXELS + p]! / counts[set.labels[i]!]!;
  }
  return means;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [sa, sb, ab, aa, bb] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sa += a[i]!;
    sb += b[i]!;
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  const n = a.length;
  return (n * ab - sa * sb) / Math.sqrt((n * aa - sa * sa) * (n * bb - sb * sb));
}

describe("generateDigits", () => {
  it("gives the same bytes on every platform", async () => {
    const sums = [await sha256Of(images), await sha256Of(labels)];
    expect(sums).toEqual(KNOWN_SUMS);
  });

  it("makes image i from (seed, first + i) alone", () => {
    const middle = generateDigits({ count: 5, seed: 1, first: 100 });
    expect(middle.images).toEqual(images.slice(100 * PIXELS, 105 * PIXELS));
    expect(middle.labels).toEqual(labels.slice(100, 105));
    expect(generateDigits({ count: 5, seed: 2 }).images).not.toEqual(images.slice(0, 5 * PIXELS));
  });

  it("draws all digits equally often within 5 standard errors, and never the same image twice", () => {
    const counts = new Array<number>(10).fill(0);
    const seen = new Set<string>();
    for (let i = 0; i < count; i++) {
      counts[labels[i]!]!++;
      seen.add(Buffer.from(images.subarray(i * PIXELS, (i + 1) * PIXELS)).toString("latin1"));
    }
    for (const times of counts) expect(Math.abs(times - count / 10)).toBeLessThan(5 * Math.sqrt(count * 0.09));
    expect(seen.size).toBe(count);
  });

  it("lays every digit out as MNIST does: about 20 pixels wide or high, centred by mass", () => {
    for (let i = 0; i < count; i++) {
      let [mass, mx, my, left, right, top, bottom] = [0, 0, 0, 28, -1, 28, -1];
      for (let p = 0; p < PIXELS; p++) {
        const value = images[i * PIXELS + p]!;
        if (value === 0) continue;
        const [x, y] = [p % 28, Math.floor(p / 28)];
        mass += value;
        mx += value * x;
        my += value * y;
        [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      }
      // 20 pixels, one for straddling the pixel grid, and one and a half for a pen pressed harder on both sides.
      if (Math.max(right - left, bottom - top) + 1 > 23) throw new Error(`image ${i} is ${right - left + 1}×${bottom - top + 1}`);
      // Half a pixel by whole shifts; what a shift cuts off at the border moves the mass a little further.
      const cut = Math.min(left, top) === 0 || Math.max(right, bottom) === 27;
      const tolerance = cut ? 0.6 : 0.5;
      if (Math.abs(mx / mass - 14) > tolerance || Math.abs(my / mass - 14) > tolerance) throw new Error(`image ${i} is centred at ${mx / mass}, ${my / mass}`);
    }
  });

  it("has as much ink as MNIST: mean 0.1318 ± 0.01, standard deviation 0.3096 ± 0.01", () => {
    let [sum, squares] = [0, 0];
    for (const value of images) {
      sum += value / 255;
      squares += (value / 255) ** 2;
    }
    const mean = sum / images.length;
    expect(Math.abs(mean - 0.1318)).toBeLessThan(0.01);
    expect(Math.abs(Math.sqrt(squares / images.length - mean * mean) - 0.3096)).toBeLessThan(0.01);
  });

  it("is neither trivial nor hopeless: the nearest mean image names 70 to 90 % of new digits", () => {
    const means = meanImages({ images, labels, count });
    const fresh = generateDigits({ count: 500, seed: 1, first: 1e6 });
    let right = 0;
    for (let i = 0; i < fresh.count; i++) {
      const image = fresh.images.subarray(i * PIXELS, (i + 1) * PIXELS);
      const scores = means.map((mean) => correlation(mean, image));
      right += scores.indexOf(Math.max(...scores)) === fresh.labels[i] ? 1 : 0;
    }
    expect(right / fresh.count).toBeGreaterThan(0.7);
    expect(right / fresh.count).toBeLessThan(0.9);
  });

  it("resembles MNIST: the mean images of each digit correlate above 0.87", async (context) => {
    const theirs = meanImages((await loadMnist({ data: needMnist(context) })).test);
    const ours = meanImages({ images, labels, count });
    for (let digit = 0; digit < 10; digit++) expect(correlation(ours[digit]!, theirs[digit]!), `digit ${digit}`).toBeGreaterThan(0.87);
  });

  it("says what it takes", () => {
    expect(() => generateDigits({ count: 0, seed: 1 })).toThrow("digits: expected a count of at least 1, got 0");
    expect(() => digitStrokes(10, createRandom(1))).toThrow("digits: expected a digit 0 to 9, got 10");
  });
});

describe("digitStrokes", () => {
  it("gives every shape's strokes inside the image, with a pen of 0.4 to 4 pixels", () => {
    const random = createRandom(3);
    for (let digit = 0; digit < 10; digit++) {
      for (let i = 0; i < 50; i++) {
        const strokes = digitStrokes(digit, random);
        expect(DIGIT_SHAPES[digit]!.some((shape) => shape.strokes.length === strokes.length)).toBe(true);
        for (const { points, radius } of strokes) {
          expect(points.length).toBeGreaterThan(1);
          expect(radius).toBeGreaterThan(0.4);
          expect(radius).toBeLessThan(4);
          for (const [x, y] of points) expect(Math.min(x, y) > 0 && Math.max(x, y) < 28, `${digit}: ${x}, ${y}`).toBe(true);
        }
      }
    }
  });
});

/** SHA-256 of the images and of the labels of { count: 3000, seed: 1 }. A change of the generator changes them. */
const KNOWN_SUMS = [
  "d4f6b842f239059411696145a6f54cadd91eab3b13c16b5ed00c691e3422193b",
  "da07c29198c8cd9558a31bcbb50224383e6baa53a307a1d0ad27a11b57285dbe",
];
