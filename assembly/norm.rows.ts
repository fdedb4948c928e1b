// Layer and RMS normalisation: every row by its own mean and deviation, in one kernel. Two passes over a row that lies in the cache give its
// statistics, so that a large mean does no harm; the gradients compute them anew. Sums run in float32 chains that are emptied into float64.
import { storeLanes } from "./gemm.block";
import { firstLanes, narrow, storePart, sumLanes } from "./lanes";
import { rangeBegin, rangeEnd, UNIT_ROWS } from "./range";
import { STRIP } from "./reduce";
import { addFloats, sumRow } from "./reduce.sum";

/** Columns summed together, in bytes: MOST_COLUMNS in src/ops/cuts.ts. */
const MOST_BYTES: usize = 4096;

/** Rows that all their strips go through before any goes on: longer bands meet the cache's limits. */
const BAND: i32 = 16;

/** Elements whose float32 sums are emptied together: 64 additions a chain. */
const BLOCK: i32 = 1024;

/** out = (x − mean) / √(variance + ε) · scale + offset, or, not centred, x / √(mean of x² + ε) · scale + offset; out may be x. Words: docs/kernels.md. */
export function f32_norm_rows(words: usize): void {
  const scale = <usize>load<u32>(words, 8), offset = <usize>load<u32>(words, 12);
  const rows = load<i32>(words, 16), cols = load<i32>(words, 20), epsilon = <f64>load<f32>(words, 24), centred = load<i32>(words, 28) != 0;
  const first = rangeBegin(words, UNIT_ROWS, rows), end = rangeEnd(words, UNIT_ROWS, rows), rowBytes = <usize>cols << 2;
  let out = <usize>load<u32>(words) + <usize>first * rowBytes, x = <usize>load<u32>(words, 4) + <usize>first * rowBytes;
  for (let r = first; r < end; r++, out += rowBytes, x += rowBytes) {
    const mean = meanOfRow(x, cols, centred), inverse = f32x4.splat(inverseOf(squaresOfRow(x, cols, mean), cols, epsilon));
    if (scale == 0 && offset == 0) writeRow(false, false, out, x, cols, mean, inverse, 0, 0);
    else if (offset == 0) writeRow(true, false, out, x, cols, mean, inverse, scale, 0);
    else if (scale == 0) writeRow(false, true, out, x, cols, mean, inverse, 0, offset);
    else writeRow(true, true, out, x, cols, mean, inverse, scale, offset);
  }
}

/**
 * dx of f32_norm_rows for g = dy · scale: (g − average of g − y · average of g·y) / √(variance + ε), y being what is not yet scaled; dx may be dy. stats[rows, 2]: the mean
 * (0 when not centred) and 1 / √(variance + ε) of each row. Words: docs/kernels.md.
 */
export function f32_norm_rows_grad(words: usize): void {
  const scale = <usize>load<u32>(words, 12);
  const rows = load<i32>(words, 16), cols = load<i32>(words, 20), epsilon = <f64>load<f32>(words, 24), centred = load<i32>(words, 28) != 0;
  const first = rangeBegin(words, UNIT_ROWS, rows), end = rangeEnd(words, UNIT_ROWS, rows), rowBytes = <usize>cols << 2;
  const skip = <usize>first * rowBytes;
  let dx = <usize>load<u32>(words) + skip, x = <usize>load<u32>(words, 4) + skip, dy = <usize>load<u32>(words, 8) + skip;
  let stats = <usize>load<u32>(words, 32) + (<usize>first << 3);
  for (let r = first; r < end; r++, dx += rowBytes, x += rowBytes, dy += rowBytes, stats += 8) {
    if (scale == 0) gradRow(false, dx, stats, x, dy, 0, cols, epsilon, centred);
    else gradRow(true, dx, stats, x, dy, scale, cols, epsilon, centred);
  }
}

/** dscale = Σ dy · (x − mean) · inverse and doffset = Σ dy down the columns, mean and inverse being the stats of f32_norm_rows_grad. Words: docs/kernels.md. */
export function f32_norm_sums(words: usize): void {
  const stats = <usize>load<u32>(words, 16), rows = load<i32>(words, 20), cols = load<i32>(words, 24);
  const first = rangeBegin(words, STRIP, cols), end = rangeEnd(words, STRIP, cols), rowBytes = <usize>cols << 2;
  const skip = <usize>first << 2, bytes = <usize>(end - first) << 2;
  const dscale = <usize>load<u32>(words) + skip, doffset = <usize>load<u32>(words, 4) + skip;
  const x = <usize>load<u32>(words, 8) + skip, dy = <usize>load<u32>(words, 12) + skip;
  for (let c: usize = 0; c < bytes; c += MOST_BYTES) sumColumns(dscale + c, doffset + c, x + c, dy + c, stats, rows, rowBytes, min(bytes - c, MOST_BYTES), <usize>load<u32>(words, 28));
}

