// Sums of float32: four chains of float32 vectors, emptied into float64 every BLOCK steps, so that the error does not grow with the length.
// The order depends on the shape only.
import { storeLanes } from "./gemm.block";
import { addPair, firstLanes, highHalf, lowHalf, narrow, sumLanes, sumRows } from "./lanes";

/** Steps of a chain before it is emptied: at most 64 roundings, 64 · 2⁻²⁴ = 3.8e-6 at worst, 5e-7 as they usually fall. */
const BLOCK: i32 = 64;

/** Columns of a strip: four vectors. */
const STRIP: i32 = 16;

/** Sum of n floats. */
export function sumRow(x: usize, n: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i + 16 <= n) {
    const end = min(n - 15, i + 16 * BLOCK);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (; i < end; i += 16, x += 64) {
      a = f32x4.add(a, v128.load(x));
      b = f32x4.add(b, v128.load(x, 16));
      c = f32x4.add(c, v128.load(x, 32));
      d = f32x4.add(d, v128.load(x, 48));
    }
    const ab = f64x2.add(f64x2.add(lowHalf(a), highHalf(a)), f64x2.add(lowHalf(b), highHalf(b)));
    const cd = f64x2.add(f64x2.add(lowHalf(c), highHalf(c)), f64x2.add(lowHalf(d), highHalf(d)));
    total += addPair(f64x2.add(ab, cd));
  }
  if (i == n) return total;
  let rest = f32x4.splat(0);
  for (; i + 4 <= n; i += 4, x += 16) rest = f32x4.add(rest, v128.load(x));
  if (i < n) rest = f32x4.add(rest, v128.and(v128.load(x), firstLanes(n - i)));
  return total + sumLanes(rest);
}

/** sumRow of four rows of at most 64 elements that follow each other, a lane each, over `divisor`. */
export function sumShortRows(x: usize, n: i32, divisor: i32): v128 {
  const bytes = <usize>n << 2;
  return sumRows(sumOfLanes(x, n), sumOfLanes(x + bytes, n), sumOfLanes(x + 2 * bytes, n), sumOfLanes(x + 3 * bytes, n), f64x2.splat(<f64>divisor));
}

/** The sum of every fourth of n elements. */
// @ts-ignore: decorator
@inline
function sumOfLanes(x: usize, n: i32): v128 {
  let sum = f32x4.splat(0);
  for (; n >= 4; n -= 4, x += 16) sum = f32x4.add(sum, v128.load(x));
  return n > 0 ? f32x4.add(sum, v128.and(v128.load(x), firstLanes(n))) : sum;
}

/** out[columns] = Σ of x[rows, inner] down its first columns, over `divisor`. Workspace: eight bytes a column, for a multiple of 16 of them. */
export function sumColumns(out: usize, x: usize, rows: i32, inner: i32, columns: i32, divisor: i32, workspace: usize): void {
  const rowBytes = <usize>inner << 2;
  // Wide rows: all strips go through a band of rows before any goes on, so that later ones find it in the cache. A strip alone takes rows at once.
  // What is summed before it goes to float64 may not depend on which of the columns these are.
  const band = inner > 8 ? BLOCK : inner > 4 ? 2 * BLOCK : 4 * BLOCK;
  for (let c = 0; c < columns; c += 2) v128.store(workspace + (<usize>c << 3), f64x2.splat(0));
  for (let r = 0; r < rows; r += band, x += <usize>band * rowBytes) {
    for (let c = 0; c < columns; c += STRIP) sumStrip(workspace + (<usize>c << 3), x + (<usize>c << 2), min(band, rows - r), rowBytes, columns - c);
  }
  const by = f64x2.splat(<f64>divisor);
  for (let c = 0; c < columns; c += 4) {
    const state = workspace + (<usize>c << 3);
    storeLanes(out + (<usize>c << 2), narrow(f64x2.div(v128.load(state), by), f64x2.div(v128.load(state, 16), by)), min(columns - c, 4));
  }
}

/** Adds up to 16 columns of a band to `state`. Narrow strips take two or four rows at once, so that four chains run all the same. */
function sumStrip(state: usize, x: usize, rows: i32, rowBytes: usize, columns: i32): void {
  const rowsAtOnce = columns > 8 ? 1 : columns > 4 ? 2 : 4;
  // A strip of three vectors sums the third twice.
  const second: usize = rowsAtOnce == 4 ? rowBytes : 16;
  const third: usize = rowsAtOnce == 4 ? 2 * rowBytes : rowsAtOnce == 2 ? rowBytes : 32;
  const fourth: usize = columns > 12 ? 48 : columns > 8 ? 32 : third + second;
  const step = <usize>rowsAtOnce * rowBytes;
  let a = f32x4.splat(0), b = a, c = a, d = a;
  let r = 0;
  for (; r + rowsAtOnce <= rows; r += rowsAtOnce, x += step) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x + second));
    c = f32x4.add(c, v128.load(x + third));
    d = f32x4.add(d, v128.load(x + fourth));
  }
  for (; r < rows; r++, x += rowBytes) {
    a = f32x4.add(a, v128.load(x));
    if (rowsAtOnce == 2) b = f32x4.add(b, v128.load(x, 16));
  }
  addFloats(state, a);
  if (rowsAtOnce == 4) {
    addFloats(state, b);
    addFloats(state, c);
    addFloats(state, d);
  } else {
    addFloats(state + 32, b);
    addFloats(rowsAtOnce == 2 ? state : state + 64, c);
    if (rowsAtOnce == 2) addFloats(state + 32, d);
    else if (columns > 12) addFloats(state + 96, d);
  }
}

/** Adds four floats to four float64. */
// @ts-ignore: decorator
@inline
export function addFloats(state: usize, x: v128): void {
  v128.store(state, f64x2.add(v128.load(state), lowHalf(x)));
  v128.store(state, f64x2.add(v128.load(state, 16), highHalf(x)), 16);
}
