// The gradient of softmax, and cross-entropy of softmax with its own: probabilities are never written out for the loss.
import { storeLanes } from "./gemm.block";
import { firstLanes, splatLane, sumLanes } from "./lanes";
import { exp4, log4 } from "./math";
import { rangeBegin, rangeEnd, UNIT_ROWS } from "./range";
import { sumRow } from "./reduce.sum";
import { BLOCK, expRow, exps4, expSum, peakOfRow, peaks4, scaleRow, SHORT, sums4 } from "./softmax";
import { INDEX_OUT_OF_RANGE, report } from "./status";

/** dx from y = softmax(x) or log-softmax(x) and dy; dx may be dy. Words: docs/kernels.md. */
export function f32_softmax_grad(words: usize): void {
  const rows = load<i32>(words, 12), cols = load<i32>(words, 16);
  const first = rangeBegin(words, UNIT_ROWS, rows), end = rangeEnd(words, UNIT_ROWS, rows);
  const skip = <usize>(first * cols) << 2, rowBytes = <usize>cols << 2;
  const log = load<i32>(words, 20) != 0;
  let dx = <usize>load<u32>(words) + skip, y = <usize>load<u32>(words, 4) + skip, dy = <usize>load<u32>(words, 8) + skip;
  for (let r = first; r < end; r++, dx += rowBytes, y += rowBytes, dy += rowBytes) {
    if (log) gradRow(true, dx, y, dy, cols, f32x4.splat(<f32>sumRow(dy, cols)));
    else gradRow(false, dx, y, dy, cols, f32x4.splat(<f32>dotRow(y, dy, cols)));
  }
}

/** loss[row] = −Σ labels · logSoftmax(logits); sparse labels are class numbers. Words: docs/kernels.md. */
export function f32_softmax_xent(words: usize): void {
  const rows = load<i32>(words, 12), cols = load<i32>(words, 16), sparse = load<i32>(words, 28) != 0;
  const first = rangeBegin(words, UNIT_ROWS, rows), end = rangeEnd(words, UNIT_ROWS, rows);
  const rowBytes = <usize>cols << 2, labelBytes = sparse ? <usize>4 : rowBytes;
  const status = <usize>load<u32>(words, 20), step = load<i32>(words, 24);
  let loss = <usize>load<u32>(words) + (<usize>first << 2);
  let logits = <usize>load<u32>(words, 4) + <usize>first * rowBytes, labels = <usize>load<u32>(words, 8) + <usize>first * labelBytes;
  let r = first;
  for (; r + 4 <= end && cols <= SHORT; r += 4, loss += 16, logits += 4 * rowBytes, labels += 4 * labelBytes) {
    const peaks = peaks4(logits, rowBytes, cols);
    const logs = log4(sums4(logits, rowBytes, cols, peaks));
    lossOfRow(sparse, loss, logits, labels, cols, splatLane(peaks, 0), splatLane(logs, 0), status, step, r);
    lossOfRow(sparse, loss + 4, logits + rowBytes, labels + labelBytes, cols, splatLane(peaks, 1), splatLane(logs, 1), status, step, r + 1);
    lossOfRow(sparse, loss + 8, logits + 2 * rowBytes, labels + 2 * labelBytes, cols, splatLane(peaks, 2), splatLane(logs, 2), status, step, r + 2);
    lossOfRow(sparse, loss + 12, logits + 3 * rowBytes, labels + 3 * labelBytes, cols, splatLane(peaks, 3), splatLane(logs, 3), status, step, r + 3);
  }
  for (; r < end; r++, loss += 4, logits += rowBytes, labels += labelBytes) {
    const peak = peakOfRow(logits, cols);
    lossOfRow(sparse, loss, logits, labels, cols, peak, log4(expSum(logits, cols, peak)), status, step, r);
  }
}

function lossOfRow(sparse: bool, loss: usize, logits: usize, labels: usize, cols: i32, peak: v128, logSum: v128, status: usize, step: i32, row: i32): void {
  const log = f32x4.extract_lane(logSum, 0);
  // Both parts are ≥ 0 for labels ≥ 0: nothing cancels.
  if (!sparse) store<f32>(loss, <f32>(sumRow(labels, cols) * <f64>log + distanceRow(labels, logits, cols, peak)));
  else {
    const label = load<u32>(labels);
    if (label < <u32>cols) store<f32>(loss, f32x4.extract_lane(peak, 0) - load<f32>(logits + (<usize>label << 2)) + log);
    else {
      report(status, INDEX_OUT_OF_RANGE, step, row);
      store<f32>(loss, NaN);
    }
  }
}

