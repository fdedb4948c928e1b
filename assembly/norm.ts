// Batch normalisation's sums: one value a column, over all rows. Rows are added in blocks of about √rows, so that long sums stay exact:
// relative error of a sum of positives < 2 · √rows · 2⁻²⁴. The order depends on the shape only.
import { storePart } from "./lanes";
import { rangeBegin, rangeEnd } from "./range";
import { STRIP } from "./reduce";

/** What is summed: x, (x − mean)², or dy · (x − mean). */
const SUM: i32 = 0;
const SQUARE: i32 = 1;
const PRODUCT: i32 = 2;

/** out[0] = mean, out[1] = biased variance of x[rows, cols] down its columns, in two passes. Words: docs/kernels.md. */
export function f32_bn_stats(words: usize): void {
  const rows = load<i32>(words, 8), cols = load<i32>(words, 12);
  const first = rangeBegin(words, STRIP, cols), rowBytes = <usize>cols << 2, bytes = <usize>(rangeEnd(words, STRIP, cols) - first) << 2;
  const mean = <usize>load<u32>(words) + (<usize>first << 2), x = <usize>load<u32>(words, 4) + (<usize>first << 2), variance = mean + rowBytes;
  memory.fill(mean, 0, bytes);
  memory.fill(variance, 0, bytes);
  const block = blockRows(rows);
  for (let row = 0; row < rows; row += block) addRows(SUM, mean, x + <usize>row * rowBytes, 0, 0, min(block, rows - row), rowBytes, bytes);
  divide(mean, bytes, <f32>rows);
  for (let row = 0; row < rows; row += block) addRows(SQUARE, variance, x + <usize>row * rowBytes, 0, mean, min(block, rows - row), rowBytes, bytes);
  divide(variance, bytes, <f32>rows);
}

/** out[0] = Σ dy, out[1] = Σ dy · (x − mean) down the columns. Words: docs/kernels.md. */
export function f32_bn_grad_sums(words: usize): void {
  const rows = load<i32>(words, 16), cols = load<i32>(words, 20);
  const first = rangeBegin(words, STRIP, cols), rowBytes = <usize>cols << 2, bytes = <usize>(rangeEnd(words, STRIP, cols) - first) << 2;
  const skip = <usize>first << 2;
  const out = <usize>load<u32>(words) + skip, dy = <usize>load<u32>(words, 4) + skip, x = <usize>load<u32>(words, 8) + skip, mean = <usize>load<u32>(words, 12) + skip;
  memory.fill(out, 0, bytes);
  memory.fill(out + rowBytes, 0, bytes);
  const block = blockRows(rows);
  for (let row = 0; row < rows; row += block) {
    const offset = <usize>row * rowBytes;
    const count = min(block, rows - row);
    addRows(SUM, out, dy + offset, 0, 0, count, rowBytes, bytes);
    addRows(PRODUCT, out + rowBytes, dy + offset, x + offset, mean, count, rowBytes, bytes);
  }
}

function blockRows(rows: i32): i32 {
  return max(64, <i32>Mathf.sqrt(<f32>rows));
}

/** total[columns] += the first `bytes` of the rows of one block. a: x, or dy for PRODUCT; b: x for PRODUCT. */
function addRows(kind: i32, total: usize, a: usize, b: usize, mean: usize, rows: i32, rowBytes: usize, bytes: usize): void {
  let column: usize = 0;
  for (; column + 64 <= bytes; column += 64) {
    if (kind == SUM) add16(SUM, total + column, a + column, b, mean, rows, rowBytes);
    else if (kind == SQUARE) add16(SQUARE, total + column, a + column, b, mean + column, rows, rowBytes);
    else add16(PRODUCT, total + column, a + column, b + column, mean + column, rows, rowBytes);
  }
  for (; column < bytes; column += 16) {
    if (kind == SUM) add4(SUM, total + column, a + column, b, mean, rows, rowBytes, bytes - column);
    else if (kind == SQUARE) add4(SQUARE, total + column, a + column, b, mean + column, rows, rowBytes, bytes - column);
    else add4(PRODUCT, total + column, a + column, b + column, mean + column, rows, rowBytes, bytes - column);
  }
}

/** Sixteen columns: whole cache lines of wide rows. */
// @ts-ignore: decorator
@inline
function add16(kind: i32, total: usize, a: usize, b: usize, mean: usize, rows: i32, rowBytes: usize): void {
  const zero = f32x4.splat(0);
  let sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero;
  const mean0 = kind == SUM ? zero : v128.load(mean), mean1 = kind == SUM ? zero : v128.load(mean, 16);
  const mean2 = kind == SUM ? zero : v128.load(mean, 32), mean3 = kind == SUM ? zero : v128.load(mean, 48);
  for (let row = 0; row < rows; row++) {
    sum0 = f32x4.add(sum0, term(kind, v128.load(a), kind == PRODUCT ? v128.load(b) : zero, mean0));
    sum1 = f32x4.add(sum1, term(kind, v128.load(a, 16), kind == PRODUCT ? v128.load(b, 16) : zero, mean1));
    sum2 = f32x4.add(sum2, term(kind, v128.load(a, 32), kind == PRODUCT ? v128.load(b, 32) : zero, mean2));
    sum3 = f32x4.add(sum3, term(kind, v128.load(a, 48), kind == PRODUCT ? v128.load(b, 48) : zero, mean3));
    a += rowBytes;
    b += rowBytes;
  }
  v128.store(total, f32x4.add(v128.load(total), sum0));
  v128.store(total, f32x4.add(v128.load(total, 16), sum1), 16);
  v128.store(total, f32x4.add(v128.load(total, 32), sum2), 32);
  v128.store(total, f32x4.add(v128.load(total, 48), sum3), 48);
}

/** Up to four columns, four rows at a time: their sums do not wait for each other. */
// @ts-ignore: decorator
@inline
function add4(kind: i32, total: usize, a: usize, b: usize, mean: usize, rows: i32, rowBytes: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  let sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero;
  const mean0 = kind == SUM ? zero : v128.load(mean);
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const a2 = a + 2 * rowBytes, b2 = b + 2 * rowBytes;
    sum0 = f32x4.add(sum0, term(kind, v128.load(a), kind == PRODUCT ? v128.load(b) : zero, mean0));
    sum1 = f32x4.add(sum1, term(kind, v128.load(a + rowBytes), kind == PRODUCT ? v128.load(b + rowBytes) : zero, mean0));
    sum2 = f32x4.add(sum2, term(kind, v128.load(a2), kind == PRODUCT ? v128.load(b2) : zero, mean0));
    sum3 = f32x4.add(sum3, term(kind, v128.load(a2 + rowBytes), kind == PRODUCT ? v128.load(b2 + rowBytes) : zero, mean0));
    a = a2 + 2 * rowBytes;
    b = b2 + 2 * rowBytes;
  }
  for (; row < rows; row++, a += rowBytes, b += rowBytes) {
    sum0 = f32x4.add(sum0, term(kind, v128.load(a), kind == PRODUCT ? v128.load(b) : zero, mean0));
  }
  const sum = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  storePart(total, f32x4.add(v128.load(total), sum), bytes);
}

// @ts-ignore: decorator
@inline
function term(kind: i32, a: v128, b: v128, mean: v128): v128 {
  if (kind == SUM) return a;
  if (kind == PRODUCT) return f32x4.mul(a, f32x4.sub(b, mean));
  const d = f32x4.sub(a, mean);
  return f32x4.mul(d, d);
}

function divide(row: usize, bytes: usize, count: f32): void {
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(row + i, load<f32>(row + i) / count);
}
