// Where the extreme lies over the middle of [outer, reduce, inner]: the first of equals; a NaN wins, the first of them.
import { storeLanes } from "./gemm.block";
import { splatLane } from "./lanes";
import { rangeBegin, rangeEnd, UNIT_ROWS } from "./range";
import { maxOfRow, maxOfRows, minOfRow, minOfRows, SHORT, STRIP } from "./reduce";

const ARG_MIN: i32 = 1;

/** int32 out[outer, inner] = argmax or argmin of x[outer, reduce, inner]. Words: docs/kernels.md. */
export function f32_arg_reduce(words: usize): void {
  const outer = load<i32>(words, 8), reduce = load<i32>(words, 12), inner = load<i32>(words, 16), smallest = load<i32>(words, 20) == ARG_MIN;
  const out = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  if (inner == 1) {
    const first = rangeBegin(words, UNIT_ROWS, outer), end = rangeEnd(words, UNIT_ROWS, outer);
    argRows(out + (<usize>first << 2), x + (<usize>(first * reduce) << 2), end - first, reduce, smallest);
  } else {
    const strips = (inner + STRIP - 1) / STRIP, end = rangeEnd(words, 1, outer * strips);
    for (let unit = rangeBegin(words, 1, outer * strips); unit < end; unit++) {
      const o = unit / strips, column = (unit % strips) * STRIP;
      argStrip(out + (<usize>(o * inner + column) << 2), x + (<usize>(o * reduce * inner + column) << 2), reduce, <usize>inner << 2, min(inner - column, STRIP), smallest);
    }
  }
}

function argRows(out: usize, x: usize, rows: i32, n: i32, smallest: bool): void {
  const rowBytes = <usize>n << 2;
  if (n <= SHORT) {
    for (; rows >= 4; rows -= 4, out += 16, x += 4 * rowBytes) {
      const extremes = smallest ? minOfRows(x, n) : maxOfRows(x, n);
      store<i32>(out, find(splatLane(extremes, 0), x, n));
      store<i32>(out, find(splatLane(extremes, 1), x + rowBytes, n), 4);
      store<i32>(out, find(splatLane(extremes, 2), x + 2 * rowBytes, n), 8);
      store<i32>(out, find(splatLane(extremes, 3), x + 3 * rowBytes, n), 12);
    }
  }
  for (; rows > 0; rows--, out += 4, x += rowBytes) store<i32>(out, find(smallest ? minOfRow(x, n) : maxOfRow(x, n), x, n));
}

/** Index of the first of n floats that equals `wanted`, or is NaN: when the extreme is no NaN, none of them is. */
function find(wanted: v128, x: usize, n: i32): i32 {
  for (let i = 0; i < n; i += 4, x += 16) {
    const value = v128.load(x);
    const hits = i32x4.bitmask(v128.or(f32x4.eq(value, wanted), f32x4.ne(value, value)));
    // What lies past the end may hit too, but after the element that must be there.
    if (hits) return i + ctz(hits);
  }
  return 0;
}

/** Up to 16 columns: a line of the cache from each row. */
function argStrip(out: usize, x: usize, rows: i32, rowBytes: usize, columns: i32, smallest: bool): void {
  // −x turns the smallest into the largest.
  const sign = smallest ? f32x4.splat(-0.0) : f32x4.splat(0);
  // Vectors behind the last column work on it again.
  const second: usize = columns > 4 ? 16 : 0, third: usize = columns > 8 ? 32 : second, fourth: usize = columns > 12 ? 48 : third;
  let best0 = v128.xor(v128.load(x), sign), best1 = v128.xor(v128.load(x + second), sign), best2 = v128.xor(v128.load(x + third), sign), best3 = v128.xor(v128.load(x + fourth), sign);
  let index0 = i32x4.splat(0), index1 = index0, index2 = index0, index3 = index0;
  for (let r = 1; r < rows; r++) {
    x += rowBytes;
    const row = i32x4.splat(r);
    const value0 = v128.xor(v128.load(x), sign), better0 = isBetter(value0, best0);
    best0 = v128.bitselect(value0, best0, better0);
    index0 = v128.bitselect(row, index0, better0);
    const value1 = v128.xor(v128.load(x + second), sign), better1 = isBetter(value1, best1);
    best1 = v128.bitselect(value1, best1, better1);
    index1 = v128.bitselect(row, index1, better1);
    const value2 = v128.xor(v128.load(x + third), sign), better2 = isBetter(value2, best2);
    best2 = v128.bitselect(value2, best2, better2);
    index2 = v128.bitselect(row, index2, better2);
    const value3 = v128.xor(v128.load(x + fourth), sign), better3 = isBetter(value3, best3);
    best3 = v128.bitselect(value3, best3, better3);
    index3 = v128.bitselect(row, index3, better3);
  }
  storeLanes(out, index0, min(columns, 4));
  if (columns > 4) storeLanes(out + 16, index1, min(columns - 4, 4));
  if (columns > 8) storeLanes(out + 32, index2, min(columns - 8, 4));
  if (columns > 12) storeLanes(out + 48, index3, columns - 12);
}

/** Greater, or the first NaN: not ≤ the best, unless that is NaN already. */
// @ts-ignore: decorator
@inline
function isBetter(value: v128, best: v128): v128 {
  return v128.andnot(f32x4.eq(best, best), f32x4.le(value, best));
}
