// Reductions over the middle of [outer, reduce, inner]: maxima, minima, products, and all of int32. Float sums are in reduce.sum.ts.
// Four chains run side by side: along a row for inner = 1, else down columns (16, 8 or 4 of them). The order depends on the shape only.
import { storeLanes } from "./gemm.block";
import { firstLanes } from "./lanes";
import { sumColumns, sumRow } from "./reduce.sum";

/** Kinds, as in src/ops: the word of both kernels. */
const SUM: i32 = 0;
const MEAN: i32 = 1;
const MAX: i32 = 2;
const MIN: i32 = 3;
const PROD: i32 = 4;
const ANY: i32 = 5;
const ALL: i32 = 6;

/** Added to the kind of an int32 fold: folds of float32 have the kinds as they are. */
const INT: i32 = 8;

/** Columns of a strip: four vectors. */
const STRIP: i32 = 16;

/** out[outer, inner] = sum, mean, max, min or prod of x[outer, reduce, inner]. Words: docs/kernels.md. */
export function f32_reduce(words: usize): void {
  const out = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  reduceFloat(out, x, load<i32>(words, 8), load<i32>(words, 12), load<i32>(words, 16), load<i32>(words, 20));
}

export function reduceFloat(out: usize, x: usize, outer: i32, reduce: i32, inner: i32, kind: i32): void {
  if (kind == SUM) sums(out, x, outer, reduce, inner, 1);
  else if (kind == MEAN) sums(out, x, outer, reduce, inner, reduce);
  else if (kind == MAX) folds(MAX, out, x, outer, reduce, inner);
  else if (kind == MIN) folds(MIN, out, x, outer, reduce, inner);
  else folds(PROD, out, x, outer, reduce, inner);
}

/** As f32_reduce for int32 and bool: sum and prod wrap, any and all give 0 or 1; there is no mean. Words: docs/kernels.md. */
export function i32_reduce(words: usize): void {
  const out = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  reduceInt(out, x, load<i32>(words, 8), load<i32>(words, 12), load<i32>(words, 16), load<i32>(words, 20));
}

export function reduceInt(out: usize, x: usize, outer: i32, reduce: i32, inner: i32, kind: i32): void {
  if (kind == SUM) folds(INT + SUM, out, x, outer, reduce, inner);
  else if (kind == MAX) folds(INT + MAX, out, x, outer, reduce, inner);
  else if (kind == MIN) folds(INT + MIN, out, x, outer, reduce, inner);
  else if (kind == PROD) folds(INT + PROD, out, x, outer, reduce, inner);
  else if (kind == ANY) folds(INT + ANY, out, x, outer, reduce, inner);
  else folds(INT + ALL, out, x, outer, reduce, inner);
}

/** Largest of n floats, in every lane; −∞ when n is 0, NaN when one is NaN. */
export function maxOfRow(x: usize, n: i32): v128 {
  return foldRow(MAX, x, n);
}

/** As maxOfRow: the smallest, or ∞. */
export function minOfRow(x: usize, n: i32): v128 {
  return foldRow(MIN, x, n);
}

function sums(out: usize, x: usize, outer: i32, reduce: i32, inner: i32, divisor: i32): void {
  const rowBytes = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(out, <f32>(sumRow(x, reduce) / <f64>divisor));
    else sumColumns(out, x, reduce, inner, divisor);
    out += rowBytes;
    x += <usize>reduce * rowBytes;
  }
}

// `kind` is a literal at every call, so that each inlined copy keeps one operation.
// @ts-ignore: decorator
@inline
function folds(kind: i32, out: usize, x: usize, outer: i32, reduce: i32, inner: i32): void {
  const rowBytes = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) v128.store_lane<i32>(out, finish(kind, foldRow(kind, x, reduce)), 0);
    else for (let c = 0; c < inner; c += STRIP) foldStrip(kind, out + (<usize>c << 2), x + (<usize>c << 2), reduce, rowBytes, inner - c);
    out += rowBytes;
    x += <usize>reduce * rowBytes;
  }
}

