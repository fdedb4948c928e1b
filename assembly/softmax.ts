// Softmax and log-softmax along rows, and the passes over a row that the losses use too.
// The maximum is subtracted first, so that exp never overflows; the result is the same.
import { storeLanes } from "./gemm.block";
import { firstLanes, sumLanes } from "./lanes";
import { exp4, log4 } from "./math";
import { maxOfRow } from "./reduce";

/** Elements whose float32 sums are emptied into float64 together. The order of a sum depends on the length of the row only. */
export const BLOCK: i32 = 256;

/** out = softmax(x) or log-softmax(x) along the rows of x[rows, cols]; out may be x. Words: docs/kernels.md. */
export function f32_softmax(words: usize): void {
  softmax(<usize>load<u32>(words), <usize>load<u32>(words, 4), load<i32>(words, 8), load<i32>(words, 12), load<i32>(words, 16) != 0);
}

export function softmax(out: usize, x: usize, rows: i32, cols: i32, log: bool): void {
  const rowBytes = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    const peak = maxOfRow(x, cols);
    if (log) logRow(out, x, cols, peak, logOf(expSum(x, cols, peak)));
    else scaleRow(out, cols, f32x4.splat(<f32>(1 / expRow(out, x, cols, peak))));
    out += rowBytes;
    x += rowBytes;
  }
}

/** out = exp(x − peak) for n elements; returns their sum. out may be x. */
export function expRow(out: usize, x: usize, n: i32, peak: v128): f64 {
  return expPass(true, out, x, n, peak);
}

/** Σ exp(x − peak) of n elements. */
export function expSum(x: usize, n: i32, peak: v128): f64 {
  return expPass(false, 0, x, n, peak);
}

/** ln of a sum, in every lane. */
export function logOf(sum: f64): v128 {
  return log4(f32x4.splat(<f32>sum));
}

// `keep` is a literal at both calls: each inlined copy has one loop.
// @ts-ignore: decorator
@inline
function expPass(keep: bool, out: usize, x: usize, n: i32, peak: v128): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i + 4 <= n) {
    const end = min(n - 3, i + BLOCK);
    let sum = f32x4.splat(0);
    for (; i < end; i += 4, x += 16) {
      const e = exp4(f32x4.sub(v128.load(x), peak));
      sum = f32x4.add(sum, e);
      if (keep) {
        v128.store(out, e);
        out += 16;
      }
    }
    total += sumLanes(sum);
  }
  if (i < n) {
    const e = v128.and(exp4(f32x4.sub(v128.load(x), peak)), firstLanes(n - i));
    total += sumLanes(e);
    if (keep) storeLanes(out, e, n - i);
  }
  return total;
}

/** x = x · factor for n elements. */
export function scaleRow(x: usize, n: i32, factor: v128): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, x += 16) v128.store(x, f32x4.mul(v128.load(x), factor));
  if (i < n) storeLanes(x, f32x4.mul(v128.load(x), factor), n - i);
}

/** out = (x − peak) − logSum: in this order the large parts cancel exactly. */
function logRow(out: usize, x: usize, n: i32, peak: v128, logSum: v128): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, x += 16, out += 16) v128.store(out, f32x4.sub(f32x4.sub(v128.load(x), peak), logSum));
  if (i < n) storeLanes(out, f32x4.sub(f32x4.sub(v128.load(x), peak), logSum), n - i);
}
