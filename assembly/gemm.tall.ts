// The matrix product's large tile, for relaxed SIMD: six rows of packed A times a packed panel of eight columns of B.
// A fused multiply-add takes no temporary, so twelve sums fit the registers, and twelve chains hide its latency where eight do not.
// Every row ends in an exit test on purpose: V8 hoists all loads of a basic block, and two rows in one block spill sums.
import { maskRows, multiplyBlock, storeEdge } from "./gemm.block";
import { madd, TILE_COLUMNS } from "./gemm.micro";
import { TALL_ROWS } from "./gemm.pack";

/** Products of fewer columns do not pay for packing A. */
export const LEAST_COLUMNS = 16;

/** How many of m rows, from the first, go into tiles of six. The rest are three rows, or four, or a few more that make whole tiles of four. */
export function tallRows(m: i32): i32 {
  const left = m % TALL_ROWS;
  return max(0, m - (left == 0 || left == 3 || left == 4 ? left : left + TALL_ROWS));
}

/**
 * multiplyBlock for a block of which the first `tall` rows, a multiple of six, are packed by packTall into `packed`; the others, from `a` on, lie
 * as `rows` says. panels: packed wide.
 */
export function multiplyTall(
  packed: usize, tall: i32, a: usize, rows: usize, m: i32, runs: usize, steps: i32, panels: usize, n: i32,
  out: usize, outRow: usize, accumulate: bool, bias: usize, relu: bool, edge: usize, mask: usize,
): void {
  const fromOut = mask - out;
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, n - j);
    let target = out;
    let panel = packed;
    for (let i = 0; i < tall; i += TALL_ROWS) {
      if (columns == TILE_COLUMNS) f32_gemm_6x8(panel, panels, steps, target, outRow, accumulate, bias, relu);
      else {
        f32_gemm_6x8(panel, panels, steps, edge, 4 * TILE_COLUMNS, false, 0, false);
        storeEdge(edge, TALL_ROWS, columns, target, outRow, accumulate, bias, relu);
      }
      if (mask) maskRows(target, outRow, target + fromOut, TALL_ROWS, columns);
      target += <usize>TALL_ROWS * outRow;
      panel += <usize>steps * (4 * TALL_ROWS);
    }
    multiplyBlock(
      a, rows, m, runs, runs + 4, steps, panels, columns, target, outRow, accumulate, bias, relu, edge, mask ? target + fromOut : 0, true,
    );
    panels += <usize>steps * (4 * TILE_COLUMNS);
    out += 4 * TILE_COLUMNS;
    if (bias) bias += 4 * TILE_COLUMNS;
  }
}

/**
 * out[6, 8] = act(Σ over steps of a[step, row] · b[step, 8] (+ out) (+ bias)), in ascending order of steps, as f32_gemm_4x8.
 *
 * a: panel of steps · 6 floats. b: panel of steps · 8 floats, at least one step. outRow: bytes. bias: 0 or 8 floats.
 */
