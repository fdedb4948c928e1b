// Packing for the matrix product: B into panels, A (only when its rows are not contiguous) into contiguous rows.
// All strides here are in bytes.
import { NARROW, TILE_COLUMNS } from "./gemm.micro";

/**
 * Packs b[steps, n] into panels of eight columns, step by step; the last panel has four when four suffice and it need not be wide.
 * Missing columns repeat column 0 of their panel. Reads up to 12 bytes past the end of b.
 *
 * Returns the address after the last panel: packedColumns(n) · steps floats are written, or roundUp(n, 8) · steps.
 */
export function packB(b: usize, row: usize, column: usize, steps: i32, n: i32, panels: usize, wide: bool = false): usize {
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const source = b + <usize>j * column;
    const columns = min(TILE_COLUMNS, n - j);
    if (columns <= NARROW && !wide) {
      packLanes(source, row, column, steps, columns, panels, 16);
      panels += <usize>steps * 16;
    } else {
      if (columns <= NARROW) {
        packLanes(source, row, column, steps, columns, panels, 32);
        packLanes(source, row, column, steps, columns, panels + 16, 32);
      } else if (column == 4) packPairs(source, row, steps, panels);
      else {
        packLanes(source, row, column, steps, 4, panels, 32);
        packLanes(source + 4 * column, row, column, steps, columns - 4, panels + 16, 32);
      }
      panels += <usize>steps * 32;
    }
  }
  return panels;
}

/** Eight contiguous columns. The last of them may lie past the matrix, by at most three. */
function packPairs(source: usize, row: usize, steps: i32, panel: usize): void {
  for (let k = 0; k < steps; k++) {
    v128.store(panel, v128.load(source));
    v128.store(panel, v128.load(source, 16), 16);
    source += row;
    panel += 32;
  }
}

/** Four columns of `lanes` existing ones, into a panel whose steps lie `pitch` bytes apart. */
function packLanes(source: usize, row: usize, column: usize, steps: i32, lanes: i32, panel: usize, pitch: usize): void {
  if (column == 4) {
    for (let k = 0; k < steps; k++) {
      v128.store(panel, v128.load(source));
      source += row;
      panel += pitch;
    }
    return;
  }
  let p0 = source;
  let p1 = lanes > 1 ? source + column : source;
  let p2 = lanes > 2 ? source + 2 * column : source;
  let p3 = lanes > 3 ? source + 3 * column : source;
  let k = 0;
  if (row == 4) {
    for (; k <= steps - 4; k += 4) {
      transpose4x4(p0, p1, p2, p3, panel, pitch);
      p0 += 16; p1 += 16; p2 += 16; p3 += 16;
      panel += 4 * pitch;
    }
  }
  for (; k < steps; k++) {
    store<f32>(panel, load<f32>(p0));
    store<f32>(panel, load<f32>(p1), 4);
    store<f32>(panel, load<f32>(p2), 8);
    store<f32>(panel, load<f32>(p3), 12);
    p0 += row; p1 += row; p2 += row; p3 += row;
    panel += pitch;
  }
}

/** Copies a[m, steps] into contiguous rows of `steps` floats. */
export function packA(a: usize, row: usize, column: usize, m: i32, steps: i32, rows: usize): void {
  const pitch = <usize>steps << 2;
  let i = 0;
  if (row == 4) {
    for (; i <= m - 4; i += 4) {
      let p = a + (<usize>i << 2);
      let target = rows + <usize>i * pitch;
      let k = 0;
      for (; k <= steps - 4; k += 4) {
        transpose4x4(p, p + column, p + 2 * column, p + 3 * column, target, pitch);
        p += 4 * column;
        target += 16;
      }
      for (; k < steps; k++) {
        const x = v128.load(p);
        v128.store_lane<f32>(target, x, 0);
        v128.store_lane<f32>(target + pitch, x, 1);
        v128.store_lane<f32>(target + 2 * pitch, x, 2);
        v128.store_lane<f32>(target + 3 * pitch, x, 3);
        p += column;
        target += 4;
      }
    }
  }
  for (; i < m; i++) {
    let p = a + <usize>i * row;
    let target = rows + <usize>i * pitch;
    const end = target + pitch;
    for (; target != end; target += 4) {
      store<f32>(target, load<f32>(p));
      p += column;
    }
  }
}

/** Rows of a panel of A, where A is packed into panels. */
export const TALL_ROWS: i32 = 6;

/** Packs a[m, steps], m a multiple of six, into panels of six rows, step by step. Reads up to 8 bytes past the end of a. */
export function packTall(a: usize, row: usize, column: usize, m: i32, steps: i32, panel: usize): void {
  for (let i = 0; i < m; i += TALL_ROWS) {
    let p0 = a;
    let k = 0;
    if (row == 4) {
      for (; k < steps; k++) {
        v128.store(panel, v128.load(p0));
        v128.store_lane<f64>(panel + 16, v128.load64_zero(p0 + 16), 0);
        p0 += column;
        panel += 4 * TALL_ROWS;
      }
    } else {
      let p1 = p0 + row, p2 = p1 + row, p3 = p2 + row, p4 = p3 + row, p5 = p4 + row;
      if (column == 4) {
        for (; k <= steps - 4; k += 4) {
          transpose4x4(p0, p1, p2, p3, panel, 4 * TALL_ROWS);
          const r4 = v128.load(p4), r5 = v128.load(p5);
          const low = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5), high = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
          v128.store_lane<f64>(panel, low, 0, 16);
          v128.store_lane<f64>(panel, low, 1, 40);
          v128.store_lane<f64>(panel, high, 0, 64);
          v128.store_lane<f64>(panel, high, 1, 88);
          p0 += 16; p1 += 16; p2 += 16; p3 += 16; p4 += 16; p5 += 16;
          panel += 16 * TALL_ROWS;
        }
      }
      for (; k < steps; k++) {
        store<f32>(panel, load<f32>(p0));
        store<f32>(panel, load<f32>(p1), 4);
        store<f32>(panel, load<f32>(p2), 8);
        store<f32>(panel, load<f32>(p3), 12);
        store<f32>(panel, load<f32>(p4), 16);
        store<f32>(panel, load<f32>(p5), 20);
        p0 += column; p1 += column; p2 += column; p3 += column; p4 += column; p5 += column;
        panel += 4 * TALL_ROWS;
      }
    }
    a += <usize>TALL_ROWS * row;
  }
}

/** Four rows of four floats become four columns, written `pitch` bytes apart. */
@inline
export function transpose4x4(p0: usize, p1: usize, p2: usize, p3: usize, target: usize, pitch: usize): void {
  const r0 = v128.load(p0), r1 = v128.load(p1), r2 = v128.load(p2), r3 = v128.load(p3);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(target + pitch, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(target + 2 * pitch, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(target + 3 * pitch, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}
