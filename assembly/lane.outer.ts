// Micro-kernels of the image-lane filter gradient: sums over pixels and images of products of four (or three) channels of dy and two of x.
// The lanes are summed last. One half of the images after the other: both in one block would take more registers than there are.
import { madd } from "./gemm.micro";

/** acc[2, 4] vectors += Σ over pixels of x0 · dy[4] and x1 · dy[4], lanes masked: the other half of the images by masks[1], then the first by masks[0]. */
export function f32_lane_outer_4x2(
  dy: usize, dyStep: usize, x0: usize, x1: usize, rows: i32, cols: i32, xStep: usize, xSkip: usize, masks: usize, acc: usize,
): void {
  let c0x0 = f32x4.splat(0), c0x1 = f32x4.splat(0), c0x2 = f32x4.splat(0), c0x3 = f32x4.splat(0);
  let c1x0 = f32x4.splat(0), c1x1 = f32x4.splat(0), c1x2 = f32x4.splat(0), c1x3 = f32x4.splat(0);
  let d0: v128, d1: v128, d2: v128, d3: v128, b: v128;
  const rowBytes = <usize>cols * xStep;
  let half: usize = 16;
  while (true) {
    let d = dy + half, p0 = x0 + half, p1 = x1 + half, left = rows;
    do {
      const end = p0 + rowBytes;
      while (true) {
        d0 = v128.load(d); d1 = v128.load(d, 32); d2 = v128.load(d, 64); d3 = v128.load(d, 96);
        b = v128.load(p0); c0x0 = madd(d0, b, c0x0); c0x1 = madd(d1, b, c0x1); c0x2 = madd(d2, b, c0x2); c0x3 = madd(d3, b, c0x3);
        b = v128.load(p1); c1x0 = madd(d0, b, c1x0); c1x1 = madd(d1, b, c1x1); c1x2 = madd(d2, b, c1x2); c1x3 = madd(d3, b, c1x3);
        d += dyStep; p0 += xStep; p1 += xStep;
        if (p0 == end) break;
        d0 = v128.load(d); d1 = v128.load(d, 32); d2 = v128.load(d, 64); d3 = v128.load(d, 96);
        b = v128.load(p0); c0x0 = madd(d0, b, c0x0); c0x1 = madd(d1, b, c0x1); c0x2 = madd(d2, b, c0x2); c0x3 = madd(d3, b, c0x3);
        b = v128.load(p1); c1x0 = madd(d0, b, c1x0); c1x1 = madd(d1, b, c1x1); c1x2 = madd(d2, b, c1x2); c1x3 = madd(d3, b, c1x3);
        d += dyStep; p0 += xStep; p1 += xStep;
        if (p0 == end) break;
      }
      p0 += xSkip;
      p1 += xSkip;
    } while (--left);
    b = v128.load(masks + half);
    c0x0 = v128.and(c0x0, b); c0x1 = v128.and(c0x1, b); c0x2 = v128.and(c0x2, b); c0x3 = v128.and(c0x3, b);
    c1x0 = v128.and(c1x0, b); c1x1 = v128.and(c1x1, b); c1x2 = v128.and(c1x2, b); c1x3 = v128.and(c1x3, b);
    if (half == 0) break;
    half = 0;
  }
  v128.store(acc, f32x4.add(v128.load(acc), c0x0)); v128.store(acc, f32x4.add(v128.load(acc, 16), c0x1), 16);
  v128.store(acc, f32x4.add(v128.load(acc, 32), c0x2), 32); v128.store(acc, f32x4.add(v128.load(acc, 48), c0x3), 48);
  v128.store(acc, f32x4.add(v128.load(acc, 64), c1x0), 64); v128.store(acc, f32x4.add(v128.load(acc, 80), c1x1), 80);
  v128.store(acc, f32x4.add(v128.load(acc, 96), c1x2), 96); v128.store(acc, f32x4.add(v128.load(acc, 112), c1x3), 112);
}

/** As f32_lane_outer_4x2 for three channels of dy. */
export function f32_lane_outer_3x2(
  dy: usize, dyStep: usize, x0: usize, x1: usize, rows: i32, cols: i32, xStep: usize, xSkip: usize, masks: usize, acc: usize,
): void {
  let c0x0 = f32x4.splat(0), c0x1 = f32x4.splat(0), c0x2 = f32x4.splat(0);
  let c1x0 = f32x4.splat(0), c1x1 = f32x4.splat(0), c1x2 = f32x4.splat(0);
  let d0: v128, d1: v128, d2: v128, b: v128;
  const rowBytes = <usize>cols * xStep;
  let half: usize = 16;
  while (true) {
    let d = dy + half, p0 = x0 + half, p1 = x1 + half, left = rows;
    do {
      const end = p0 + rowBytes;
      while (true) {
        d0 = v128.load(d); d1 = v128.load(d, 32); d2 = v128.load(d, 64);
        b = v128.load(p0); c0x0 = madd(d0, b, c0x0); c0x1 = madd(d1, b, c0x1); c0x2 = madd(d2, b, c0x2);
        b = v128.load(p1); c1x0 = madd(d0, b, c1x0); c1x1 = madd(d1, b, c1x1); c1x2 = madd(d2, b, c1x2);
        d += dyStep; p0 += xStep; p1 += xStep;
        if (p0 == end) break;
        d0 = v128.load(d); d1 = v128.load(d, 32); d2 = v128.load(d, 64);
        b = v128.load(p0); c0x0 = madd(d0, b, c0x0); c0x1 = madd(d1, b, c0x1); c0x2 = madd(d2, b, c0x2);
        b = v128.load(p1); c1x0 = madd(d0, b, c1x0); c1x1 = madd(d1, b, c1x1); c1x2 = madd(d2, b, c1x2);
        d += dyStep; p0 += xStep; p1 += xStep;
        if (p0 == end) break;
      }
      p0 += xSkip;
      p1 += xSkip;
    } while (--left);
    b = v128.load(masks + half);
    c0x0 = v128.and(c0x0, b); c0x1 = v128.and(c0x1, b); c0x2 = v128.and(c0x2, b);
    c1x0 = v128.and(c1x0, b); c1x1 = v128.and(c1x1, b); c1x2 = v128.and(c1x2, b);
    if (half == 0) break;
    half = 0;
  }
  v128.store(acc, f32x4.add(v128.load(acc), c0x0)); v128.store(acc, f32x4.add(v128.load(acc, 16), c0x1), 16);
  v128.store(acc, f32x4.add(v128.load(acc, 32), c0x2), 32); v128.store(acc, f32x4.add(v128.load(acc, 48), c1x0), 48);
  v128.store(acc, f32x4.add(v128.load(acc, 64), c1x1), 64); v128.store(acc, f32x4.add(v128.load(acc, 80), c1x2), 80);
}
