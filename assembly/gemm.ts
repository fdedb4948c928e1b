// Matrix product with bias, relu and relu's gradient in its store: blocked for the caches, packed for the micro-kernels of gemm.micro.ts.
// The order of every sum depends on K alone: blocks of stepsOf(K) steps, ascending inside a block, blocks added in turn. So any cut into
// ranges of rows or of columns gives the same bits.
import { EDGE_BYTES, emptyProduct, maskRows, multiplyBlock, roundUp, writeOffsets } from "./gemm.block";
import { TILE_COLUMNS, TILE_ROWS } from "./gemm.micro";
import { packA, packB, packTall } from "./gemm.pack";
import { LEAST_COLUMNS, multiplyTall, tallRows } from "./gemm.tall";
import { multiplyVector, multiplyVectorByColumns } from "./gemm.vector";

/** Steps of a block: a panel of eight columns takes 8 KB of the first-level cache. src/program/workspace.ts has the same three. */
export const BLOCK_STEPS = 256;
/** Rows of a block of A: 128 KB of the second-level cache. */
export const BLOCK_ROWS = 128;
/** Columns of a block of B. */
export const BLOCK_COLUMNS = 1024;
/** So many rows are multiplied one by one: packing B would cost more than reading it again for each. */
const FEW_ROWS = 6;

/** out[M,N] = act(a[M,K] · b[K,N] + bias[N]) ⊙ (mask[M,N] > 0) in batches, the range of it that the words name. Words: docs/kernels.md. */
export function f32_gemm(words: usize): void {
  let out = <usize>load<u32>(words);
  let a = <usize>load<u32>(words, 4);
  let b = <usize>load<u32>(words, 8);
  let bias = <usize>load<u32>(words, 12);
  const workspace = <usize>load<u32>(words, 16);
  const m = load<i32>(words, 20), k = load<i32>(words, 28);
  let n = load<i32>(words, 24);
  const aRow = load<i32>(words, 32), aCol = load<i32>(words, 36);
  const bRow = load<i32>(words, 40), bCol = load<i32>(words, 44);
  const outRow = load<i32>(words, 48);
  const relu = load<i32>(words, 52) == 1;
  const batch = load<i32>(words, 56);
  const aBatch = load<i32>(words, 60), bBatch = load<i32>(words, 64), outBatch = load<i32>(words, 68);
  let mask = <usize>load<u32>(words, 72);
  // The rows of all batches are numbered through.
  let first = 0, end = batch * m;
  if (load<i32>(words, 76) == 0) {
    first = load<i32>(words - 8) * TILE_ROWS;
    end = min(end, load<i32>(words - 4) * TILE_ROWS);
  } else {
    const left = load<i32>(words - 8) * TILE_COLUMNS;
    n = min(n, load<i32>(words - 4) * TILE_COLUMNS) - left;
    b += <usize>(left * bCol) << 2;
    out += <usize>left << 2;
    if (bias) bias += <usize>left << 2;
    if (mask) mask += <usize>left << 2;
  }
  while (first < end) {
    // One B for all batches is packed once.
    const i = first / m;
    const last = bBatch == 0 ? end : min(end, (i + 1) * m);
    multiply(
      out, a, b + (<usize>(i * bBatch) << 2), bias, mask, workspace, first, last, m, n, k,
      <usize>aRow << 2, <usize>aCol << 2, <usize>aBatch << 2, <usize>bRow << 2, <usize>bCol << 2, <usize>outRow << 2, <usize>outBatch << 2, relu,
    );
    first = last;
  }
}

/** One whole product of f32_gemm; strides in elements. bias: 0 or n floats. workspace: gemmWorkspace bytes, 16-byte aligned. */
export function gemm(
  out: usize, a: usize, b: usize, bias: usize, workspace: usize, m: i32, n: i32, k: i32,
  aRow: i32, aCol: i32, bRow: i32, bCol: i32, outRow: i32, relu: bool,
): void {
  multiply(
    out, a, b, bias, 0, workspace, 0, m, m, n, k,
    <usize>aRow << 2, <usize>aCol << 2, 0, <usize>bRow << 2, <usize>bCol << 2, <usize>outRow << 2, 0, relu,
  );
}

/** Steps of a block for a sum of k: as equal as possible, a multiple of four. */
export function stepsOf(k: i32): i32 {
  const blocks = (k + BLOCK_STEPS - 1) / BLOCK_STEPS;
  return roundUp((k + blocks - 1) / blocks, 4);
}

