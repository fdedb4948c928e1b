// Batch normalisation's sums: over rows, a value a column. Columns are walked in vectors; rows are added in blocks, so that long sums stay exact enough.

/** Rows added into one partial sum before it joins the total. The order depends on the shape only. */
const BLOCK_ROWS: i32 = 64;

/** out[0] = mean, out[1] = biased variance of x[rows, cols] down its columns, in two passes. Words: docs/kernels.md. */
export function f32_bn_stats(words: usize): void {
  const out = <usize>load<u32>(words);
  const x = <usize>load<u32>(words, 4);
  const rows = load<i32>(words, 8);
  const cols = load<i32>(words, 12);
  bnStats(out, x, rows, cols);
}

export function bnStats(out: usize, x: usize, rows: i32, cols: i32): void {
  const rowBytes = <usize>cols << 2;
  const count = f32x4.splat(<f32>rows);
  for (let col: usize = 0; col < rowBytes; col += 16) {
    const left = rowBytes - col;
    const mean = f32x4.div(columnSums(x + col, rows, rowBytes), count);
    storePart(out + col, mean, left);
    storePart(out + rowBytes + col, f32x4.div(squareSums(x + col, mean, rows, rowBytes), count), left);
  }
}

/** out[0] = Σ dy, out[1] = Σ dy · (x − mean) down the columns. Words: docs/kernels.md. */
export function f32_bn_grad_sums(words: usize): void {
  const out = <usize>load<u32>(words);
  const dy = <usize>load<u32>(words, 4);
  const x = <usize>load<u32>(words, 8);
  const mean = <usize>load<u32>(words, 12);
  const rows = load<i32>(words, 16);
  const cols = load<i32>(words, 20);
  bnGradSums(out, dy, x, mean, rows, cols);
}

export function bnGradSums(out: usize, dy: usize, x: usize, mean: usize, rows: i32, cols: i32): void {
  const rowBytes = <usize>cols << 2;
  for (let col: usize = 0; col < rowBytes; col += 16) {
    const left = rowBytes - col;
    storePart(out + col, columnSums(dy + col, rows, rowBytes), left);
    storePart(out + rowBytes + col, productSums(dy + col, x + col, v128.load(mean + col), rows, rowBytes), left);
  }
}

function columnSums(x: usize, rows: i32, rowBytes: usize): v128 {
  let total = f32x4.splat(0);
  for (let row = 0; row < rows; ) {
    const end = min(row + BLOCK_ROWS, rows);
    let sum = f32x4.splat(0);
    for (; row < end; row++, x += rowBytes) sum = f32x4.add(sum, v128.load(x));
    total = f32x4.add(total, sum);
  }
  return total;
}

function squareSums(x: usize, mean: v128, rows: i32, rowBytes: usize): v128 {
  let total = f32x4.splat(0);
  for (let row = 0; row < rows; ) {
    const end = min(row + BLOCK_ROWS, rows);
    let sum = f32x4.splat(0);
    for (; row < end; row++, x += rowBytes) {
      const d = f32x4.sub(v128.load(x), mean);
      sum = f32x4.add(sum, f32x4.mul(d, d));
    }
    total = f32x4.add(total, sum);
  }
  return total;
}

function productSums(dy: usize, x: usize, mean: v128, rows: i32, rowBytes: usize): v128 {
  let total = f32x4.splat(0);
  for (let row = 0; row < rows; ) {
    const end = min(row + BLOCK_ROWS, rows);
    let sum = f32x4.splat(0);
    for (; row < end; row++, dy += rowBytes, x += rowBytes) sum = f32x4.add(sum, f32x4.mul(v128.load(dy), f32x4.sub(v128.load(x), mean)));
    total = f32x4.add(total, sum);
  }
  return total;
}

/** Stores as much of the vector as lies inside the row. */
function storePart(address: usize, value: v128, bytes: usize): void {
  if (bytes >= 16) v128.store(address, value);
  else {
    v128.store32_lane(address, value, 0);
    if (bytes > 4) v128.store32_lane(address, value, 1, 4);
    if (bytes > 8) v128.store32_lane(address, value, 2, 8);
  }
}
