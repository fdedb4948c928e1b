// Tile programs: a chain of elementwise micro-ops, run block by block so that everything between its operands stays in the first-level cache.
// Knows how operands are walked; what a micro-op computes stands in micro.ts, how narrow elements are stored in narrow.ts.
import { runMicro } from "./micro";
import { narrowBytes, narrowHalves, widenBytes, widenHalves } from "./narrow";

// Words: docs/kernels.md.
const SIZES: usize = 28;

const MEMORY: i32 = 0;
const SPLAT: i32 = 2;
const STRIDED: i32 = 3;
const REPEATED: i32 = 4;
const UINT8: i32 = 5;
const FLOAT16: i32 = 6;

// The kernel's own record of an operand, 64 bytes in the workspace.
const RECORD: usize = 64;
/** Where micros read or write the operand now. */
const CURSOR: usize = 0;
/** First element of the current row. */
const ROW: usize = 4;
/** Row whose element the buffer of a splat holds. */
const SPREAD: usize = 8;
/** 1 when some micro writes it. */
const WRITTEN: usize = 12;
/** Room for the last, incomplete vector of an output. */
const TAIL: usize = 16;
/** In the first record only: the indices of the outer loops. */
const INDICES: usize = 32;

export function f32_tile(words: usize): void {
  walk(words, runMicro);
}

/** Walks the range of a tile program that the words name; `run` knows its micro-ops. */
export function walk(words: usize, run: (opcode: i32, d: usize, a: usize, b: usize, c: usize, bytes: usize) => void): void {
  const outerRank = load<i32>(words);
  const inner = load<i32>(words, 4);
  const block = load<i32>(words, 8);
  const records = <usize>load<u32>(words, 12);
  const operandCount = load<i32>(words, 16);
  const microCount = load<i32>(words, 20);
  const sizes = words + SIZES;
  const operands = sizes + (<usize>outerRank << 2);
  const operandBytes = <usize>(4 + outerRank) << 2;
  const micros = operands + <usize>operandCount * operandBytes;
  let rows = inner > 0 ? 1 : 0;
  for (let i = 0; i < outerRank; i++) {
    rows *= load<i32>(sizes + (<usize>i << 2));
    store<i32>(records + (<usize>i << 2), 0, INDICES);
  }
  // A range of elements, counted through all rows: it may begin and end inside one.
  const unit = <i64>load<i32>(words, 24);
  const begin = min(<i64>load<i32>(words - 8) * unit, <i64>rows * inner), end = min(<i64>load<i32>(words - 4) * unit, <i64>rows * inner);
  if (begin >= end) return;
  const firstRow = <i32>(begin / inner), lastRow = <i32>((end - 1) / inner);
  const recordsEnd = records + <usize>operandCount * RECORD;
  const microsEnd = micros + <usize>microCount * 20;
  prepare(records, recordsEnd, operands, operandBytes, block);
  if (firstRow > 0) startAt(firstRow, outerRank, sizes, records, recordsEnd, operands, operandBytes);
  let narrow = false;
  for (let p = micros; p < microsEnd; p += 20) {
    const d = load<i32>(p, 4);
    store<i32>(records + (<usize>d << 6), 1, WRITTEN);
    if (load<i32>(operands + <usize>d * operandBytes) >= UINT8) narrow = true;
  }

  for (let row = firstRow; row <= lastRow; row++) {
    spreadRows(records, recordsEnd, operands, operandBytes, block);
    const stop = row == lastRow ? <i32>(end - <i64>row * inner) : inner;
    for (let first = row == firstRow ? <i32>(begin - <i64>row * inner) : 0; first < stop; first += block) {
      const n = min(block, stop - first);
      const whole = n & ~3;
      place(records, recordsEnd, operands, operandBytes, first, n);
      if (whole > 0) runMicros(run, micros, microsEnd, records, <usize>whole << 2);
      if (whole < n) {
        moveToTail(records, recordsEnd, operands, operandBytes, <usize>whole << 2);
        runMicros(run, micros, microsEnd, records, 16);
        storeTails(records, recordsEnd, operands, operandBytes, first + whole, n - whole);
      }
      if (narrow) storeNarrow(records, recordsEnd, operands, operandBytes, first, n);
    }
    if (row < lastRow) nextRow(outerRank, sizes, records, recordsEnd, operands, operandBytes);
  }
}

function runMicros(
  run: (opcode: i32, d: usize, a: usize, b: usize, c: usize, bytes: usize) => void, micros: usize, end: usize, records: usize, bytes: usize,
): void {
  for (let p = micros; p < end; p += 20) {
    run(
      load<i32>(p),
      <usize>load<u32>(records + (<usize>load<u32>(p, 4) << 6)),
      <usize>load<u32>(records + (<usize>load<u32>(p, 8) << 6)),
      <usize>load<u32>(records + (<usize>load<u32>(p, 12) << 6)),
      <usize>load<u32>(records + (<usize>load<u32>(p, 16) << 6)),
      bytes,
    );
  }
}

/** Fills the records, and the buffers that stay the same for all rows. */
function prepare(records: usize, end: usize, operand: usize, operandBytes: usize, block: i32): void {
  for (let record = records; record < end; record += RECORD, operand += operandBytes) {
    const mode = load<i32>(operand);
    const base = load<u32>(operand, 4);
    const buffer = load<u32>(operand, 8);
    store<u32>(record, mode == MEMORY ? base : buffer, CURSOR);
    store<u32>(record, base, ROW);
    store<u32>(record, 0, SPREAD);
    store<i32>(record, 0, WRITTEN);
    if (mode == REPEATED) repeat(<usize>buffer, <usize>base, load<i32>(operand, 12), block);
  }
}

