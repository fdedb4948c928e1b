// Micro-kernels of Winograd's products: rows that lie where they are times a packed panel, for relaxed SIMD; and the sum over tiles of the
// filter's gradient, both operands packed. Steps end in an exit test: see gemm.micro.ts.
import { madd } from "./gemm.micro";

/** Rows of a tile. */
export const TALL_ROWS = 6;

/**
 * A fused multiply-add takes no temporary, so twelve sums fit the registers, and twelve chains hide its latency where eight do not:
 * out[6, 8] = Σ over steps of a[row, step] · b[step, 8], in ascending order of steps.
 *
 * a: six rows, aRow bytes apart. b: panel of steps · 8 floats, at least one step. outRow: bytes.
 */
export function f32_winograd_6x8(a0: usize, aRow: usize, b: usize, steps: i32, out: usize, outRow: usize): void {
  let c0x0123 = f32x4.splat(0); let c0x4567 = f32x4.splat(0);
  let c1x0123 = f32x4.splat(0); let c1x4567 = f32x4.splat(0);
  let c2x0123 = f32x4.splat(0); let c2x4567 = f32x4.splat(0);
  let c3x0123 = f32x4.splat(0); let c3x4567 = f32x4.splat(0);
  let c4x0123 = f32x4.splat(0); let c4x4567 = f32x4.splat(0);
  let c5x0123 = f32x4.splat(0); let c5x4567 = f32x4.splat(0);
  let a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
  let a: v128, b0123: v128, b4567: v128;
  const end = b + <usize>steps * 32;
  // Two steps: one is slower on older V8, and so are four. The first is cut by tests that never hold, since no address is 0: see gemm.micro.ts.
  while (true) {
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    a = v128.load32_splat(a0); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
    a = v128.load32_splat(a1); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
    if (!a1) break;
    a = v128.load32_splat(a2); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
    a = v128.load32_splat(a3); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
    if (!a3) break;
    a = v128.load32_splat(a4); c4x0123 = madd(a, b0123, c4x0123); c4x4567 = madd(a, b4567, c4x4567);
    a = v128.load32_splat(a5); c5x0123 = madd(a, b0123, c5x0123); c5x4567 = madd(a, b4567, c5x4567);
    b += 32;
    if (b == end) break;
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    a = v128.load32_splat(a0, 4); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
    a = v128.load32_splat(a1, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
    a = v128.load32_splat(a2, 4); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
    a = v128.load32_splat(a3, 4); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
    a = v128.load32_splat(a4, 4); c4x0123 = madd(a, b0123, c4x0123); c4x4567 = madd(a, b4567, c4x4567);
    a = v128.load32_splat(a5, 4); c5x0123 = madd(a, b0123, c5x0123); c5x4567 = madd(a, b4567, c5x4567);
    b += 32;
    if (b == end) break;
    a0 += 8; a1 += 8; a2 += 8; a3 += 8; a4 += 8; a5 += 8;
  }
  const out1 = out + outRow, out2 = out1 + outRow, out3 = out2 + outRow, out4 = out3 + outRow, out5 = out4 + outRow;
  v128.store(out, c0x0123); v128.store(out, c0x4567, 16);
  v128.store(out1, c1x0123); v128.store(out1, c1x4567, 16);
  v128.store(out2, c2x0123); v128.store(out2, c2x4567, 16);
  v128.store(out3, c3x0123); v128.store(out3, c3x4567, 16);
  v128.store(out4, c4x0123); v128.store(out4, c4x4567, 16);
  v128.store(out5, c5x0123); v128.store(out5, c5x4567, 16);
}

/** out[4, 8] += Σ over steps of a[step, 4] · b[step, 8], in ascending order of steps, at least one; out is contiguous. */
export function f32_winograd_outer_4x8(a: usize, b: usize, steps: i32, out: usize): void {
  let c0x0123 = f32x4.splat(0); let c0x4567 = f32x4.splat(0);
  let c1x0123 = f32x4.splat(0); let c1x4567 = f32x4.splat(0);
  let c2x0123 = f32x4.splat(0); let c2x4567 = f32x4.splat(0);
  let c3x0123 = f32x4.splat(0); let c3x4567 = f32x4.splat(0);
  let x: v128, b0123: v128, b4567: v128;
  const end = a + <usize>steps * 16;
  while (true) {
    b0123 = v128.load(b, 0); b4567 = v128.load(b, 16);
    x = v128.load32_splat(a, 0); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    x = v128.load32_splat(a, 4); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    x = v128.load32_splat(a, 8); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    x = v128.load32_splat(a, 12); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    a += 16;
    if (a == end) break;
    b0123 = v128.load(b, 32); b4567 = v128.load(b, 48);
    x = v128.load32_splat(a); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    x = v128.load32_splat(a, 4); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    x = v128.load32_splat(a, 8); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    x = v128.load32_splat(a, 12); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    a += 16;
    b += 64;
    if (a == end) break;
  }
  v128.store(out, f32x4.add(v128.load(out, 0), c0x0123), 0); v128.store(out, f32x4.add(v128.load(out, 16), c0x4567), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), c1x0123), 32); v128.store(out, f32x4.add(v128.load(out, 48), c1x4567), 48);
  v128.store(out, f32x4.add(v128.load(out, 64), c2x0123), 64); v128.store(out, f32x4.add(v128.load(out, 80), c2x4567), 80);
  v128.store(out, f32x4.add(v128.load(out, 96), c3x0123), 96); v128.store(out, f32x4.add(v128.load(out, 112), c3x4567), 112);
}