function meanOfRow(x: usize, n: i32, centred: bool): v128 {
  return f32x4.splat(centred ? <f32>(sumRow(x, n) / <f64>n) : 0);
}

function inverseOf(squares: f64, n: i32, epsilon: f64): f32 {
  return <f32>(1 / Math.sqrt(squares / <f64>n + epsilon));
}

/** Σ (x − mean)² of n elements. */
function squaresOfRow(x: usize, n: i32, mean: v128): f64 {
  let total: f64 = 0;
  while (n >= 16) {
    const end = x + (<usize>min(n & ~15, BLOCK) << 2);
    n -= min(n & ~15, BLOCK);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (; x < end; x += 64) {
      const p = f32x4.sub(v128.load(x), mean), q = f32x4.sub(v128.load(x, 16), mean);
      a = f32x4.add(a, f32x4.mul(p, p));
      b = f32x4.add(b, f32x4.mul(q, q));
      const r = f32x4.sub(v128.load(x, 32), mean), s = f32x4.sub(v128.load(x, 48), mean);
      c = f32x4.add(c, f32x4.mul(r, r));
      d = f32x4.add(d, f32x4.mul(s, s));
    }
    total += sumLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  let rest = f32x4.splat(0);
  for (; n >= 4; n -= 4, x += 16) {
    const p = f32x4.sub(v128.load(x), mean);
    rest = f32x4.add(rest, f32x4.mul(p, p));
  }
  if (n > 0) {
    const p = v128.and(f32x4.sub(v128.load(x), mean), firstLanes(n));
    rest = f32x4.add(rest, f32x4.mul(p, p));
  }
  return total + sumLanes(rest);
}

// The flags are literals at every call.
// @ts-ignore: decorator
@inline
function writeRow(scaled: bool, shifted: bool, out: usize, x: usize, n: i32, mean: v128, inverse: v128, scale: usize, offset: usize): void {
  let i: usize = 0;
  for (const end = <usize>(n & ~7) << 2; i < end; i += 32) {
    v128.store(out + i, normalized(scaled, shifted, v128.load(x + i), mean, inverse, scale + i, offset + i));
    v128.store(out + i, normalized(scaled, shifted, v128.load(x + i, 16), mean, inverse, scale + i + 16, offset + i + 16), 16);
  }
  if (n & 4) {
    v128.store(out + i, normalized(scaled, shifted, v128.load(x + i), mean, inverse, scale + i, offset + i));
    i += 16;
  }
  if (n & 3) storeLanes(out + i, normalized(scaled, shifted, v128.load(x + i), mean, inverse, scale + i, offset + i), n & 3);
}

// @ts-ignore: decorator
@inline
function normalized(scaled: bool, shifted: bool, x: v128, mean: v128, inverse: v128, scale: usize, offset: usize): v128 {
  let y = f32x4.mul(f32x4.sub(x, mean), inverse);
  if (scaled) y = f32x4.mul(y, v128.load(scale));
  return shifted ? f32x4.add(y, v128.load(offset)) : y;
}

// @ts-ignore: decorator
@inline
function gradRow(scaled: bool, dx: usize, stats: usize, x: usize, dy: usize, scale: usize, n: i32, epsilon: f64, centred: bool): void {
  const mean = meanOfRow(x, n, centred);
  // Σ (x − mean)², Σ g and Σ g · (x − mean), in one pass.
  let squares: f64 = 0, sum: f64 = 0, products: f64 = 0;
  let i: usize = 0;
  for (const pairs = <usize>(n & ~7) << 2; i < pairs; ) {
    const end = min(pairs, i + (BLOCK << 1));
    let a = f32x4.splat(0), b = a, c = a, a2 = a, b2 = a, c2 = a;
    for (; i < end; i += 32) {
      const p = f32x4.sub(v128.load(x + i), mean), g = weighted(scaled, v128.load(dy + i), scale + i);
      a = f32x4.add(a, f32x4.mul(p, p));
      b = f32x4.add(b, g);
      c = f32x4.add(c, f32x4.mul(g, p));
      const q = f32x4.sub(v128.load(x + i, 16), mean), h = weighted(scaled, v128.load(dy + i, 16), scale + i + 16);
      a2 = f32x4.add(a2, f32x4.mul(q, q));
      b2 = f32x4.add(b2, h);
      c2 = f32x4.add(c2, f32x4.mul(h, q));
    }
    squares += sumLanes(f32x4.add(a, a2));
    sum += sumLanes(f32x4.add(b, b2));
    products += sumLanes(f32x4.add(c, c2));
  }
  if (n & 4) {
    const p = f32x4.sub(v128.load(x + i), mean), g = weighted(scaled, v128.load(dy + i), scale + i);
    squares += sumLanes(f32x4.mul(p, p));
    sum += sumLanes(g);
    products += sumLanes(f32x4.mul(g, p));
    i += 16;
  }
  if (n & 3) {
    const mask = firstLanes(n & 3);
    const p = v128.and(f32x4.sub(v128.load(x + i), mean), mask), g = v128.and(weighted(scaled, v128.load(dy + i), scale + i), mask);
    squares += sumLanes(f32x4.mul(p, p));
    sum += sumLanes(g);
    products += sumLanes(f32x4.mul(g, p));
  }
  const count = <f64>n, inverse = 1 / Math.sqrt(squares / count + epsilon);
  store<f32>(stats, f32x4.extract_lane(mean, 0));
  store<f32>(stats, <f32>inverse, 4);
  const factor = f32x4.splat(<f32>inverse), slope = f32x4.splat(<f32>(inverse * inverse * inverse * products / count));
  const shift = f32x4.splat(centred ? <f32>(inverse * sum / count) : 0);
  i = 0;
  for (const whole = <usize>(n & ~3) << 2; i < whole; i += 16) {
    v128.store(dx + i, gradient(v128.load(x + i), weighted(scaled, v128.load(dy + i), scale + i), mean, factor, slope, shift));
  }
  if (n & 3) storeLanes(dx + i, gradient(v128.load(x + i), weighted(scaled, v128.load(dy + i), scale + i), mean, factor, slope, shift), n & 3);
}

// @ts-ignore: decorator
@inline
function weighted(scaled: bool, dy: v128, scale: usize): v128 {
  return scaled ? f32x4.mul(dy, v128.load(scale)) : dy;
}

// @ts-ignore: decorator
@inline
function gradient(x: v128, g: v128, mean: v128, factor: v128, slope: v128, shift: v128): v128 {
  return f32x4.sub(f32x4.sub(f32x4.mul(g, factor), shift), f32x4.mul(f32x4.sub(x, mean), slope));
}

/** Sums in float64: dscale's in the first half of the workspace, eight bytes a column, doffset's in the second. */
function sumColumns(dscale: usize, doffset: usize, x: usize, dy: usize, stats: usize, rows: i32, rowBytes: usize, bytes: usize, workspace: usize): void {
  const second = workspace + 2 * MOST_BYTES;
  memory.fill(workspace, 0, 4 * MOST_BYTES);
  for (let row = 0; row < rows; row += BAND) {
    const at = <usize>row * rowBytes;
    for (let c: usize = 0; c < bytes; c += 64) addStrip(workspace + 2 * c, second + 2 * c, x + at + c, dy + at + c, stats + (<usize>row << 3), min(BAND, rows - row), rowBytes, bytes - c);
  }
  for (let c: usize = 0; c < bytes; c += 16) {
    storePart(dscale + c, narrow(v128.load(workspace + 2 * c), v128.load(workspace + 2 * c, 16)), bytes - c);
    storePart(doffset + c, narrow(v128.load(second + 2 * c), v128.load(second + 2 * c, 16)), bytes - c);
  }
}

/** Adds rows of up to 16 columns to the sums. */
function addStrip(scaleSums: usize, offsetSums: usize, x: usize, dy: usize, stats: usize, rows: i32, rowBytes: usize, bytes: usize): void {
  // Vectors behind the last column work on it again; their sums go where nobody looks.
  const second: usize = bytes > 16 ? 16 : 0, third: usize = bytes > 32 ? 32 : second, fourth: usize = bytes > 48 ? 48 : third;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (let r = 0; r < rows; r++, x += rowBytes, dy += rowBytes, stats += 8) {
    const mean = v128.load32_splat(stats), inverse = v128.load32_splat(stats, 4);
    let g = v128.load(dy);
    b0 = f32x4.add(b0, g);
    a0 = f32x4.add(a0, f32x4.mul(g, f32x4.mul(f32x4.sub(v128.load(x), mean), inverse)));
    g = v128.load(dy + second);
    b1 = f32x4.add(b1, g);
    a1 = f32x4.add(a1, f32x4.mul(g, f32x4.mul(f32x4.sub(v128.load(x + second), mean), inverse)));
    g = v128.load(dy + third);
    b2 = f32x4.add(b2, g);
    a2 = f32x4.add(a2, f32x4.mul(g, f32x4.mul(f32x4.sub(v128.load(x + third), mean), inverse)));
    g = v128.load(dy + fourth);
    b3 = f32x4.add(b3, g);
    a3 = f32x4.add(a3, f32x4.mul(g, f32x4.mul(f32x4.sub(v128.load(x + fourth), mean), inverse)));
  }
  addTo(scaleSums, a0, a1, a2, a3);
  addTo(offsetSums, b0, b1, b2, b3);
}

// @ts-ignore: decorator
@inline
function addTo(sums: usize, a: v128, b: v128, c: v128, d: v128): void {
  addFloats(sums, a);
  addFloats(sums + 32, b);
  addFloats(sums + 64, c);
  addFloats(sums + 96, d);
}
