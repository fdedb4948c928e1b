// One cache block of a matrix product: packed panels of B against rows of A that are given by tables of addresses.
// Matrices and convolutions differ only in their tables: see gemm.ts and conv.ts.
import { f32_gemm_4x4, f32_gemm_4x8, NARROW, TILE_COLUMNS, TILE_ROWS } from "./gemm.micro";

/** Bytes of scratch for one tile that hangs over the edge of out: six rows of eight floats. */
export const EDGE_BYTES: usize = 192;

/** n rounded up to a multiple of `unit`, a power of two. */
@inline
export function roundUp(n: i32, unit: i32): i32 {
  return (n + unit - 1) & -unit;
}

/** Columns that the packed panels of an n-column B take: the last panel is narrow when four columns suffice. */
@inline
export function packedColumns(n: i32): i32 {
  return roundUp(n, NARROW);
}

/** Writes `count` u32 byte offsets 0, step, 2·step … */
export function writeOffsets(table: usize, count: i32, step: usize): void {
  for (let i = 0; i < count; i++) store<u32>(table + (<usize>i << 2), <u32>(<usize>i * step));
}

/**
 * out[m, n] = act(A · B (+ out) (+ bias)) ⊙ (mask > 0) for one block of steps.
 *
 * a: base address; row i starts at a + rows[i]; rows holds u32 offsets.
 * runs … runsEnd, length: the steps of every row, as f32_gemm_4x8 takes them. panels: B, packed by packB to that many steps.
 * outRow: bytes. bias: 0 or n floats. edge: EDGE_BYTES of scratch, 16-byte aligned. mask: 0, or floats that lie as out does.
 * wide: the last panel has eight columns even where four suffice.
 */
export function multiplyBlock(
  a: usize, rows: usize, m: i32, runs: usize, runsEnd: usize, length: i32, panels: usize, n: i32,
  out: usize, outRow: usize, accumulate: bool, bias: usize, relu: bool, edge: usize, mask: usize = 0, wide: bool = false,
): void {
  const fromOut = mask - out;
  const steps = <usize>((runsEnd - runs) >> 2) * <usize>length;
  let panel = panels;
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, n - j);
    const narrow = columns <= NARROW && !wide;
    const biasPanel = bias ? bias + (<usize>j << 2) : 0;
    let row = rows;
    let target = out + (<usize>j << 2);
    for (let i = 0; i < m; i += TILE_ROWS) {
      const height = min(TILE_ROWS, m - i);
      // Rows that do not exist repeat the first: their sums are never stored.
      const a0 = a + load<u32>(row);
      const a1 = height > 1 ? a + load<u32>(row, 4) : a0;
      const a2 = height > 2 ? a + load<u32>(row, 8) : a0;
      const a3 = height > 3 ? a + load<u32>(row, 12) : a0;
      if (height == TILE_ROWS && columns == TILE_COLUMNS) {
        f32_gemm_4x8(a0, a1, a2, a3, runs, runsEnd, length, panel, target, outRow, accumulate, biasPanel, relu);
      } else if (height == TILE_ROWS && columns == NARROW && !wide) {
        f32_gemm_4x4(a0, a1, a2, a3, runs, runsEnd, length, panel, target, outRow, accumulate, biasPanel, relu);
      } else {
        if (narrow) f32_gemm_4x4(a0, a1, a2, a3, runs, runsEnd, length, panel, edge, 32, false, 0, false);
        else f32_gemm_4x8(a0, a1, a2, a3, runs, runsEnd, length, panel, edge, 32, false, 0, false);
        storeEdge(edge, height, columns, target, outRow, accumulate, biasPanel, relu);
      }
      if (mask) maskRows(target, outRow, target + fromOut, height, columns);
      row += 16;
      target += 4 * outRow;
    }
    panel += steps * (narrow ? 4 * NARROW : 4 * TILE_COLUMNS);
  }
}

/** Finishes a tile that lies in scratch in rows of eight floats: the corner of it that out has. */
export function storeEdge(edge: usize, height: i32, columns: i32, out: usize, outRow: usize, accumulate: bool, bias: usize, relu: bool): void {
  for (let i = 0; i < height; i++) {
    finishLanes(edge, min(columns, 4), out, accumulate, bias, relu);
    if (columns > 4) finishLanes(edge + 16, columns - 4, out + 16, accumulate, bias ? bias + 16 : 0, relu);
    edge += 32;
    out += outRow;
  }
}

/** The gradient of relu on what was just stored: 0 where mask is not above 0, NaN where mask is. */
export function maskRows(out: usize, row: usize, mask: usize, height: i32, columns: i32): void {
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < columns; j += 4) {
      const at = <usize>j << 2;
      const count = min(columns - j, 4);
      if (count == 4) v128.store(out + at, masked(v128.load(out + at), v128.load(mask + at)));
      else storeLanes(out + at, masked(loadLanes(out + at, count), loadLanes(mask + at, count)), count);
    }
    out += row;
    mask += row;
  }
}

/** x where y > 0, else 0; NaN where y is NaN: relu's gradient from its result, as the micro-op relu_grad. */
@inline
function masked(x: v128, y: v128): v128 {
  return v128.bitselect(y, v128.and(x, f32x4.gt(y, f32x4.splat(0))), f32x4.ne(y, y));
}

/** out[0 … count) = act(source (+ out) (+ bias)), count 1 to 4. */
@inline
function finishLanes(source: usize, count: i32, out: usize, accumulate: bool, bias: usize, relu: bool): void {
  let x = v128.load(source);
  if (accumulate) x = f32x4.add(loadLanes(out, count), x);
  if (bias) x = f32x4.add(x, v128.load(bias));
  if (relu) x = f32x4.pmax(x, f32x4.splat(0));
  storeLanes(out, x, count);
}

/** The first `count` floats at p, 1 to 4; other lanes are 0. */
export function loadLanes(p: usize, count: i32): v128 {
  if (count == 4) return v128.load(p);
  if (count == 1) return v128.load32_zero(p);
  const low = v128.load64_zero(p);
  return count == 2 ? low : v128.load_lane<f32>(p, low, 2, 8);
}

/** Stores the first `count` lanes of x, 1 to 4. */
@inline
export function storeLanes(p: usize, x: v128, count: i32): void {
  if (count == 4) v128.store(p, x);
  else if (count == 1) v128.store_lane<f32>(p, x, 0);
  else {
    v128.store_lane<f64>(p, x, 0);
    if (count == 3) v128.store_lane<f32>(p, x, 2, 8);
  }
}

/** out[m, n] = act(bias), or act(0): a product of no steps. */
export function emptyProduct(m: i32, n: i32, out: usize, outRow: usize, bias: usize, relu: bool): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const x = bias ? load<f32>(bias + (<usize>j << 2)) : <f32>0;
      store<f32>(out + (<usize>j << 2), relu && x < 0 ? 0 : x);
    }
    out += outRow;
  }
}
