// What lies where a window has its maximum: the gradient of max pooling's gradient.
import { storePart } from "./lanes";
import { C, DILATION_H, DILATION_W, endTap, firstTap, H, KH, KW, LEFT, OH, OW, STRIDE_H, STRIDE_W, TOP, W } from "./pool";
import { isLarger } from "./pool.grad";
import { rangeBegin, rangeEnd } from "./range";

/** out[window] = d where x has the window's first maximum; 0 for a window that lies in the padding altogether. Words: docs/kernels.md. */
export function f32_max_pool2d_gather(words: usize): void {
  const sizes = words + 12;
  const h = load<i32>(sizes, H), w = load<i32>(sizes, W), kh = load<i32>(sizes, KH), kw = load<i32>(sizes, KW), oh = load<i32>(sizes, OH), ow = load<i32>(sizes, OW);
  const strideW = load<i32>(sizes, STRIDE_W), dilationH = load<i32>(sizes, DILATION_H), dilationW = load<i32>(sizes, DILATION_W);
  const pixel = <usize>load<i32>(sizes, C) << 2, rowBytes = <usize>w * pixel, down = <usize>dilationH * rowBytes, along = <usize>dilationW * pixel;
  const all = load<i32>(sizes) * oh, first = rangeBegin(words, 1, all), end = rangeEnd(words, 1, all);
  const x = <usize>load<u32>(words, 4), distance = <usize>load<u32>(words, 8) - x;
  let out = <usize>load<u32>(words) + <usize>(first * ow) * pixel;
  for (let row = first; row < end; row++) {
    const image = x + <usize>(row / oh * h) * rowBytes;
    const y = (row % oh) * load<i32>(sizes, STRIDE_H) - load<i32>(sizes, TOP), y0 = firstTap(y, dilationH), rows = endTap(y, kh, dilationH, h) - y0;
    let left = 0 - load<i32>(sizes, LEFT);
    for (let j = 0; j < ow; j++, left += strideW, out += pixel) {
      const x0 = firstTap(left, dilationW), cols = endTap(left, kw, dilationW, w) - x0;
      pick(out, image + <usize>(y + y0 * dilationH) * rowBytes + <usize>(left + x0 * dilationW) * pixel, distance, rows, cols, pixel, down, along);
    }
  }
}

function pick(out: usize, corner: usize, distance: usize, rows: i32, cols: i32, pixel: usize, down: usize, along: usize): void {
  const isEmpty = rows <= 0 || cols <= 0;
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let best = f32x4.splat(0), picked = best;
    if (!isEmpty) {
      best = v128.load(corner + channel);
      picked = v128.load(corner + channel + distance);
      for (let i = 0; i < rows; i++) {
        let p = corner + channel + <usize>i * down;
        for (let j = 0; j < cols; j++, p += along) {
          const value = v128.load(p), wins = isLarger(value, best);
          best = v128.bitselect(value, best, wins);
          picked = v128.bitselect(v128.load(p + distance), picked, wins);
        }
      }
    }
    storePart(out + channel, picked, pixel - channel);
  }
}
