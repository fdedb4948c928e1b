// Where the extreme lies over the middle of [outer, reduce, inner]: the first of equals; a NaN wins, the first of them.
import { storeLanes } from "./gemm.block";
import { maxOfRow, minOfRow } from "./reduce";

const ARG_MIN: i32 = 1;

/** int32 out[outer, inner] = argmax or argmin of x[outer, reduce, inner]. Words: docs/kernels.md. */
export function f32_arg_reduce(words: usize): void {
  const out = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  argReduce(out, x, load<i32>(words, 8), load<i32>(words, 12), load<i32>(words, 16), load<i32>(words, 20));
}

export function argReduce(out: usize, x: usize, outer: i32, reduce: i32, inner: i32, kind: i32): void {
  const smallest = kind == ARG_MIN;
  const rowBytes = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<i32>(out, find(smallest ? minOfRow(x, reduce) : maxOfRow(x, reduce), x, reduce));
    else for (let c = 0; c < inner; c += 4) argColumns(out + (<usize>c << 2), x + (<usize>c << 2), reduce, rowBytes, min(inner - c, 4), smallest);
    out += rowBytes;
    x += <usize>reduce * rowBytes;
  }
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

function argColumns(out: usize, x: usize, rows: i32, rowBytes: usize, columns: i32, smallest: bool): void {
  // −x turns the smallest into the largest.
  const sign = smallest ? f32x4.splat(-0.0) : f32x4.splat(0);
  let best = v128.xor(v128.load(x), sign);
  let index = i32x4.splat(0);
  for (let r = 1; r < rows; r++) {
    x += rowBytes;
    const value = v128.xor(v128.load(x), sign);
    const firstNaN = v128.and(f32x4.ne(value, value), f32x4.eq(best, best));
    const better = v128.or(f32x4.gt(value, best), firstNaN);
    best = v128.bitselect(value, best, better);
    index = v128.bitselect(i32x4.splat(r), index, better);
  }
  storeLanes(out, index, columns);
}
