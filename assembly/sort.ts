// Sorting: the order of each row, stable, with NaN last; and the search in sorted rows.
// Elements are compared by keys: uint32 numbers in the same order. −0 equals 0, and any NaN is behind everything.

/** Rows of at most so many elements are sorted by insertion: the digits' tables of longer ones cost more. */
const SHORT: i32 = 48;
const DIGITS: i32 = 256;
const LAST: u32 = 0xffffffff;

/** out[row, i] ← where the element of rank i stands in its row of x. Words: docs/kernels.md. */
export function argsort(words: usize): void {
  let out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const workspace = <usize>load<u32>(words, 8);
  const rows = load<i32>(words, 12);
  const n = load<i32>(words, 16);
  const descending = load<i32>(words, 20) != 0;
  const integers = load<i32>(words, 24) != 0;
  const bytes = <usize>n << 2;
  for (let row = 0; row < rows; row++, out += bytes, x += bytes) {
    for (let i: usize = 0; i < bytes; i += 4) {
      store<u32>(workspace + i, keyOf(x + i, integers, descending));
      store<u32>(out + i, <u32>i >> 2);
    }
    if (n <= SHORT) insert(workspace, out, n);
    else sortDigits(workspace, out, workspace + bytes, workspace + 2 * bytes, n, workspace + 3 * bytes);
  }
}

/** The key of an element: unsigned keys are ordered as the elements are, or the other way round. */
// @ts-ignore: decorator
@inline
function keyOf(x: usize, integers: bool, descending: bool): u32 {
  let key = load<u32>(x);
  if (integers) key ^= 0x80000000;
  else {
    const value = load<f32>(x);
    if (value != value) return LAST;
    // Negative floats grow as their bits fall. Adding 0 makes 0 of −0.
    key = reinterpret<u32>(value + <f32>0);
    key ^= <u32>(<i32>key >> 31) | 0x80000000;
  }
  return descending ? ~key : key;
}

/** Sorts keys, and the numbers beside them. */
function insert(keys: usize, out: usize, n: i32): void {
  const end = <usize>n << 2;
  for (let i: usize = 4; i < end; i += 4) {
    const key = load<u32>(keys + i), number = load<u32>(out + i);
    let j = i;
    for (; j > 0 && load<u32>(keys + j - 4) > key; j -= 4) {
      store<u32>(keys + j, load<u32>(keys + j - 4));
      store<u32>(out + j, load<u32>(out + j - 4));
    }
    store<u32>(keys + j, key);
    store<u32>(out + j, number);
  }
}

/** The same, digit by digit from the lowest, eight bits each: every pass is stable. A digit that is the same in all keys is passed over. */
function sortDigits(keys: usize, out: usize, otherKeys: usize, otherOut: usize, n: i32, tables: usize): void {
  const end = <usize>n << 2;
  const result = out;
  memory.fill(tables, 0, 4 * DIGITS << 2);
  for (let i: usize = 0; i < end; i += 4) {
    const key = load<u32>(keys + i);
    for (let digit: u32 = 0; digit < 4; digit++) {
      const cell = tables + (<usize>(digit * DIGITS + ((key >> (8 * digit)) & 255)) << 2);
      store<u32>(cell, load<u32>(cell) + 1);
    }
  }
  for (let digit: u32 = 0; digit < 4; digit++) {
    const table = tables + (<usize>(digit * DIGITS) << 2);
    const shift = 8 * digit;
    if (load<u32>(table + (<usize>((load<u32>(keys) >> shift) & 255) << 2)) == <u32>n) continue;
    let sum: u32 = 0;
    for (let cell = table; cell < table + (DIGITS << 2); cell += 4) {
      const count = load<u32>(cell);
      store<u32>(cell, sum);
      sum += count;
    }
    for (let i: usize = 0; i < end; i += 4) {
      const key = load<u32>(keys + i);
      const cell = table + (<usize>((key >> shift) & 255) << 2);
      const to = load<u32>(cell);
      store<u32>(cell, to + 1);
      store<u32>(otherKeys + (<usize>to << 2), key);
      store<u32>(otherOut + (<usize>to << 2), load<u32>(out + i));
    }
    let swap = keys; keys = otherKeys; otherKeys = swap;
    swap = out; out = otherOut; otherOut = swap;
  }
  if (out != result) memory.copy(result, out, end);
}

/** out[row, i] ← how many elements of the row of `sorted` stand before values[row, i]: those below it, or (side 1) those not above it. */
export function searchsorted(words: usize): void {
  let out = <usize>load<u32>(words);
  let sorted = <usize>load<u32>(words, 4);
  let values = <usize>load<u32>(words, 8);
  const rows = load<i32>(words, 12);
  const n = load<i32>(words, 16);
  const count = load<i32>(words, 20);
  const right = load<i32>(words, 24) != 0;
  const integers = load<i32>(words, 28) != 0;
  for (let row = 0; row < rows; row++, sorted += <usize>n << 2) {
    for (let i = 0; i < count; i++, out += 4, values += 4) {
      const key = keyOf(values, integers, false);
      let low = 0, high = n;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const at = keyOf(sorted + (<usize>middle << 2), integers, false);
        if (at < key || (right && at == key)) low = middle + 1;
        else high = middle;
      }
      store<i32>(out, low);
    }
  }
}
