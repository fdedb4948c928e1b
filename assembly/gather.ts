// Rows by index: gather, one-hot rows, and their sum back into a table.
import { INDEX_OUT_OF_RANGE, report } from "./status";

/** out[i] ← table[indices[i]]; a row out of range is zeros and is reported. Words: docs/kernels.md. */
export function gather(words: usize): void {
  let out = <usize>load<u32>(words);
  const table = <usize>load<u32>(words, 4);
  const indices = <usize>load<u32>(words, 8);
  const count = load<i32>(words, 12);
  const rowBytes = <usize>load<i32>(words, 16) << 2;
  const rows = load<u32>(words, 20);
  const status = <usize>load<u32>(words, 24);
  for (let i = 0; i < count; i++, out += rowBytes) {
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
  let out = <usize>load<u32>(words);
  const indices = <usize>load<u32>(words, 4);
  const count = load<i32>(words, 8);
  const depth = load<i32>(words, 12);
  const on = load<f32>(words, 16);
  const off = load<f32>(words, 20);
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + (<usize>i << 2));
    for (let j = 0; j < depth; j++, out += 4) store<f32>(out, j == index ? on : off);
  }
}

/** out ← 0, then out[indices[i]] += x[i], i ascending; indices out of range are skipped. */
export function scatter_add(words: usize): void {
  const out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const indices = <usize>load<u32>(words, 8);
  const count = load<i32>(words, 12);
  const rowBytes = <usize>load<i32>(words, 16) << 2;
  const rows = load<u32>(words, 20);
  memory.fill(out, 0, <usize>rows * rowBytes);
  for (let i = 0; i < count; i++, x += rowBytes) {
    const index = load<u32>(indices + (<usize>i << 2));
    if (index < rows) addRow(out + <usize>index * rowBytes, x, rowBytes);
  }
}

function addRow(d: usize, s: usize, bytes: usize): void {
  const end = d + bytes;
  const whole = d + (bytes & ~15);
  for (; d < whole; d += 16, s += 16) v128.store(d, f32x4.add(v128.load(d), v128.load(s)));
  for (; d < end; d += 4, s += 4) store<f32>(d, load<f32>(d) + load<f32>(s));
}
