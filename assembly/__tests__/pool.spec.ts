// Max and average pooling and their gradients against plain scalar loops in float64.
import { f32_average_pool2d, f32_max_pool2d } from "../pool";
import { f32_max_pool2d_gather } from "../pool.gather";
import { f32_average_pool2d_grad, f32_max_pool2d_grad } from "../pool.grad";
import { WORDS, at, floats, guarded, inRanges, intact } from "./data";

// n, h, w, c, kh, kw, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW; then, for averages, whether padding counts, and that at the bottom and right
const FIELDS = 17;
const CASES: StaticArray<i32> = [
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0,
  2, 28, 28, 6, 2, 2, 14, 14, 2, 2, 0, 0, 1, 1, 0, 0, 0, // LeNet, first
  2, 10, 10, 16, 2, 2, 5, 5, 2, 2, 0, 0, 1, 1, 0, 0, 0, // LeNet, second
  2, 9, 11, 1, 2, 2, 4, 5, 2, 2, 0, 0, 1, 1, 0, 0, 0, // one channel, a row and a column that no window sees
  1, 7, 7, 1, 3, 3, 7, 7, 1, 1, 1, 1, 1, 1, 0, 0, 0, // overlapping and padded
  2, 7, 8, 3, 3, 2, 4, 4, 2, 2, 1, 0, 1, 1, 0, 0, 0,
  1, 6, 6, 2, 3, 3, 3, 3, 2, 2, 0, 0, 1, 1, 0, 0, 0, // padded at the bottom and right only
  1, 9, 9, 5, 2, 2, 3, 3, 4, 3, 0, 1, 1, 1, 0, 0, 0, // gaps between the windows
  2, 5, 4, 7, 5, 4, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, // a window as large as the image
  1, 8, 5, 4, 3, 3, 8, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0,
  1, 6, 7, 17, 3, 3, 3, 4, 2, 2, 1, 1, 1, 1, 0, 0, 0,
  3, 6, 7, 1, 2, 2, 3, 3, 2, 2, 0, 0, 1, 1, 0, 0, 0, // three windows of one channel
  2, 5, 12, 1, 2, 2, 2, 6, 2, 2, 0, 0, 1, 1, 1, 0, 0, // six, which four at a time do not divide
  1, 10, 9, 2, 3, 2, 5, 5, 2, 2, 1, 1, 2, 1, 0, 0, 0, // dilated, and a window that reaches over the end
  2, 7, 8, 5, 3, 3, 4, 4, 2, 2, 1, 1, 1, 1, 1, 1, 1, // padding counts
  1, 5, 5, 4, 2, 2, 3, 3, 2, 2, 0, 0, 1, 1, 1, 0, 0, // 2×2 and one window more, half outside
  1, 4, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 3, 3, 1, 1, 1, // two taps, each on another side
];

/** Words behind `count` addresses, from row `row` of CASES. */
function setSizes(row: i32, count: i32): void {
  for (let i = 0; i < FIELDS; i++) WORDS[count + i] = <u32>CASES[row + i];
}

/** What differs between out and expected, or "". Averages of up to 20 numbers below 1/2, and up to 9 shares, are good to 1e-6; maxima are exact. */
function difference(what: string, row: i32, out: StaticArray<f32>, expected: StaticArray<f64>, tolerance: f64): string {
  for (let i = 0; i < expected.length; i++) {
    const both = isNaN(out[i]) && isNaN(expected[i]);
    if (!both && !(abs(<f64>out[i] - expected[i]) <= tolerance)) return `case ${row / FIELDS}, ${what}[${i}]: expected ${expected[i]}, got ${out[i]}`;
  }
  return intact(out, expected.length) ? "" : `case ${row / FIELDS}: ${what} is written past its end`;
}

