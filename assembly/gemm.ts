// Matrix product with bias and relu in its store: blocked for the caches, packed for the micro-kernels of gemm.micro.ts.
// The order of every sum depends on K alone: blocks of stepsOf(K) steps, ascending inside a block, blocks added in turn.
import { EDGE_BYTES, emptyProduct, multiplyBlock, packedColumns, roundUp, writeOffsets } from "./gemm.block";
import { packA, packB } from "./gemm.pack";
import { multiplyVector, multiplyVectorByColumns } from "./gemm.vector";

/** Steps of a block: a panel of eight columns takes 8 KB of the first-level cache. src/program/workspace.ts has the same three. */
export const BLOCK_STEPS = 256;
/** Rows of a block of A: 128 KB of the second-level cache. */
export const BLOCK_ROWS = 128;
/** Columns of a block of B. */
export const BLOCK_COLUMNS = 1024;

/** out[M,N] = act(a[M,K] · b[K,N] + bias[N]). Words: docs/kernels.md. */
export function f32_gemm(words: usize): void {
  let out = <usize>load<u32>(words);
  let a = <usize>load<u32>(words, 4);
  let b = <usize>load<u32>(words, 8);
  const bias = <usize>load<u32>(words, 12);
  const workspace = <usize>load<u32>(words, 16);
  const m = load<i32>(words, 20), n = load<i32>(words, 24), k = load<i32>(words, 28);
  const aRow = load<i32>(words, 32), aCol = load<i32>(words, 36);
  const bRow = load<i32>(words, 40), bCol = load<i32>(words, 44);
  const outRow = load<i32>(words, 48);
  const relu = load<i32>(words, 52) == 1;
  const batch = load<i32>(words, 56);
  const aBatch = load<i32>(words, 60), bBatch = load<i32>(words, 64), outBatch = load<i32>(words, 68);
  for (let i = 0; i < batch; i++) {
    gemm(out, a, b, bias, workspace, m, n, k, aRow, aCol, bRow, bCol, outRow, relu);
    a += <usize>aBatch << 2;
    b += <usize>bBatch << 2;
    out += <usize>outBatch << 2;
  }
}

/** One product of f32_gemm; strides in elements. bias: 0 or n floats. workspace: gemmWorkspace bytes, 16-byte aligned. */
export function gemm(
  out: usize, a: usize, b: usize, bias: usize, workspace: usize, m: i32, n: i32, k: i32,
  aRow: i32, aCol: i32, bRow: i32, bCol: i32, outRow: i32, relu: bool,
): void {
  if (m <= 0 || n <= 0) return;
  const aRowBytes = <usize>aRow << 2, aColBytes = <usize>aCol << 2;
  const bRowBytes = <usize>bRow << 2, bColBytes = <usize>bCol << 2;
  const outRowBytes = <usize>outRow << 2;
  if (k <= 0) emptyProduct(m, n, out, outRowBytes, bias, relu);
  else if (n == 1 && outRow == 1) {
    // A column is the row of the transposed product: outᵀ = bᵀ · aᵀ.
    gemmByVectors(out, b, a, bias, 0, 1, m, k, 0, bRowBytes, aColBytes, aRowBytes, 0, relu);
  } else if (m == 1 || (m < 4 && bCol == 1)) {
    gemmByVectors(out, a, b, bias, 4, m, n, k, aRowBytes, aColBytes, bRowBytes, bColBytes, outRowBytes, relu);
  } else gemmByTiles(out, a, b, bias, workspace, m, n, k, aRowBytes, aColBytes, bRowBytes, bColBytes, outRowBytes, relu);
}

/** Steps of a block for a sum of k: as equal as possible, a multiple of four. */
export function stepsOf(k: i32): i32 {
  const blocks = (k + BLOCK_STEPS - 1) / BLOCK_STEPS;
  return roundUp((k + blocks - 1) / blocks, 4);
}

function gemmByTiles(
  out: usize, a: usize, b: usize, bias: usize, workspace: usize, m: i32, n: i32, k: i32,
  aRow: usize, aCol: usize, bRow: usize, bCol: usize, outRow: usize, relu: bool,
): void {
  const blockSteps = stepsOf(k);
  const blockRows = min(m, BLOCK_ROWS);
  const edge = workspace;
  const runs = edge + EDGE_BYTES;
  const rows = runs + 16;
  const packedRows = rows + <usize>roundUp(blockRows, 4) * 4;
  const panels = packedRows + <usize>(roundUp(blockRows, 4) * blockSteps) * 4;
  const contiguous = aCol == 4;
  store<u32>(runs, 0);
  if (contiguous) writeOffsets(rows, blockRows, aRow);

  for (let j = 0; j < n; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, n - j);
    for (let s = 0; s < k; s += blockSteps) {
      const steps = min(blockSteps, k - s);
      const last = s + steps == k;
      const blockBias = last && bias ? bias + (<usize>j << 2) : 0;
      packB(b + <usize>s * bRow + <usize>j * bCol, bRow, bCol, steps, columns, panels);
      if (!contiguous) writeOffsets(rows, blockRows, <usize>steps << 2);
      for (let i = 0; i < m; i += blockRows) {
        const height = min(blockRows, m - i);
        let source = a + <usize>i * aRow + <usize>s * aCol;
        if (!contiguous) {
          packA(source, aRow, aCol, height, steps, packedRows);
          source = packedRows;
        }
        multiplyBlock(
          source, rows, height, runs, runs + 4, steps, panels, columns,
          out + <usize>i * outRow + (<usize>j << 2), outRow, s > 0, blockBias, relu && last, edge,
        );
      }
    }
  }
}

/** Row by row without a workspace. biasStep: bytes between the biases of neighbouring columns, 4 or 0. */
function gemmByVectors(
  out: usize, a: usize, b: usize, bias: usize, biasStep: usize, m: i32, n: i32, k: i32,
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
      if (bCol == 4 && (biasStep == 4 || !bias)) multiplyVector(x, aCol, y, bRow, steps, n, out, s > 0, rowBias, relu && last);
      else multiplyVectorByColumns(x, aCol, y, bRow, bCol, steps, n, out, s > 0, rowBias, biasStep, relu && last);
    }
    a += aRow;
    out += outRow;
  }
}
