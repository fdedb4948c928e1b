// The gradient of the 2×2 max pooling that f32_lane_conv2d does: dy put back where each window had its winner. Windows do not overlap, so
// every pixel is written once.
import { clear } from "./conv.patch";
import { LANE_BYTES } from "./lane.tile";

/** Groups of dx[groups,H,W,C,8] from dy and winners[groups,H/2,W/2,C,8]; a last odd row or column is zeros. Words: docs/kernels.md. */
export function f32_lane_unpool(words: usize): void {
  const h = load<i32>(words, 16), w = load<i32>(words, 20), c = load<i32>(words, 24);
  const pooled = <usize>((h >> 1) * (w >> 1) * c) * LANE_BYTES, bytes = <usize>(h * w * c) * LANE_BYTES;
  for (let g = <usize>load<i32>(words - 8), end = <usize>min(load<i32>(words, 12), load<i32>(words - 4)); g < end; g++) {
    unpoolRows(<usize>load<u32>(words) + g * bytes, <usize>load<u32>(words, 4) + g * pooled, <usize>load<u32>(words, 8) + g * pooled, h, w, c, 0, h);
  }
}

/** Rows `first` (an even one) … `end` of one group's dx[h, w, c], which is where the first of them goes. dy, winner: of the whole group. */
export function unpoolRows(dx: usize, dy: usize, winner: usize, h: i32, w: i32, c: i32, first: i32, end: i32): void {
  const pixel = <usize>c * LANE_BYTES, row = <usize>w * pixel;
  const cols = w >> 1;
  const skipped = <usize>((first >> 1) * cols) * pixel;
  dy += skipped;
  winner += skipped;
  for (let y = first; y < min(end, h & ~1); y += 2, dx += 2 * row) {
    let at = dx;
    for (let x = 0; x < cols; x++, at += 2 * pixel) {
      for (let i: usize = 0; i < pixel; i += 16) {
        const flow = v128.load(dy + i), place = v128.load(winner + i), p = at + i;
        v128.store(p, v128.and(flow, i32x4.eq(place, i32x4.splat(0))));
        v128.store(p + pixel, v128.and(flow, i32x4.eq(place, i32x4.splat(1))));
        v128.store(p + row, v128.and(flow, i32x4.eq(place, i32x4.splat(2))));
        v128.store(p + row + pixel, v128.and(flow, i32x4.eq(place, i32x4.splat(3))));
      }
      dy += pixel;
      winner += pixel;
    }
    if (w & 1) {
      clear(at, <i32>pixel >> 2);
      clear(at + row, <i32>pixel >> 2);
    }
  }
  if (end == h && h & 1) clear(dx, <i32>row >> 2);
}
