// Softmax and log-softmax along rows, and the passes over a row that the losses use too.
// The maximum is subtracted first, so that exp never overflows; the result is the same. A NaN needs no care: it makes the sum NaN, and with it the row.
import { storeLanes } from "./gemm.block";
import { firstLanes, splatLane, sumLanes, sumRows } from "./lanes";
import { expBelow4, log4 } from "./math";
import { rangeBegin, rangeEnd, UNIT_ROWS } from "./range";

/** Elements whose float32 sums are emptied into float64 together. The order of a sum depends on the length of the row only. */
export const BLOCK: i32 = 256;

/** Rows of at most so many columns go four at a time: what crosses the lanes of a row is done for four rows at once. */
export const SHORT: i32 = 64;

/** out = softmax(x) or log-softmax(x) along the rows of x[rows, cols]; out may be x. Words: docs/kernels.md. */
export function f32_softmax(words: usize): void {
  const rows = load<i32>(words, 8), cols = load<i32>(words, 12);
  const first = rangeBegin(words, UNIT_ROWS, rows), end = rangeEnd(words, UNIT_ROWS, rows);
  const skip = <usize>(first * cols) << 2;
  softmax(<usize>load<u32>(words) + skip, <usize>load<u32>(words, 4) + skip, end - first, cols, load<i32>(words, 16) != 0);
}

function softmax(out: usize, x: usize, rows: i32, cols: i32, log: bool): void {
  const rowBytes = <usize>cols << 2;
  if (cols <= SHORT) {
    for (; rows >= 4; rows -= 4, out += 4 * rowBytes, x += 4 * rowBytes) {
      const peaks = peaks4(x, rowBytes, cols);
      if (log) {
        const logs = log4(sums4(x, rowBytes, cols, peaks));
        logRow(out, x, cols, splatLane(peaks, 0), splatLane(logs, 0));
        logRow(out + rowBytes, x + rowBytes, cols, splatLane(peaks, 1), splatLane(logs, 1));
        logRow(out + 2 * rowBytes, x + 2 * rowBytes, cols, splatLane(peaks, 2), splatLane(logs, 2));
        logRow(out + 3 * rowBytes, x + 3 * rowBytes, cols, splatLane(peaks, 3), splatLane(logs, 3));
      } else {
        const factors = f32x4.div(f32x4.splat(1), exps4(out, x, rowBytes, cols, peaks));
        scaleRow(out, cols, splatLane(factors, 0));
        scaleRow(out + rowBytes, cols, splatLane(factors, 1));
        scaleRow(out + 2 * rowBytes, cols, splatLane(factors, 2));
        scaleRow(out + 3 * rowBytes, cols, splatLane(factors, 3));
      }
    }
  }
  for (; rows > 0; rows--, out += rowBytes, x += rowBytes) {
    const peak = peakOfRow(x, cols);
    if (log) logRow(out, x, cols, peak, log4(expSum(x, cols, peak)));
    else scaleRow(out, cols, f32x4.div(f32x4.splat(1), expRow(out, x, cols, peak)));
  }
}