/** Rows first … end of the products of a batch of a, m rows each, with one b. Strides in bytes from here on. */
function multiply(
  out: usize, a: usize, b: usize, bias: usize, mask: usize, workspace: usize, first: i32, end: i32, m: i32, n: i32, k: i32,
  aRow: usize, aCol: usize, aBatch: usize, bRow: usize, bCol: usize, outRow: usize, outBatch: usize, relu: bool,
): void {
  if (n <= 0) return;
  const single = m == 1 || (m <= FEW_ROWS && bCol == 4) || (n == 1 && outRow == 4);
  if (k > 0 && !single) {
    multiplyTiles(out, a, b, bias, mask, workspace, first, end, m, n, k, aRow, aCol, aBatch, bRow, bCol, outRow, outBatch, relu);
    return;
  }
  while (first < end) {
    const i = <usize>(first / m), row = first % m;
    const rows = min(m - row, end - first);
    const before = i * outBatch + <usize>row * outRow;
    const target = out + before;
    const source = a + i * aBatch + <usize>row * aRow;
    if (k <= 0) emptyProduct(rows, n, target, outRow, bias, relu);
    // A column is the row of the transposed product: outᵀ = bᵀ · aᵀ.
    else if (n == 1 && outRow == 4) multiplyRows(target, b, source, bias, 0, workspace, 1, rows, k, 0, bRow, aCol, aRow, 0, relu);
    else multiplyRows(target, source, b, bias, 4, workspace, rows, n, k, aRow, aCol, bRow, bCol, outRow, relu);
    if (mask) maskRows(target, outRow, mask + before, rows, n);
    first += rows;
  }
}

function multiplyTiles(
  out: usize, a: usize, b: usize, bias: usize, mask: usize, workspace: usize, first: i32, end: i32, m: i32, n: i32, k: i32,
  aRow: usize, aCol: usize, aBatch: usize, bRow: usize, bCol: usize, outRow: usize, outBatch: usize, relu: bool,
): void {
  const blockSteps = stepsOf(k);
  const blockRows = min(min(end - first, m), BLOCK_ROWS);
  const edge = workspace;
  const runs = edge + EDGE_BYTES;
  const rows = runs + 16;
  const packed = rows + <usize>roundUp(blockRows, 4) * 4;
  const panels = packed + <usize>(roundUp(blockRows, 4) * blockSteps) * 4;
  const contiguous = aCol == 4;
  store<u32>(runs, 0);
  if (contiguous) writeOffsets(rows, blockRows, aRow);

  for (let j = 0; j < n; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, n - j);
    const isTall = ASC_FEATURE_RELAXED_SIMD && columns >= LEAST_COLUMNS;
    for (let s = 0; s < k; s += blockSteps) {
      const steps = min(blockSteps, k - s);
      const last = s + steps == k;
      const blockBias = last && bias ? bias + (<usize>j << 2) : 0;
      packB(b + <usize>s * bRow + <usize>j * bCol, bRow, bCol, steps, columns, panels, isTall);
      if (!contiguous) writeOffsets(rows, blockRows, <usize>steps << 2);
      for (let r = first; r < end;) {
        const i = <usize>(r / m), row = r % m;
        const height = min(blockRows, min(m - row, end - r));
        const before = i * outBatch + <usize>row * outRow + (<usize>j << 2);
        const target = out + before;
        const blockMask = last && mask ? mask + before : 0;
        let source = a + i * aBatch + <usize>row * aRow + <usize>s * aCol;
        const tall = isTall ? tallRows(height) : 0;
        if (tall > 0) packTall(source, aRow, aCol, tall, steps, packed);
        source += <usize>tall * aRow;
        if (!contiguous) {
          const rest = packed + (<usize>(tall * steps) << 2);
          packA(source, aRow, aCol, height - tall, steps, rest);
          source = rest;
        }
        if (isTall) {
          multiplyTall(
            packed, tall, source, rows, height - tall, runs, steps, panels, columns,
            target, outRow, s > 0, blockBias, relu && last, edge, blockMask,
          );
        } else {
          multiplyBlock(
            source, rows, height, runs, runs + 4, steps, panels, columns,
            target, outRow, s > 0, blockBias, relu && last, edge, blockMask,
          );
        }
        r += height;
      }
    }
  }
}

/** Row by row, where packing would not pay. biasStep: bytes between the biases of neighbouring columns, 4 or 0. */
function multiplyRows(
  out: usize, a: usize, b: usize, bias: usize, biasStep: usize, workspace: usize, m: i32, n: i32, k: i32,
  aRow: usize, aCol: usize, bRow: usize, bCol: usize, outRow: usize, relu: bool,
): void {
  const blockSteps = stepsOf(k);
  for (let i = 0; i < m; i++) {
    for (let s = 0; s < k; s += blockSteps) {
      const steps = min(blockSteps, k - s);
      const last = s + steps == k;
      const x = a + <usize>s * aCol;
      const y = b + <usize>s * bRow;
      const rowBias = last ? bias : 0;
      if (bCol == 4 && (biasStep == 4 || !bias)) multiplyVector(x, aCol, y, bRow, steps, n, out, s > 0, rowBias, relu && last, workspace);
      else multiplyVectorByColumns(x, aCol, y, bRow, bCol, steps, n, out, s > 0, rowBias, biasStep, relu && last);
    }
    a += aRow;
    out += outRow;
  }
}
