// Rows by index: gather, one-hot rows, and their sum back into a table.
import { storePart } from "./lanes";
import { rangeBegin, rangeEnd, UNIT_ROWS } from "./range";
import { INDEX_OUT_OF_RANGE, report } from "./status";

/** out[i] ← table[indices[i]]; a row out of range is zeros and is reported. Words: docs/kernels.md. */
export function gather(words: usize): void {
  const table = <usize>load<u32>(words, 4);
  const indices = <usize>load<u32>(words, 8);
  const count = load<i32>(words, 12);
  const rowBytes = <usize>load<i32>(words, 16) << 2;
  const rows = load<u32>(words, 20);
  const status = <usize>load<u32>(words, 24);
  const first = rangeBegin(words, UNIT_ROWS, count), end = rangeEnd(words, UNIT_ROWS, count);
  let out = <usize>load<u32>(words) + <usize>first * rowBytes;
  for (let i = first; i < end; i++, out += rowBytes) {
    const index = load<u32>(indices + (<usize>i << 2));
    if (index < rows) memory.copy(out, table + <usize>index * rowBytes, rowBytes);
    else {
      memory.fill(out, 0, rowBytes);
      report(status, INDEX_OUT_OF_RANGE, load<i32>(words, 28), i);
    }
  }
}

/** Rows of `off` with `on` at the index; none where the index is out of range. */
export function one_hot(words: usize): void {
  const indices = <usize>load<u32>(words, 4);
  const count = load<i32>(words, 8);
  const depth = load<i32>(words, 12);
  const on = load<f32>(words, 16);
  const off = load<f32>(words, 20);
  const first = rangeBegin(words, UNIT_ROWS, count), end = rangeEnd(words, UNIT_ROWS, count), rowBytes = <usize>depth << 2;
  const rest = f32x4.splat(off);
  let out = <usize>load<u32>(words) + <usize>first * rowBytes;
  const last = out + <usize>(end - first) * rowBytes;
  for (let at = out; at < last; at += 16) storePart(at, rest, last - at);
  for (let i = first; i < end; i++, out += rowBytes) {
    const index = load<u32>(indices + (<usize>i << 2));
    if (index < <u32>depth) store<f32>(out + (<usize>index << 2), on);
  }
}

/** out ← 0, then out[indices[i]] += x[i], i ascending; indices out of range are skipped. Threads share the rows of out: each reads all indices. */
export function scatter_add(words: usize): void {
  const out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const indices = <usize>load<u32>(words, 8);
  const count = load<i32>(words, 12);
  const rowBytes = <usize>load<i32>(words, 16) << 2;
  const rows = load<i32>(words, 20);
  const first = <u32>rangeBegin(words, UNIT_ROWS, rows), own = <u32>rangeEnd(words, UNIT_ROWS, rows) - first;
  memory.fill(out + <usize>first * rowBytes, 0, <usize>own * rowBytes);
  for (let i = 0; i < count; i++, x += rowBytes) {
    const index = load<u32>(indices + (<usize>i << 2));
    // Below the range the difference wraps and is large.
    if (index - first < own) addRow(out + <usize>index * rowBytes, x, rowBytes);
  }
}

function addRow(d: usize, s: usize, bytes: usize): void {
  const end = d + bytes;
  const whole = d + (bytes & ~15);
  for (; d < whole; d += 16, s += 16) v128.store(d, f32x4.add(v128.load(d), v128.load(s)));
  for (; d < end; d += 4, s += 4) store<f32>(d, load<f32>(d) + load<f32>(s));
}
