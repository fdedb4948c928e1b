// The gradient of the 2×2 max pooling that f32_lane_conv2d does: dy put back where each window had its winner. Windows do not overlap, so
// every pixel is written once.
import { clear } from "./conv.patch";
import { LANE_BYTES } from "./lane.tile";

/** Groups of dx[groups,H,W,C,8] from dy and winners[groups,H/2,W/2,C,8]; a last odd row or column is zeros. Words: docs/kernels.md. */
export function f32_lane_unpool(words: usize): void {
  const h = load<i32>(words, 16), w = load<i32>(words, 20);
  const pixel = <usize>load<i32>(words, 24) * LANE_BYTES, row = <usize>w * pixel;
  const rows = h >> 1, cols = w >> 1;
  const first = load<i32>(words - 8), end = min(load<i32>(words, 12), load<i32>(words - 4));
  const pooled = <usize>(first * rows * cols) * pixel;
  let dx = <usize>load<u32>(words) + <usize>(first * h) * row;
  let dy = <usize>load<u32>(words, 4) + pooled, winner = <usize>load<u32>(words, 8) + pooled;
  for (let g = first; g < end; g++) {
    for (let y = 0; y < rows; y++, dx += 2 * row) {
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
    if (h & 1) {
      clear(dx, <i32>row >> 2);
      dx += row;
    }
  }
}