/** Splats whose element has moved are spread again. */
function spreadRows(records: usize, end: usize, operand: usize, operandBytes: usize, block: i32): void {
  for (let record = records; record < end; record += RECORD, operand += operandBytes) {
    if (load<i32>(operand) != SPLAT) continue;
    const row = load<u32>(record, ROW);
    if (row == load<u32>(record, SPREAD)) continue;
    store<u32>(record, row, SPREAD);
    const value = v128.load32_splat(<usize>row);
    const buffer = <usize>load<u32>(operand, 8);
    for (let d = buffer, last = buffer + (<usize>block << 2); d < last; d += 16) v128.store(d, value);
  }
}

/** Points every operand at the block of n elements that starts at `first`. */
function place(records: usize, end: usize, operand: usize, operandBytes: usize, first: i32, n: i32): void {
  for (let record = records; record < end; record += RECORD, operand += operandBytes) {
    const mode = load<i32>(operand);
    const row = <usize>load<u32>(record, ROW);
    const buffer = <usize>load<u32>(operand, 8);
    if (mode == MEMORY) store<u32>(record, <u32>(row + (<usize>first << 2)), CURSOR);
    else {
      if (mode == STRIDED) {
        const stride = <usize>load<i32>(operand, 12) << 2;
        gatherStrided(buffer, row + <usize>first * stride, stride, n);
      } else if (mode >= UINT8 && load<i32>(record, WRITTEN) == 0) {
        if (mode == UINT8) widenBytes(buffer, row + <usize>first, n);
        else widenHalves(buffer, row + (<usize>first << 1), n);
      }
      store<u32>(record, <u32>buffer, CURSOR);
    }
  }
}

/** Behind the whole vectors: outputs go to their tail buffers, so that nothing is written past their ends. */
function moveToTail(records: usize, end: usize, operand: usize, operandBytes: usize, bytes: usize): void {
  for (let record = records; record < end; record += RECORD, operand += operandBytes) {
    let cursor = <usize>load<u32>(record, CURSOR) + bytes;
    if (load<i32>(operand) == MEMORY && load<i32>(record, WRITTEN) != 0) {
      // A chain may read an output before it writes it.
      v128.store(record, v128.load(cursor), TAIL);
      cursor = record + TAIL;
    }
    store<u32>(record, <u32>cursor, CURSOR);
  }
}

function storeTails(records: usize, end: usize, operand: usize, operandBytes: usize, first: i32, n: i32): void {
  for (let record = records; record < end; record += RECORD, operand += operandBytes) {
    if (load<i32>(operand) != MEMORY || load<i32>(record, WRITTEN) == 0) continue;
    const d = <usize>load<u32>(record, ROW) + (<usize>first << 2);
    for (let i: usize = 0; i < <usize>n; i++) store<u32>(d + (i << 2), load<u32>(record + (i << 2), TAIL));
  }
}

/** Outputs of narrow elements go from their buffers to memory. */
function storeNarrow(records: usize, end: usize, operand: usize, operandBytes: usize, first: i32, n: i32): void {
  for (let record = records; record < end; record += RECORD, operand += operandBytes) {
    const mode = load<i32>(operand);
    if (mode < UINT8 || load<i32>(record, WRITTEN) == 0) continue;
    const row = <usize>load<u32>(record, ROW);
    const buffer = <usize>load<u32>(operand, 8);
    if (mode == UINT8) narrowBytes(row + <usize>first, buffer, n);
    else narrowHalves(row + (<usize>first << 1), buffer, n);
  }
}

/** Sets the odometer to a row. */
function startAt(row: i32, outerRank: i32, sizes: usize, records: usize, end: usize, operands: usize, operandBytes: usize): void {
  for (let axis = outerRank - 1; axis >= 0; axis--) {
    const size = load<i32>(sizes + (<usize>axis << 2));
    const index = row % size;
    row /= size;
    store<i32>(records + (<usize>axis << 2), index, INDICES);
    let operand = operands;
    for (let record = records; record < end; record += RECORD, operand += operandBytes) {
      const bytes = (index * load<i32>(operand + (<usize>axis << 2), 16)) << elementShift(load<i32>(operand));
      store<u32>(record, load<u32>(record, ROW) + <u32>bytes, ROW);
    }
  }
}

function elementShift(mode: i32): i32 {
  return mode == UINT8 ? 0 : mode == FLOAT16 ? 1 : 2;
}

/** The odometer: the last outer loop moves fastest. */
function nextRow(outerRank: i32, sizes: usize, records: usize, end: usize, operands: usize, operandBytes: usize): void {
  let axis = outerRank - 1;
  for (; axis >= 0; axis--) {
    const at = records + (<usize>axis << 2);
    const index = load<i32>(at, INDICES) + 1;
    const size = load<i32>(sizes + (<usize>axis << 2));
    const wrapped = index == size;
    store<i32>(at, wrapped ? 0 : index, INDICES);
    let operand = operands;
    for (let record = records; record < end; record += RECORD, operand += operandBytes) {
      const stride = load<i32>(operand + (<usize>axis << 2), 16);
      const bytes = (wrapped ? stride * (1 - size) : stride) << elementShift(load<i32>(operand));
      store<u32>(record, load<u32>(record, ROW) + <u32>bytes, ROW);
    }
    if (!wrapped) return;
  }
}

function repeat(d: usize, source: usize, period: i32, block: i32): void {
  const bytes = <usize>period << 2;
  const end = d + (<usize>block << 2);
  for (; d < end; d += bytes) memory.copy(d, source, bytes);
}

function gatherStrided(d: usize, source: usize, stride: usize, n: i32): void {
  const end = d + (<usize>n << 2);
  for (; d < end; d += 4, source += stride) store<u32>(d, load<u32>(source));
}
