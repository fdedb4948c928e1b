// Reductions over the middle of [outer, reduce, inner]: maxima, minima, products, and all of int32. Float sums are in reduce.sum.ts.
// Four chains run side by side: along a row for inner = 1, else down columns (16, 8 or 4 of them). The order depends on the shape only.
import { storeLanes } from "./gemm.block";
import { firstLanes } from "./lanes";
import { rangeBegin, rangeEnd, UNIT_ROWS } from "./range";
import { sumColumns, sumRow, sumShortRows } from "./reduce.sum";

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

/** Columns of a strip: four vectors, a line of the cache. A unit of what is reduced down columns. */
export const STRIP: i32 = 16;

/** Strips that go through a band together: their columns are MOST_COLUMNS in src/ops/cuts.ts. */
const MOST_STRIPS: i32 = 64;

/** Rows that all strips go through before any goes on: they are in the cache for those that come later. */
const BAND: i32 = 64;

/** Rows of at most so many elements go four at a time, so that what crosses the lanes is done for four at once. */
export const SHORT: i32 = 64;

/** out[outer, inner] = sum or mean of x[outer, reduce, inner]. Words: docs/kernels.md. */
export function f32_reduce(words: usize): void {
  const kind = load<i32>(words, 20);
  if (kind > MEAN) unreachable();
  sums(words, kind == MEAN ? load<i32>(words, 12) : 1);
}

/** As f32_reduce for max, min and prod, which training does without: a kernel of its own, so that pages need not load it. */
export function f32_fold(words: usize): void {
  const kind = load<i32>(words, 20);
  if (kind == MAX) folds(MAX, words);
  else if (kind == MIN) folds(MIN, words);
  else folds(PROD, words);
}

/** As f32_reduce for int32 and bool: sum and prod wrap, any and all give 0 or 1; there is no mean. Words: docs/kernels.md. */
export function i32_reduce(words: usize): void {
  const kind = load<i32>(words, 20);
  if (kind == SUM) folds(INT + SUM, words);
  else if (kind == MAX) folds(INT + MAX, words);
  else if (kind == MIN) folds(INT + MIN, words);
  else if (kind == PROD) folds(INT + PROD, words);
  else if (kind == ANY) folds(INT + ANY, words);
  else folds(INT + ALL, words);
}

/** Largest of n floats, in every lane; −∞ when n is 0, NaN when one is NaN. */
export function maxOfRow(x: usize, n: i32): v128 {
  return foldRow(MAX, x, n);
}

/** As maxOfRow: the smallest, or ∞. */
export function minOfRow(x: usize, n: i32): v128 {
  return foldRow(MIN, x, n);
}

/** maxOfRow of four short rows, a lane each. */
export function maxOfRows(x: usize, n: i32): v128 {
  return foldRows(MAX, x, n);
}

export function minOfRows(x: usize, n: i32): v128 {
  return foldRows(MIN, x, n);
}

function sums(words: usize, divisor: i32): void {
  const outer = load<i32>(words, 8), reduce = load<i32>(words, 12), inner = load<i32>(words, 16);
  let out = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  if (inner == 1) {
    const first = rangeBegin(words, UNIT_ROWS, outer), end = rangeEnd(words, UNIT_ROWS, outer);
    const rowBytes = <usize>reduce << 2;
    out += <usize>first << 2;
    x += <usize>first * rowBytes;
    let o = first;
    if (reduce <= SHORT) for (; o + 4 <= end; o += 4, out += 16, x += 4 * rowBytes) v128.store(out, sumShortRows(x, reduce, divisor));
    for (; o < end; o++, out += 4, x += rowBytes) store<f32>(out, <f32>(sumRow(x, reduce) / <f64>divisor));
  } else {
    const strips = (inner + STRIP - 1) / STRIP, end = rangeEnd(words, 1, outer * strips);
    for (let unit = rangeBegin(words, 1, outer * strips); unit < end; ) {
      const o = unit / strips, strip = unit % strips, last = min(min(strips, strip + end - unit), strip + MOST_STRIPS), column = strip * STRIP;
      sumColumns(out + (<usize>(o * inner + column) << 2), x + (<usize>(o * reduce * inner + column) << 2), reduce, inner, min(inner, last * STRIP) - column, divisor, <usize>load<u32>(words, 24));
      unit += last - strip;
    }
  }
}