/** All five kernels on one case, x of few distinct values when `ties`, with NaN among them when `withNaN`. */
function compare(row: i32, ties: bool, withNaN: bool): string {
  const n = CASES[row], h = CASES[row + 1], w = CASES[row + 2], c = CASES[row + 3], kh = CASES[row + 4], kw = CASES[row + 5];
  const oh = CASES[row + 6], ow = CASES[row + 7], sh = CASES[row + 8], sw = CASES[row + 9], top = CASES[row + 10], left = CASES[row + 11];
  const dh = CASES[row + 12], dw = CASES[row + 13], counts = CASES[row + 14], bottom = CASES[row + 15], right = CASES[row + 16];
  const x = floats(n * h * w * c), d = floats(n * h * w * c), dy = floats(n * oh * ow * c);
  if (ties) for (let i = 0; i < n * h * w * c; i++) x[i] = Mathf.round(x[i] * 3);
  if (withNaN) for (let i = 0; i < n * h * w * c; i += 7) x[i] = NaN;
  const largest = new StaticArray<f64>(n * oh * ow * c), average = new StaticArray<f64>(n * oh * ow * c), picked = new StaticArray<f64>(n * oh * ow * c);
  const dLargest = new StaticArray<f64>(n * h * w * c), dAverage = new StaticArray<f64>(n * h * w * c);
  for (let i = 0; i < n; i++) for (let py = 0; py < oh; py++) for (let px = 0; px < ow; px++) for (let z = 0; z < c; z++) {
    const out = ((i * oh + py) * ow + px) * c + z;
    let place = -1, sum: f64 = 0, inside: f64 = 0, padded: f64 = 0;
    for (let k = 0; k < kh; k++) for (let l = 0; l < kw; l++) {
      const y = py * sh - top + k * dh, q = px * sw - left + l * dw;
      padded += f64(y < h + bottom && q < w + right);
      if (y < 0 || y >= h || q < 0 || q >= w) continue;
      const p = ((i * h + y) * w + q) * c + z;
      inside += 1;
      sum += <f64>x[p];
      if (place < 0 || (!isNaN(x[place]) && (isNaN(x[p]) || x[p] > x[place]))) place = p;
    }
    const count = counts ? padded : inside;
    for (let k = 0; k < kh; k++) for (let l = 0; l < kw; l++) {
      const y = py * sh - top + k * dh, q = px * sw - left + l * dw;
      if (y >= 0 && y < h && q >= 0 && q < w) dAverage[((i * h + y) * w + q) * c + z] += <f64>dy[out] / count;
    }
    largest[out] = place < 0 ? -Infinity : <f64>x[place];
    average[out] = sum / count;
    picked[out] = place < 0 ? 0 : <f64>d[place];
    if (place >= 0) dLargest[place] += <f64>dy[out];
  }
  const gotLargest = guarded(largest.length), gotAverage = guarded(average.length), gotDLargest = guarded(dLargest.length), gotDAverage = guarded(dAverage.length);
  WORDS[0] = <u32>at(gotLargest);
  WORDS[1] = <u32>at(x);
  setSizes(row, 2);
  inRanges(f32_max_pool2d, n * oh);
  WORDS[0] = <u32>at(gotAverage);
  inRanges(f32_average_pool2d, n * oh);
  WORDS[0] = <u32>at(gotDAverage);
  WORDS[1] = <u32>at(dy);
  inRanges(f32_average_pool2d_grad, n);
  WORDS[0] = <u32>at(gotDLargest);
  WORDS[1] = <u32>at(x);
  WORDS[2] = <u32>at(dy);
  setSizes(row, 3);
  inRanges(f32_max_pool2d_grad, n);
  const gotPicked = guarded(picked.length);
  WORDS[0] = <u32>at(gotPicked);
  WORDS[2] = <u32>at(d);
  inRanges(f32_max_pool2d_gather, n * oh);
  let told = difference("max", row, gotLargest, largest, 0);
  if (told == "") told = difference("average", row, gotAverage, average, 1e-6);
  if (told == "") told = difference("gradient of max", row, gotDLargest, dLargest, 1e-6);
  if (told == "") told = difference("gathered", row, gotPicked, picked, 0);
  if (told == "") told = difference("gradient of average", row, gotDAverage, dAverage, 1e-6);
  return told;
}

describe("pooling and its gradients", () => {
  it("equal the scalar loops for every window, stride, padding and number of channels", () => {
    for (let row = 0; row < CASES.length; row += FIELDS) expect(compare(row, false, false)).toBe("");
  });

  it("send the gradient of max to the first of equals", () => {
    for (let row = 0; row < CASES.length; row += FIELDS) expect(compare(row, true, false)).toBe("");
  });

  it("keep NaN, in the windows that see it only; the first NaN takes the gradient", () => {
    for (let row = 0; row < CASES.length; row += FIELDS) expect(compare(row, false, true)).toBe("");
  });
});
