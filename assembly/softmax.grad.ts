// The gradient of softmax, and cross-entropy of softmax with its own: probabilities are never written out for the loss.
import { storeLanes } from "./gemm.block";
import { firstLanes, sumLanes } from "./lanes";
import { exp4 } from "./math";
import { maxOfRow } from "./reduce";
import { sumRow } from "./reduce.sum";
import { BLOCK, expRow, expSum, logOf, scaleRow } from "./softmax";
import { INDEX_OUT_OF_RANGE, report } from "./status";

/** dx from y = softmax(x) or log-softmax(x) and dy; dx may be dy. Words: docs/kernels.md. */
export function f32_softmax_grad(words: usize): void {
  const dx = <usize>load<u32>(words), y = <usize>load<u32>(words, 4), dy = <usize>load<u32>(words, 8);
  softmaxGrad(dx, y, dy, load<i32>(words, 12), load<i32>(words, 16), load<i32>(words, 20) != 0);
}

export function softmaxGrad(dx: usize, y: usize, dy: usize, rows: i32, cols: i32, log: bool): void {
  const rowBytes = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    if (log) gradRow(true, dx, y, dy, cols, f32x4.splat(<f32>sumRow(dy, cols)));
    else gradRow(false, dx, y, dy, cols, f32x4.splat(<f32>dotRow(y, dy, cols)));
    dx += rowBytes;
    y += rowBytes;
    dy += rowBytes;
  }
}

/** loss[row] = −Σ labels · logSoftmax(logits); sparse labels are class numbers. Words: docs/kernels.md. */
export function f32_softmax_xent(words: usize): void {
  const loss = <usize>load<u32>(words), logits = <usize>load<u32>(words, 4), labels = <usize>load<u32>(words, 8);
  const rows = load<i32>(words, 12), cols = load<i32>(words, 16);
  if (load<i32>(words, 28)) sparseXent(loss, logits, labels, rows, cols, <usize>load<u32>(words, 20), load<i32>(words, 24));
  else denseXent(loss, logits, labels, rows, cols);
}

export function denseXent(loss: usize, logits: usize, labels: usize, rows: i32, cols: i32): void {
  const rowBytes = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    const peak = maxOfRow(logits, cols);
    const logSum = f32x4.extract_lane(logOf(expSum(logits, cols, peak)), 0);
    // Both parts are ≥ 0 for labels ≥ 0: nothing cancels.
    store<f32>(loss, <f32>(sumRow(labels, cols) * <f64>logSum + distanceRow(labels, logits, cols, peak)));
    loss += 4;
    logits += rowBytes;
    labels += rowBytes;
  }
}

export function sparseXent(loss: usize, logits: usize, labels: usize, rows: i32, cols: i32, status: usize, step: i32): void {
  const rowBytes = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    const label = load<u32>(labels);
    if (label < <u32>cols) {
      const peak = maxOfRow(logits, cols);
      const logSum = f32x4.extract_lane(logOf(expSum(logits, cols, peak)), 0);
      store<f32>(loss, f32x4.extract_lane(peak, 0) - load<f32>(logits + (<usize>label << 2)) + logSum);
    } else {
      report(status, INDEX_OUT_OF_RANGE, step, r);
      store<f32>(loss, NaN);
    }
    loss += 4;
    logits += rowBytes;
    labels += 4;
  }
}

/** dlogits = dloss · (softmax(logits) · Σ labels − labels); a sparse label out of range gives zeros. Words: docs/kernels.md. */
export function f32_softmax_xent_grad(words: usize): void {
  const dlogits = <usize>load<u32>(words), logits = <usize>load<u32>(words, 4), labels = <usize>load<u32>(words, 8), dloss = <usize>load<u32>(words, 12);
  const rows = load<i32>(words, 16), cols = load<i32>(words, 20);
  if (load<i32>(words, 24)) sparseXentGrad(dlogits, logits, labels, dloss, rows, cols);
  else denseXentGrad(dlogits, logits, labels, dloss, rows, cols);
}

export function denseXentGrad(dlogits: usize, logits: usize, labels: usize, dloss: usize, rows: i32, cols: i32): void {
  const rowBytes = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    const weight = <f64>load<f32>(dloss);
    const sum = expRow(dlogits, logits, cols, maxOfRow(logits, cols));
    combineRow(dlogits, labels, cols, f32x4.splat(<f32>(weight * sumRow(labels, cols) / sum)), f32x4.splat(<f32>weight));
    dlogits += rowBytes;
    logits += rowBytes;
    labels += rowBytes;
    dloss += 4;
  }
}

export function sparseXentGrad(dlogits: usize, logits: usize, labels: usize, dloss: usize, rows: i32, cols: i32): void {
  const rowBytes = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    const label = load<u32>(labels);
    if (label < <u32>cols) {
      const weight = load<f32>(dloss);
      const sum = expRow(dlogits, logits, cols, maxOfRow(logits, cols));
      scaleRow(dlogits, cols, f32x4.splat(<f32>(<f64>weight / sum)));
      const own = dlogits + (<usize>label << 2);
      store<f32>(own, load<f32>(own) - weight);
    } else memory.fill(dlogits, 0, rowBytes);
    dlogits += rowBytes;
    logits += rowBytes;
    labels += 4;
    dloss += 4;
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
