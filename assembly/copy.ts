// Copies between strided views, and fills.

/** out ← x for four-byte elements, any strides on both sides. Words: docs/kernels.md. */
export function copy(words: usize): void {
  const rank = load<i32>(words, 8);
  const sizes = words + 12;
  const bytes = <usize>rank << 2;
  copyView(<usize>load<u32>(words), <usize>load<u32>(words, 4), rank, sizes, sizes + bytes, sizes + 2 * bytes);
}

/** sizes, outStrides, xStrides: `rank` int32 each, strides in elements. */
export function copyView(out: usize, x: usize, rank: i32, sizes: usize, outStrides: usize, xStrides: usize): void {
  if (rank == 0) {
    store<u32>(out, load<u32>(x));
    return;
  }
  const n = load<i32>(sizes);
  const outStep = <usize>load<i32>(outStrides) << 2;
  const xStep = <usize>load<i32>(xStrides) << 2;
  if (rank == 1) {
    copyLine(out, x, n, outStep, xStep);
    return;
  }
  if (rank == 2) {
    copyPlane(out, x, n, load<i32>(sizes, 4), outStep, <usize>load<i32>(outStrides, 4) << 2, xStep, <usize>load<i32>(xStrides, 4) << 2);
    return;
  }
  for (let i = 0; i < n; i++) {
    copyView(out, x, rank - 1, sizes + 4, outStrides + 4, xStrides + 4);
    out += outStep;
    x += xStep;
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

/** n elements with the same bits. */
export function fill(words: usize): void {
  fillWords(<usize>load<u32>(words), load<i32>(words, 4), load<u32>(words, 8));
}

function fillWords(out: usize, n: i32, bits: u32): void {
  const value = i32x4.splat(<i32>bits);
  const end = out + (<usize>n << 2);
  const whole = out + (<usize>(n & ~3) << 2);
  for (; out < whole; out += 16) v128.store(out, value);
  for (; out < end; out += 4) store<u32>(out, bits);
}
