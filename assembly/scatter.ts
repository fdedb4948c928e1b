// Elements and rows picked and placed by indices of several axes, and along one axis; and the numbers 0, 1, 2 … to make indices of.
// Rows of a whole table (gather, scatter_add) stand in gather.ts.
import { INDEX_OUT_OF_RANGE, report } from "./status";

/** What a scatter does with an element that is already there. */
const ADD: i32 = 0;
const ADD_I32: i32 = 1;
const UPDATE: i32 = 2;

/** out[i] ← start + i · step, int32. */
export function iota(words: usize): void {
  const out = <usize>load<u32>(words);
  const n = load<i32>(words, 4);
  const start = load<i32>(words, 8);
  const step = load<i32>(words, 12);
  for (let i = 0; i < n; i++) store<i32>(out + (<usize>i << 2), start + i * step);
}

/** out[o, k, i] ← x[o, indices[o, k, i], i]; 0 and a report where the index is out of range. Words: docs/kernels.md. */
export function take_along(words: usize): void {
  let out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const first = <usize>load<u32>(words, 8);
  const outer = load<i32>(words, 12);
  const n = load<u32>(words, 16);
  const count = load<i32>(words, 20);
  const rowBytes = <usize>load<i32>(words, 24) << 2;
  const status = <usize>load<u32>(words, 28);
  const step = load<i32>(words, 32);
  let indices = first;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < count; k++) {
      for (let i: usize = 0; i < rowBytes; i += 4, out += 4, indices += 4) {
        const index = load<u32>(indices);
        if (index < n) store<u32>(out, load<u32>(x + <usize>index * rowBytes + i));
        else {
          store<u32>(out, 0);
          report(status, INDEX_OUT_OF_RANGE, step, <i32>((indices - first) >> 2));
        }
      }
    }
    x += <usize>n * rowBytes;
  }
}

/** out[o, indices[o, k, i], i] takes x[o, k, i], k ascending; an index out of range is reported and left out. */
export function scatter_along(words: usize): void {
  let out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const first = <usize>load<u32>(words, 8);
  const outer = load<i32>(words, 12);
  const n = load<u32>(words, 16);
  const count = load<i32>(words, 20);
  const rowBytes = <usize>load<i32>(words, 24) << 2;
  const kind = load<i32>(words, 28);
  const status = <usize>load<u32>(words, 32);
  const step = load<i32>(words, 36);
  let indices = first;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < count; k++) {
      for (let i: usize = 0; i < rowBytes; i += 4, x += 4, indices += 4) {
        const index = load<u32>(indices);
        if (index < n) put(out + <usize>index * rowBytes + i, x, kind);
        else report(status, INDEX_OUT_OF_RANGE, step, <i32>((indices - first) >> 2));
      }
    }
    out += <usize>n * rowBytes;
  }
}

/** out[i] ← the row of x at the index of several axes indices[i]; zeros and a report where one of them is out of range. */
export function gather_nd(words: usize): void {
  let out = <usize>load<u32>(words);
  const x = <usize>load<u32>(words, 4);
  let indices = <usize>load<u32>(words, 8);
  const count = load<i32>(words, 12);
  const rowBytes = <usize>load<i32>(words, 16) << 2;
  const depth = load<i32>(words, 20);
  const status = <usize>load<u32>(words, 24);
  for (let i = 0; i < count; i++, out += rowBytes, indices += <usize>depth << 2) {
    const row = flatIndex(indices, words + 32, depth);
    if (row >= 0) memory.copy(out, x + <usize>row * rowBytes, rowBytes);
    else {
      memory.fill(out, 0, rowBytes);
      report(status, INDEX_OUT_OF_RANGE, load<i32>(words, 28), i);
    }
  }
}

/** The row of out at indices[i] takes x[i], i ascending; an index out of range is reported and left out. */
export function scatter_nd(words: usize): void {
  const out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  let indices = <usize>load<u32>(words, 8);
  const count = load<i32>(words, 12);
  const rowBytes = <usize>load<i32>(words, 16) << 2;
  const depth = load<i32>(words, 20);
  const kind = load<i32>(words, 24);
  const status = <usize>load<u32>(words, 28);
  for (let i = 0; i < count; i++, x += rowBytes, indices += <usize>depth << 2) {
    const row = flatIndex(indices, words + 36, depth);
    if (row < 0) report(status, INDEX_OUT_OF_RANGE, load<i32>(words, 32), i);
    else if (kind == UPDATE) memory.copy(out + <usize>row * rowBytes, x, rowBytes);
    else {
      const d = out + <usize>row * rowBytes;
      for (let at: usize = 0; at < rowBytes; at += 4) put(d + at, x + at, kind);
    }
  }
}

/** The row-major number of an index of `depth` axes; −1 when one of them is out of range. */
function flatIndex(index: usize, sizes: usize, depth: i32): i32 {
  let row = 0;
  for (let axis: usize = 0; axis < <usize>depth << 2; axis += 4) {
    const at = load<u32>(index + axis);
    const size = load<u32>(sizes + axis);
    if (at >= size) return -1;
    row = row * <i32>size + <i32>at;
  }
  return row;
}

// @ts-ignore: decorator
@inline
function put(d: usize, x: usize, kind: i32): void {
  if (kind == ADD) store<f32>(d, load<f32>(d) + load<f32>(x));
  else store<i32>(d, (kind == ADD_I32 ? load<i32>(d) : 0) + load<i32>(x));
}