/** Largest of n floats that is no NaN, in every lane; −∞ when there is none. */
export function peakOfRow(x: usize, n: i32): v128 {
  let a = f32x4.splat(-Infinity), b = a, c = a, d = a;
  let i = 0;
  // pmax(a, x) is a where x is NaN.
  for (; i + 16 <= n; i += 16, x += 64) {
    a = f32x4.pmax(a, v128.load(x));
    b = f32x4.pmax(b, v128.load(x, 16));
    c = f32x4.pmax(c, v128.load(x, 32));
    d = f32x4.pmax(d, v128.load(x, 48));
  }
  a = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
  if (i < n) a = f32x4.pmax(a, peakOfLanes(x, n - i));
  a = f32x4.pmax(a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
  return f32x4.pmax(a, v128.shuffle<i32>(a, a, 1, 0, 3, 2));
}

/** The largest of every fourth of n ≥ 1 floats. */
function peakOfLanes(x: usize, n: i32): v128 {
  let peak = f32x4.splat(-Infinity);
  for (; n >= 4; n -= 4, x += 16) peak = f32x4.pmax(peak, v128.load(x));
  return n > 0 ? f32x4.pmax(peak, v128.bitselect(v128.load(x), f32x4.splat(-Infinity), firstLanes(n))) : peak;
}

/** peakOfRow of four short rows, a lane each. */
export function peaks4(x: usize, rowBytes: usize, n: i32): v128 {
  const a = peakOfLanes(x, n), b = peakOfLanes(x + rowBytes, n), c = peakOfLanes(x + 2 * rowBytes, n), d = peakOfLanes(x + 3 * rowBytes, n);
  const ab = f32x4.pmax(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.pmax(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.pmax(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** out = exp(x − peak) for n elements; returns their sum in every lane. out may be x. */
export function expRow(out: usize, x: usize, n: i32, peak: v128): v128 {
  let total: f64 = 0;
  for (; n > BLOCK; n -= BLOCK, out += 4 * BLOCK, x += 4 * BLOCK) total += sumLanes(expStore(out, x, BLOCK, peak));
  return f32x4.splat(<f32>(total + sumLanes(expStore(out, x, n, peak))));
}

/** Σ exp(x − peak) of n elements, in every lane. */
export function expSum(x: usize, n: i32, peak: v128): v128 {
  let total: f64 = 0;
  for (; n > BLOCK; n -= BLOCK, x += 4 * BLOCK) total += sumLanes(expAdd(x, BLOCK, peak));
  return f32x4.splat(<f32>(total + sumLanes(expAdd(x, n, peak))));
}

/** expRow of four short rows; returns the sum of each in its lane. */
export function exps4(out: usize, x: usize, rowBytes: usize, n: i32, peaks: v128): v128 {
  const a = expStore(out, x, n, splatLane(peaks, 0)), b = expStore(out + rowBytes, x + rowBytes, n, splatLane(peaks, 1));
  const c = expStore(out + 2 * rowBytes, x + 2 * rowBytes, n, splatLane(peaks, 2)), d = expStore(out + 3 * rowBytes, x + 3 * rowBytes, n, splatLane(peaks, 3));
  return sumRows(a, b, c, d, f64x2.splat(1));
}

/** expSum of four short rows, a lane each. */
export function sums4(x: usize, rowBytes: usize, n: i32, peaks: v128): v128 {
  const a = expAdd(x, n, splatLane(peaks, 0)), b = expAdd(x + rowBytes, n, splatLane(peaks, 1));
  const c = expAdd(x + 2 * rowBytes, n, splatLane(peaks, 2)), d = expAdd(x + 3 * rowBytes, n, splatLane(peaks, 3));
  return sumRows(a, b, c, d, f64x2.splat(1));
}

/** out = exp(x − peak) for n elements, and what every fourth of them adds up to. */
function expStore(out: usize, x: usize, n: i32, peak: v128): v128 {
  let sum = f32x4.splat(0);
  for (; n >= 4; n -= 4, x += 16, out += 16) {
    const e = expBelow4(f32x4.sub(v128.load(x), peak));
    v128.store(out, e);
    sum = f32x4.add(sum, e);
  }
  if (n > 0) {
    const e = v128.and(expBelow4(f32x4.sub(v128.load(x), peak)), firstLanes(n));
    storeLanes(out, e, n);
    sum = f32x4.add(sum, e);
  }
  return sum;
}

/** The same sums; nothing is stored. */
function expAdd(x: usize, n: i32, peak: v128): v128 {
  let sum = f32x4.splat(0);
  for (; n >= 4; n -= 4, x += 16) sum = f32x4.add(sum, expBelow4(f32x4.sub(v128.load(x), peak)));
  return n > 0 ? f32x4.add(sum, v128.and(expBelow4(f32x4.sub(v128.load(x), peak)), firstLanes(n))) : sum;
}

/** x = x · factor for n elements. */
export function scaleRow(x: usize, n: i32, factor: v128): void {
  for (; n >= 8; n -= 8, x += 32) {
    v128.store(x, f32x4.mul(v128.load(x), factor));
    v128.store(x, f32x4.mul(v128.load(x, 16), factor), 16);
  }
  for (; n >= 4; n -= 4, x += 16) v128.store(x, f32x4.mul(v128.load(x), factor));
  if (n > 0) storeLanes(x, f32x4.mul(v128.load(x), factor), n);
}

/** out = (x − peak) − logSum: in this order the large parts cancel exactly. */
function logRow(out: usize, x: usize, n: i32, peak: v128, logSum: v128): void {
  for (; n >= 4; n -= 4, x += 16, out += 16) v128.store(out, f32x4.sub(f32x4.sub(v128.load(x), peak), logSum));
  if (n > 0) storeLanes(out, f32x4.sub(f32x4.sub(v128.load(x), peak), logSum), n);
}