/** The fold of n elements in every lane. */
// @ts-ignore: decorator
@inline
function foldRow(kind: i32, x: usize, n: i32): v128 {
  let a = identity(kind), b = a, c = a, d = a;
  let i = 0;
  for (; i + 16 <= n; i += 16, x += 64) {
    a = merge(kind, a, element(kind, x));
    b = merge(kind, b, element(kind, x + 16));
    c = merge(kind, c, element(kind, x + 32));
    d = merge(kind, d, element(kind, x + 48));
  }
  for (; i + 4 <= n; i += 4, x += 16) a = merge(kind, a, element(kind, x));
  if (i < n) b = merge(kind, b, v128.bitselect(element(kind, x), identity(kind), firstLanes(n - i)));
  a = merge(kind, merge(kind, a, b), merge(kind, c, d));
  a = merge(kind, a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
  return merge(kind, a, v128.shuffle<i32>(a, a, 1, 0, 3, 2));
}

/** Folds up to 16 columns. Narrow strips take two or four rows at once, so that four chains run all the same. */
// @ts-ignore: decorator
@inline
function foldStrip(kind: i32, out: usize, x: usize, rows: i32, rowBytes: usize, columns: i32): void {
  const rowsAtOnce = columns > 8 ? 1 : columns > 4 ? 2 : 4;
  // A strip of three vectors folds the third twice; the fourth result is not stored.
  const second: usize = rowsAtOnce == 4 ? rowBytes : 16;
  const third: usize = rowsAtOnce == 4 ? 2 * rowBytes : rowsAtOnce == 2 ? rowBytes : 32;
  const fourth: usize = columns > 12 ? 48 : columns > 8 ? 32 : third + second;
  const step = <usize>rowsAtOnce * rowBytes;
  let a = identity(kind), b = a, c = a, d = a;
  let r = 0;
  for (; r + rowsAtOnce <= rows; r += rowsAtOnce, x += step) {
    a = merge(kind, a, element(kind, x));
    b = merge(kind, b, element(kind, x + second));
    c = merge(kind, c, element(kind, x + third));
    d = merge(kind, d, element(kind, x + fourth));
  }
  for (; r < rows; r++, x += rowBytes) {
    a = merge(kind, a, element(kind, x));
    if (rowsAtOnce == 2) b = merge(kind, b, element(kind, x + 16));
  }
  if (rowsAtOnce == 4) storeLanes(out, finish(kind, merge(kind, merge(kind, a, b), merge(kind, c, d))), columns);
  else if (rowsAtOnce == 2) {
    v128.store(out, finish(kind, merge(kind, a, c)));
    storeLanes(out + 16, finish(kind, merge(kind, b, d)), columns - 4);
  } else {
    v128.store(out, finish(kind, a));
    v128.store(out, finish(kind, b), 16);
    storeLanes(out + 32, finish(kind, c), min(columns - 8, 4));
    if (columns > 12) storeLanes(out + 48, finish(kind, d), min(columns - 12, 4));
  }
}

// @ts-ignore: decorator
@inline
function identity(kind: i32): v128 {
  if (kind == MAX) return f32x4.splat(-Infinity);
  if (kind == MIN) return f32x4.splat(Infinity);
  if (kind == PROD) return f32x4.splat(1);
  if (kind == INT + MAX) return i32x4.splat(i32.MIN_VALUE);
  if (kind == INT + MIN) return i32x4.splat(i32.MAX_VALUE);
  if (kind == INT + PROD) return i32x4.splat(1);
  return i32x4.splat(0);
}

/** Four elements as they enter the fold: "all" looks for a 0, as "any" looks for another value. */
// @ts-ignore: decorator
@inline
function element(kind: i32, x: usize): v128 {
  if (kind == INT + ALL) return i32x4.eq(v128.load(x), i32x4.splat(0));
  return v128.load(x);
}

/** Associative in every kind but PROD; f32x4.max and min keep NaN. */
// @ts-ignore: decorator
@inline
function merge(kind: i32, a: v128, b: v128): v128 {
  if (kind == MAX) return f32x4.max(a, b);
  if (kind == MIN) return f32x4.min(a, b);
  if (kind == PROD) return f32x4.mul(a, b);
  if (kind == INT + SUM) return i32x4.add(a, b);
  if (kind == INT + MAX) return i32x4.max_s(a, b);
  if (kind == INT + MIN) return i32x4.min_s(a, b);
  if (kind == INT + PROD) return i32x4.mul(a, b);
  return v128.or(a, b);
}

// @ts-ignore: decorator
@inline
function finish(kind: i32, x: v128): v128 {
  if (kind == INT + ANY) return v128.and(i32x4.ne(x, i32x4.splat(0)), i32x4.splat(1));
  if (kind == INT + ALL) return v128.and(i32x4.eq(x, i32x4.splat(0)), i32x4.splat(1));
  return x;
}
