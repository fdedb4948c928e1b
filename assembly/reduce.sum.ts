// Sums of float32: four chains of float32 vectors, emptied into float64 every BLOCK steps, so that the error does not grow with the length.
// The order depends on the shape only.
import { storeLanes } from "./gemm.block";
import { addPair, firstLanes, highHalf, lowHalf, narrow, sumLanes } from "./lanes";

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

/** out[columns] = Σ of x[rows, columns] down its columns, over `divisor`. */
export function sumColumns(out: usize, x: usize, rows: i32, columns: i32, divisor: i32): void {
  const rowBytes = <usize>columns << 2;
  for (let c = 0; c < columns; c += STRIP) sumStrip(out + (<usize>c << 2), x + (<usize>c << 2), rows, rowBytes, columns - c, f64x2.splat(<f64>divisor));
}

/** Sums up to 16 columns. Narrow strips take two or four rows at once, so that four chains run all the same. */
function sumStrip(out: usize, x: usize, rows: i32, rowBytes: usize, columns: i32, divisor: v128): void {
  const rowsAtOnce = columns > 8 ? 1 : columns > 4 ? 2 : 4;
  // A strip of three vectors sums the third twice; the fourth result is not stored.
  const second: usize = rowsAtOnce == 4 ? rowBytes : 16;
  const third: usize = rowsAtOnce == 4 ? 2 * rowBytes : rowsAtOnce == 2 ? rowBytes : 32;
  const fourth: usize = columns > 12 ? 48 : columns > 8 ? 32 : third + second;
  const step = <usize>rowsAtOnce * rowBytes;
  const whole = rows - rows % rowsAtOnce;
  let aLow = f64x2.splat(0), aHigh = aLow, bLow = aLow, bHigh = aLow, cLow = aLow, cHigh = aLow, dLow = aLow, dHigh = aLow;
  for (let r = 0; r < rows; ) {
    const end = min(whole, r + BLOCK * rowsAtOnce);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (; r < end; r += rowsAtOnce, x += step) {
      a = f32x4.add(a, v128.load(x));
      b = f32x4.add(b, v128.load(x + second));
      c = f32x4.add(c, v128.load(x + third));
      d = f32x4.add(d, v128.load(x + fourth));
    }
    if (r == whole) {
      for (; r < rows; r++, x += rowBytes) {
        a = f32x4.add(a, v128.load(x));
        if (rowsAtOnce == 2) b = f32x4.add(b, v128.load(x, 16));
      }
    }
    aLow = f64x2.add(aLow, lowHalf(a));
    aHigh = f64x2.add(aHigh, highHalf(a));
    bLow = f64x2.add(bLow, lowHalf(b));
    bHigh = f64x2.add(bHigh, highHalf(b));
    cLow = f64x2.add(cLow, lowHalf(c));
    cHigh = f64x2.add(cHigh, highHalf(c));
    dLow = f64x2.add(dLow, lowHalf(d));
    dHigh = f64x2.add(dHigh, highHalf(d));
  }
  if (rowsAtOnce == 4) {
    const low = f64x2.add(f64x2.add(aLow, bLow), f64x2.add(cLow, dLow));
    const high = f64x2.add(f64x2.add(aHigh, bHigh), f64x2.add(cHigh, dHigh));
    storeLanes(out, quotient(low, high, divisor), columns);
  } else if (rowsAtOnce == 2) {
    v128.store(out, quotient(f64x2.add(aLow, cLow), f64x2.add(aHigh, cHigh), divisor));
    storeLanes(out + 16, quotient(f64x2.add(bLow, dLow), f64x2.add(bHigh, dHigh), divisor), columns - 4);
  } else {
    v128.store(out, quotient(aLow, aHigh, divisor));
    v128.store(out, quotient(bLow, bHigh, divisor), 16);
    storeLanes(out + 32, quotient(cLow, cHigh, divisor), min(columns - 8, 4));
    if (columns > 12) storeLanes(out + 48, quotient(dLow, dHigh, divisor), min(columns - 12, 4));
  }
}

// @ts-ignore: decorator
@inline
function quotient(low: v128, high: v128, divisor: v128): v128 {
  return narrow(f64x2.div(low, divisor), f64x2.div(high, divisor));
}
