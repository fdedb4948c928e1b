// Copies between strided views, and fills.

/** Units of a range, as src/program/split.ts has them: rows of the last axis; elements of a line. */
const UNIT_ROWS = 4;
const UNIT_ELEMENTS = 256;

/** out ← x for four-byte elements, any strides on both sides; the range of it that the words name. Words: docs/kernels.md. */
export function copy(words: usize): void {
  const rank = load<i32>(words, 8);
  const sizes = words + 12;
  const bytes = <usize>rank << 2;
  const begin = load<i32>(words - 8), end = load<i32>(words - 4);
  copyRange(<usize>load<u32>(words), <usize>load<u32>(words, 4), rank, sizes, sizes + bytes, sizes + 2 * bytes, begin, end);
}

/** sizes, outStrides, xStrides: `rank` int32 each, strides in elements. */
function copyRange(out: usize, x: usize, rank: i32, sizes: usize, outStrides: usize, xStrides: usize, begin: i32, end: i32): void {
  if (rank == 0) {
    if (begin == 0 && end > 0) store<u32>(out, load<u32>(x));
    return;
  }
  if (rank == 1) {
    const first = begin * UNIT_ELEMENTS, n = min(end * UNIT_ELEMENTS, load<i32>(sizes)) - first;
    const outStep = <usize>load<i32>(outStrides) << 2, xStep = <usize>load<i32>(xStrides) << 2;
    if (n > 0) copyLine(out + <usize>first * outStep, x + <usize>first * xStep, n, outStep, xStep);
    return;
  }
  let rows = 1;
  for (let axis = 0; axis < rank - 1; axis++) rows *= load<i32>(sizes + (<usize>axis << 2));
  const first = begin * UNIT_ROWS, last = min(end * UNIT_ROWS, rows);
  if (first < last) copyRows(out, x, rank, sizes, outStrides, xStrides, first, last, rows);
}

/** Rows of the last axis, first … end of all `rows` of the view; all of them most of the time. */
function copyRows(out: usize, x: usize, rank: i32, sizes: usize, outStrides: usize, xStrides: usize, first: i32, end: i32, rows: i32): void {
  const n = load<i32>(sizes);
  const outStep = <usize>load<i32>(outStrides) << 2, xStep = <usize>load<i32>(xStrides) << 2;
  if (rank == 2) {
    copyPlane(
      out + <usize>first * outStep, x + <usize>first * xStep, end - first, load<i32>(sizes, 4),
      outStep, <usize>load<i32>(outStrides, 4) << 2, xStep, <usize>load<i32>(xStrides, 4) << 2,
    );
    return;
  }
  const inside = rows / n;
  for (let i = first / inside; i * inside < end; i++) {
    const from = max(first - i * inside, 0), to = min(end - i * inside, inside);
    copyRows(out + <usize>i * outStep, x + <usize>i * xStep, rank - 1, sizes + 4, outStrides + 4, xStrides + 4, from, to, inside);
  }
}

/** n elements, steps in bytes. */
function copyLine(out: usize, x: usize, n: i32, outStep: usize, xStep: usize): void {
  if (outStep == 4 && xStep == 4) memory.copy(out, x, <usize>n << 2);
  else if (outStep == 4 && xStep == 0) fillWords(out, n, load<u32>(x));
  else {
    for (let i = 0; i < n; i++, out += outStep, x += xStep) store<u32>(out, load<u32>(x));
  }
}

function copyPlane(out: usize, x: usize, rows: i32, cols: i32, outRow: usize, outCol: usize, xRow: usize, xCol: usize): void {
  if (outCol == 4 && xCol == 4 && outRow == <usize>cols << 2 && xRow == outRow) {
    memory.copy(out, x, <usize>rows * outRow);
    return;
  }
  let row = 0;
  if (outCol == 4 && xRow == 4) row = transposePlane(out, x, rows, cols, outRow, xCol);
  for (; row < rows; row++) copyLine(out + <usize>row * outRow, x + <usize>row * xRow, cols, outCol, xCol);
}

/** The transposed case in blocks of 4 × 4, so that reads and writes are both vectors. Returns the rows done, a multiple of 4. */
function transposePlane(out: usize, x: usize, rows: i32, cols: i32, outRow: usize, xCol: usize): i32 {
  const whole = rows & ~3;
  for (let row = 0; row < whole; row += 4) {
    let d = out + <usize>row * outRow;
    let s = x + (<usize>row << 2);
    let col = 0;
    for (; col + 4 <= cols; col += 4, d += 16, s += 4 * xCol) {
      const a = v128.load(s), b = v128.load(s + xCol), c = v128.load(s + 2 * xCol), e = v128.load(s + 3 * xCol);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ce = v128.shuffle<i32>(c, e, 0, 4, 1, 5);
      const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7), ce2 = v128.shuffle<i32>(c, e, 2, 6, 3, 7);
      v128.store(d, v128.shuffle<i32>(ab, ce, 0, 1, 4, 5));
      v128.store(d + outRow, v128.shuffle<i32>(ab, ce, 2, 3, 6, 7));
      v128.store(d + 2 * outRow, v128.shuffle<i32>(ab2, ce2, 0, 1, 4, 5));
      v128.store(d + 3 * outRow, v128.shuffle<i32>(ab2, ce2, 2, 3, 6, 7));
    }
    for (; col < cols; col++, d += 4, s += xCol) {
      for (let i: usize = 0; i < 4; i++) store<u32>(d + i * outRow, load<u32>(s + (i << 2)));
    }
  }
  return whole;
}

/** n elements with the same bits, the range of them that the words name. */
export function fill(words: usize): void {
  const first = load<i32>(words - 8) * UNIT_ELEMENTS, n = min(load<i32>(words - 4) * UNIT_ELEMENTS, load<i32>(words, 4)) - first;
  if (n > 0) fillWords(<usize>load<u32>(words) + (<usize>first << 2), n, load<u32>(words, 8));
}

function fillWords(out: usize, n: i32, bits: u32): void {
  const value = i32x4.splat(<i32>bits);
  const end = out + (<usize>n << 2);
  const whole = out + (<usize>(n & ~3) << 2);
  for (; out < whole; out += 16) v128.store(out, value);
  for (; out < end; out += 4) store<u32>(out, bits);
}