export function f32_gemm_6x8(
  a: usize, b: usize, steps: i32, out: usize, outRow: usize, accumulate: bool, bias: usize, relu: bool,
): void {
  let c0x0123 = f32x4.splat(0); let c0x4567 = f32x4.splat(0);
  let c1x0123 = f32x4.splat(0); let c1x4567 = f32x4.splat(0);
  let c2x0123 = f32x4.splat(0); let c2x4567 = f32x4.splat(0);
  let c3x0123 = f32x4.splat(0); let c3x4567 = f32x4.splat(0);
  let c4x0123 = f32x4.splat(0); let c4x4567 = f32x4.splat(0);
  let c5x0123 = f32x4.splat(0); let c5x4567 = f32x4.splat(0);
  let x: v128, b0123: v128, b4567: v128;
  const end = a + <usize>steps * (4 * TALL_ROWS);
  while (true) {
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    x = v128.load32_splat(a); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c4x0123 = madd(x, b0123, c4x0123); c4x4567 = madd(x, b4567, c4x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c5x0123 = madd(x, b0123, c5x0123); c5x4567 = madd(x, b4567, c5x4567);
    b += 32; a += 4; if (a == end) break;
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    x = v128.load32_splat(a); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c4x0123 = madd(x, b0123, c4x0123); c4x4567 = madd(x, b4567, c4x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c5x0123 = madd(x, b0123, c5x0123); c5x4567 = madd(x, b4567, c5x4567);
    b += 32; a += 4; if (a == end) break;
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    x = v128.load32_splat(a); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c4x0123 = madd(x, b0123, c4x0123); c4x4567 = madd(x, b4567, c4x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c5x0123 = madd(x, b0123, c5x0123); c5x4567 = madd(x, b4567, c5x4567);
    b += 32; a += 4; if (a == end) break;
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    x = v128.load32_splat(a); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c4x0123 = madd(x, b0123, c4x0123); c4x4567 = madd(x, b4567, c4x4567);
    a += 4; if (a == end) break;
    x = v128.load32_splat(a); c5x0123 = madd(x, b0123, c5x0123); c5x4567 = madd(x, b4567, c5x4567);
    b += 32; a += 4; if (a == end) break;
  }
  const out1 = out + outRow, out2 = out1 + outRow, out3 = out2 + outRow, out4 = out3 + outRow, out5 = out4 + outRow;
  if (accumulate) {
    c0x0123 = f32x4.add(v128.load(out), c0x0123); c0x4567 = f32x4.add(v128.load(out, 16), c0x4567);
    c1x0123 = f32x4.add(v128.load(out1), c1x0123); c1x4567 = f32x4.add(v128.load(out1, 16), c1x4567);
    c2x0123 = f32x4.add(v128.load(out2), c2x0123); c2x4567 = f32x4.add(v128.load(out2, 16), c2x4567);
    c3x0123 = f32x4.add(v128.load(out3), c3x0123); c3x4567 = f32x4.add(v128.load(out3, 16), c3x4567);
    c4x0123 = f32x4.add(v128.load(out4), c4x0123); c4x4567 = f32x4.add(v128.load(out4, 16), c4x4567);
    c5x0123 = f32x4.add(v128.load(out5), c5x0123); c5x4567 = f32x4.add(v128.load(out5, 16), c5x4567);
  }
  if (bias) {
    b0123 = v128.load(bias); b4567 = v128.load(bias, 16);
    c0x0123 = f32x4.add(c0x0123, b0123); c0x4567 = f32x4.add(c0x4567, b4567);
    c1x0123 = f32x4.add(c1x0123, b0123); c1x4567 = f32x4.add(c1x4567, b4567);
    c2x0123 = f32x4.add(c2x0123, b0123); c2x4567 = f32x4.add(c2x4567, b4567);
    c3x0123 = f32x4.add(c3x0123, b0123); c3x4567 = f32x4.add(c3x4567, b4567);
    c4x0123 = f32x4.add(c4x0123, b0123); c4x4567 = f32x4.add(c4x4567, b4567);
    c5x0123 = f32x4.add(c5x0123, b0123); c5x4567 = f32x4.add(c5x4567, b4567);
  }
  if (relu) {
    const zero = f32x4.splat(0);
    c0x0123 = f32x4.pmax(c0x0123, zero); c0x4567 = f32x4.pmax(c0x4567, zero);
    c1x0123 = f32x4.pmax(c1x0123, zero); c1x4567 = f32x4.pmax(c1x4567, zero);
    c2x0123 = f32x4.pmax(c2x0123, zero); c2x4567 = f32x4.pmax(c2x4567, zero);
    c3x0123 = f32x4.pmax(c3x0123, zero); c3x4567 = f32x4.pmax(c3x4567, zero);
    c4x0123 = f32x4.pmax(c4x0123, zero); c4x4567 = f32x4.pmax(c4x4567, zero);
    c5x0123 = f32x4.pmax(c5x0123, zero); c5x4567 = f32x4.pmax(c5x4567, zero);
  }
  v128.store(out, c0x0123); v128.store(out, c0x4567, 16);
  v128.store(out1, c1x0123); v128.store(out1, c1x4567, 16);
  v128.store(out2, c2x0123); v128.store(out2, c2x4567, 16);
  v128.store(out3, c3x0123); v128.store(out3, c3x4567, 16);
  v128.store(out4, c4x0123); v128.store(out4, c4x4567, 16);
  v128.store(out5, c5x0123); v128.store(out5, c5x4567, 16);
}