/** dlogits = dloss · (softmax(logits) · Σ labels − labels); a sparse label out of range gives zeros. Words: docs/kernels.md. */
export function f32_softmax_xent_grad(words: usize): void {
  const rows = load<i32>(words, 16), cols = load<i32>(words, 20), sparse = load<i32>(words, 24) != 0;
  const first = rangeBegin(words, UNIT_ROWS, rows), end = rangeEnd(words, UNIT_ROWS, rows);
  const rowBytes = <usize>cols << 2, labelBytes = sparse ? <usize>4 : rowBytes;
  let dlogits = <usize>load<u32>(words) + <usize>first * rowBytes, logits = <usize>load<u32>(words, 4) + <usize>first * rowBytes;
  let labels = <usize>load<u32>(words, 8) + <usize>first * labelBytes, dloss = <usize>load<u32>(words, 12) + (<usize>first << 2);
  let r = first;
  for (; r + 4 <= end && cols <= SHORT; r += 4, dlogits += 4 * rowBytes, logits += 4 * rowBytes, labels += 4 * labelBytes, dloss += 16) {
    const sums = exps4(dlogits, logits, rowBytes, cols, peaks4(logits, rowBytes, cols));
    gradOfRow(sparse, dlogits, labels, dloss, cols, f32x4.extract_lane(sums, 0));
    gradOfRow(sparse, dlogits + rowBytes, labels + labelBytes, dloss + 4, cols, f32x4.extract_lane(sums, 1));
    gradOfRow(sparse, dlogits + 2 * rowBytes, labels + 2 * labelBytes, dloss + 8, cols, f32x4.extract_lane(sums, 2));
    gradOfRow(sparse, dlogits + 3 * rowBytes, labels + 3 * labelBytes, dloss + 12, cols, f32x4.extract_lane(sums, 3));
  }
  for (; r < end; r++, dlogits += rowBytes, logits += rowBytes, labels += labelBytes, dloss += 4) {
    gradOfRow(sparse, dlogits, labels, dloss, cols, f32x4.extract_lane(expRow(dlogits, logits, cols, peakOfRow(logits, cols)), 0));
  }
}

/** From the row of exponentials that dlogits holds, and their sum. */
function gradOfRow(sparse: bool, dlogits: usize, labels: usize, dloss: usize, cols: i32, sum: f32): void {
  const weight = load<f32>(dloss);
  if (!sparse) combineRow(dlogits, labels, cols, f32x4.splat(<f32>(<f64>weight * sumRow(labels, cols) / <f64>sum)), f32x4.splat(weight));
  else {
    const label = load<u32>(labels);
    if (label < <u32>cols) {
      scaleRow(dlogits, cols, f32x4.splat(<f32>(<f64>weight / <f64>sum)));
      const own = dlogits + (<usize>label << 2);
      store<f32>(own, load<f32>(own) - weight);
    } else memory.fill(dlogits, 0, <usize>cols << 2);
  }
}

// `log` is a literal at both calls.
// @ts-ignore: decorator
@inline
function gradRow(log: bool, dx: usize, y: usize, dy: usize, n: i32, sum: v128): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, dx += 16, y += 16, dy += 16) v128.store(dx, gradient(log, v128.load(y), v128.load(dy), sum));
  if (i < n) storeLanes(dx, gradient(log, v128.load(y), v128.load(dy), sum), n - i);
}

/** softmax: y · (dy − Σ y·dy). log-softmax: dy − eʸ · Σ dy. */
// @ts-ignore: decorator
@inline
function gradient(log: bool, y: v128, dy: v128, sum: v128): v128 {
  if (log) return f32x4.sub(dy, f32x4.mul(exp4(y), sum));
  return f32x4.mul(y, f32x4.sub(dy, sum));
}

/** x = x · factor − labels · weight */
function combineRow(x: usize, labels: usize, n: i32, factor: v128, weight: v128): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, x += 16, labels += 16) {
    v128.store(x, f32x4.sub(f32x4.mul(v128.load(x), factor), f32x4.mul(v128.load(labels), weight)));
  }
  if (i < n) storeLanes(x, f32x4.sub(f32x4.mul(v128.load(x), factor), f32x4.mul(v128.load(labels), weight)), n - i);
}

/** Σ a · b */
function dotRow(a: usize, b: usize, n: i32): f64 {
  return productPass(false, a, b, n, f32x4.splat(0));
}

/** Σ labels · (peak − logits) */
function distanceRow(labels: usize, logits: usize, n: i32, peak: v128): f64 {
  return productPass(true, labels, logits, n, peak);
}

// `distance` is a literal at both calls.
// @ts-ignore: decorator
@inline
function productPass(distance: bool, a: usize, b: usize, n: i32, peak: v128): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i + 4 <= n) {
    const end = min(n - 3, i + BLOCK);
    let sum = f32x4.splat(0);
    for (; i < end; i += 4, a += 16, b += 16) sum = f32x4.add(sum, product(distance, a, b, peak));
    total += sumLanes(sum);
  }
  return i < n ? total + sumLanes(v128.and(product(distance, a, b, peak), firstLanes(n - i))) : total;
}

// @ts-ignore: decorator
@inline
function product(distance: bool, a: usize, b: usize, peak: v128): v128 {
  const value = v128.load(b);
  return f32x4.mul(v128.load(a), distance ? f32x4.sub(peak, value) : value);
}