/**
 * The same for relaxed SIMD, six rows at a time: four of `a` to out, two of `e`, whose steps lie 16 bytes apart too, to outE.
 * See f32_winograd_6x8 for the tests that never hold.
 */
export function f32_winograd_outer_6x8(a: usize, e: usize, b: usize, steps: i32, out: usize, outE: usize): void {
  let c0x0123 = f32x4.splat(0); let c0x4567 = f32x4.splat(0);
  let c1x0123 = f32x4.splat(0); let c1x4567 = f32x4.splat(0);
  let c2x0123 = f32x4.splat(0); let c2x4567 = f32x4.splat(0);
  let c3x0123 = f32x4.splat(0); let c3x4567 = f32x4.splat(0);
  let c4x0123 = f32x4.splat(0); let c4x4567 = f32x4.splat(0);
  let c5x0123 = f32x4.splat(0); let c5x4567 = f32x4.splat(0);
  let x: v128, b0123: v128, b4567: v128;
  const end = a + <usize>steps * 16, odd = end - 16, even = end - 32;
  while (true) {
    b0123 = v128.load(b); b4567 = v128.load(b, 16);
    x = v128.load32_splat(a); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    x = v128.load32_splat(a, 4); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    if (!e) break;
    x = v128.load32_splat(a, 8); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    x = v128.load32_splat(a, 12); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    if (!e) break;
    x = v128.load32_splat(e); c4x0123 = madd(x, b0123, c4x0123); c4x4567 = madd(x, b4567, c4x4567);
    x = v128.load32_splat(e, 4); c5x0123 = madd(x, b0123, c5x0123); c5x4567 = madd(x, b4567, c5x4567);
    if (a == odd) break;
    b0123 = v128.load(b, 32); b4567 = v128.load(b, 48);
    x = v128.load32_splat(a, 16); c0x0123 = madd(x, b0123, c0x0123); c0x4567 = madd(x, b4567, c0x4567);
    x = v128.load32_splat(a, 20); c1x0123 = madd(x, b0123, c1x0123); c1x4567 = madd(x, b4567, c1x4567);
    if (!e) break;
    x = v128.load32_splat(a, 24); c2x0123 = madd(x, b0123, c2x0123); c2x4567 = madd(x, b4567, c2x4567);
    x = v128.load32_splat(a, 28); c3x0123 = madd(x, b0123, c3x0123); c3x4567 = madd(x, b4567, c3x4567);
    if (!e) break;
    x = v128.load32_splat(e, 16); c4x0123 = madd(x, b0123, c4x0123); c4x4567 = madd(x, b4567, c4x4567);
    x = v128.load32_splat(e, 20); c5x0123 = madd(x, b0123, c5x0123); c5x4567 = madd(x, b4567, c5x4567);
    if (a == even) break;
    a += 32; e += 32; b += 64;
  }
  v128.store(out, f32x4.add(v128.load(out, 0), c0x0123), 0); v128.store(out, f32x4.add(v128.load(out, 16), c0x4567), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), c1x0123), 32); v128.store(out, f32x4.add(v128.load(out, 48), c1x4567), 48);
  v128.store(out, f32x4.add(v128.load(out, 64), c2x0123), 64); v128.store(out, f32x4.add(v128.load(out, 80), c2x4567), 80);
  v128.store(out, f32x4.add(v128.load(out, 96), c3x0123), 96); v128.store(out, f32x4.add(v128.load(out, 112), c3x4567), 112);
  v128.store(outE, f32x4.add(v128.load(outE, 0), c4x0123), 0); v128.store(outE, f32x4.add(v128.load(outE, 16), c4x4567), 16);
  v128.store(outE, f32x4.add(v128.load(outE, 32), c5x0123), 32); v128.store(outE, f32x4.add(v128.load(outE, 48), c5x4567), 48);
}