// `kind` is a literal at every call, so that each inlined copy keeps one operation.
// @ts-ignore: decorator
@inline
function folds(kind: i32, words: usize): void {
  const outer = load<i32>(words, 8), reduce = load<i32>(words, 12), inner = load<i32>(words, 16);
  let out = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  if (inner == 1) {
    const first = rangeBegin(words, UNIT_ROWS, outer), end = rangeEnd(words, UNIT_ROWS, outer);
    const rowBytes = <usize>reduce << 2;
    out += <usize>first << 2;
    x += <usize>first * rowBytes;
    let o = first;
    if (kind < INT && reduce <= SHORT) for (; o + 4 <= end; o += 4, out += 16, x += 4 * rowBytes) v128.store(out, foldRows(kind, x, reduce));
    for (; o < end; o++, out += 4, x += rowBytes) v128.store_lane<i32>(out, finish(kind, foldRow(kind, x, reduce)), 0);
  } else {
    const strips = (inner + STRIP - 1) / STRIP, end = rangeEnd(words, 1, outer * strips);
    for (let unit = rangeBegin(words, 1, outer * strips); unit < end; ) {
      const o = unit / strips, strip = unit % strips, last = min(min(strips, strip + end - unit), strip + MOST_STRIPS), column = strip * STRIP;
      foldColumns(kind, out + (<usize>(o * inner + column) << 2), x + (<usize>(o * reduce * inner + column) << 2), reduce, <usize>inner << 2, min(inner, last * STRIP) - column, <usize>load<u32>(words, 24));
      unit += last - strip;
    }
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
  a = merge(kind, merge(kind, a, b), merge(kind, c, d));
  if (i < n) a = merge(kind, a, foldLanes(kind, x, n - i));
  a = merge(kind, a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
  return merge(kind, a, v128.shuffle<i32>(a, a, 1, 0, 3, 2));
}

/** The fold of every fourth of n elements. */
// @ts-ignore: decorator
@inline
function foldLanes(kind: i32, x: usize, n: i32): v128 {
  let a = identity(kind);
  for (; n >= 4; n -= 4, x += 16) a = merge(kind, a, element(kind, x));
  return n > 0 ? merge(kind, a, v128.bitselect(element(kind, x), identity(kind), firstLanes(n))) : a;
}

/** The folds of four rows that follow each other, a lane each. */
// @ts-ignore: decorator
@inline
function foldRows(kind: i32, x: usize, n: i32): v128 {
  const bytes = <usize>n << 2;
  const a = foldLanes(kind, x, n), b = foldLanes(kind, x + bytes, n), c = foldLanes(kind, x + 2 * bytes, n), d = foldLanes(kind, x + 3 * bytes, n);
  const ab = merge(kind, v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = merge(kind, v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return merge(kind, v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** Folds `columns` columns, strip by strip in bands of rows; what they have come to lies in the workspace. */
// @ts-ignore: decorator
@inline
function foldColumns(kind: i32, out: usize, x: usize, rows: i32, rowBytes: usize, columns: i32, workspace: usize): void {
  for (let c = 0; c < columns; c += 4) v128.store(workspace + (<usize>c << 2), identity(kind));
  for (let r = 0; r < rows; r += BAND, x += <usize>BAND * rowBytes) {
    for (let c = 0; c < columns; c += STRIP) foldStrip(kind, workspace + (<usize>c << 2), x + (<usize>c << 2), min(BAND, rows - r), rowBytes, columns - c);
  }
  for (let c = 0; c < columns; c += 4) {
    const at = <usize>c << 2;
    storeLanes(out + at, finish(kind, v128.load(workspace + at)), min(columns - c, 4));
  }
}

/** Folds up to 16 columns into `state`. Narrow strips take two or four rows at once, so that four chains run all the same. */
// @ts-ignore: decorator
@inline
function foldStrip(kind: i32, state: usize, x: usize, rows: i32, rowBytes: usize, columns: i32): void {
  const rowsAtOnce = columns > 8 ? 1 : columns > 4 ? 2 : 4;
  // A strip of three vectors folds the third twice.
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
  if (rowsAtOnce == 4) add(kind, state, merge(kind, merge(kind, a, b), merge(kind, c, d)));
  else if (rowsAtOnce == 2) {
    add(kind, state, merge(kind, a, c));
    add(kind, state + 16, merge(kind, b, d));
  } else {
    add(kind, state, a);
    add(kind, state + 16, b);
    add(kind, state + 32, c);
    if (columns > 12) add(kind, state + 48, d);
  }
}

// @ts-ignore: decorator
@inline
function add(kind: i32, state: usize, x: v128): void {
  v128.store(state, merge(kind, v128.load(state), x));
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

/** Associative in every kind but PROD. pmax and pmin keep a NaN of a and overlook one of b: three instructions with the third, f32x4.max has eight. */
// @ts-ignore: decorator
@inline
function merge(kind: i32, a: v128, b: v128): v128 {
  if (kind == MAX) return v128.or(f32x4.pmax(a, b), f32x4.ne(b, b));
  if (kind == MIN) return v128.or(f32x4.pmin(a, b), f32x4.ne(b, b));
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
