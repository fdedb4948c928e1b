// Workspace of the kernels that need one, in bytes, from the same numbers as their words (docs/kernels.md).
// The constants and layouts are those of assembly/gemm.ts and assembly/conv*.ts; workspace.test.ts compares the constants.

/** Cache blocks of a matrix product. */
export const BLOCK_STEPS = 256;
export const BLOCK_ROWS = 128;
export const BLOCK_COLUMNS = 1024;

/** One output tile that hangs over the edge, and one run of offsets. */
const EDGE_BYTES = 128;
const RUN_BYTES = 16;

/** Workspace of f32_gemm for out[m, n] = a[m, k] · b[k, n], whatever the strides and the batch. */
export function gemmWorkspace({ m, n, k }: { m: number; n: number; k: number }): number {
  if (m === 0 || n === 0 || k === 0) return 0;
  const rows = roundUp(Math.min(m, BLOCK_ROWS), 4);
  const steps = stepsOf(k);
  return EDGE_BYTES + RUN_BYTES + 4 * (rows + rows * steps + roundUp(Math.min(n, BLOCK_COLUMNS), 4) * steps);
}

/** Steps of a block for a sum of k: as equal as possible, a multiple of four. */
function stepsOf(k: number): number {
  return roundUp(Math.ceil(k / Math.ceil(k / BLOCK_STEPS)), 4);
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}
