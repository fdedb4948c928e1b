// Gradients of pooling. dx starts as zeros; every output pixel adds what flows back through its window, so overlapping windows add up.
import { storePart } from "./lanes";

/** The first of equal maxima takes the gradient; a NaN counts as the maximum. Words: docs/kernels.md. */
export function f32_max_pool2d_grad(words: usize): void {
  poolGrad(<usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), words + 12, false);
}

/** Words: docs/kernels.md. */
export function f32_average_pool2d_grad(words: usize): void {
  poolGrad(<usize>load<u32>(words), 0, <usize>load<u32>(words, 4), words + 8, true);
}

// @ts-ignore: decorator
@inline
function poolGrad(dx: usize, x: usize, dy: usize, sizes: usize, average: bool): void {
  const n = load<i32>(sizes), h = load<i32>(sizes, 4), w = load<i32>(sizes, 8), c = load<i32>(sizes, 12);
  const kh = load<i32>(sizes, 16), kw = load<i32>(sizes, 20), oh = load<i32>(sizes, 24), ow = load<i32>(sizes, 28);
  const strideH = load<i32>(sizes, 32), strideW = load<i32>(sizes, 36), top = load<i32>(sizes, 40), left = load<i32>(sizes, 44);
  const pixel = <usize>c << 2;
  const rowBytes = <usize>w * pixel;
  const imageBytes = <usize>h * rowBytes;
  memory.fill(dx, 0, <usize>n * imageBytes);
  for (let image = 0; image < n; image++, dx += imageBytes, x += imageBytes) {
    for (let i = 0; i < oh; i++) {
      const y0 = max(i * strideH - top, 0), rows = min(i * strideH - top + kh, h) - y0;
      for (let j = 0; j < ow; j++, dy += pixel) {
        const x0 = max(j * strideW - left, 0), cols = min(j * strideW - left + kw, w) - x0;
        const corner = <usize>y0 * rowBytes + <usize>x0 * pixel;
        if (average) spread(dx + corner, dy, rows, cols, pixel, rowBytes);
        else route(dx + corner, x + corner, dy, rows, cols, pixel, rowBytes);
      }
    }
  }
}

/** Adds dy to the place of the maximum, channel by channel. */
function route(dx: usize, x: usize, dy: usize, rows: i32, cols: i32, pixel: usize, rowBytes: usize): void {
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let best = v128.load(x + channel);
    let place = i32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      const p = x + channel + <usize>i * rowBytes;
      for (let j = 0; j < cols; j++) {
        const value = v128.load(p + <usize>j * pixel);
        // Greater, or the first NaN: anything that is not ≤ the best, unless the best is NaN already.
        const wins = v128.andnot(f32x4.eq(best, best), f32x4.le(value, best));
        best = v128.bitselect(value, best, wins);
        place = v128.bitselect(i32x4.splat(i * cols + j), place, wins);
      }
    }
    const flow = v128.load(dy + channel);
    for (let i = 0; i < rows; i++) {
      const p = dx + channel + <usize>i * rowBytes;
      for (let j = 0; j < cols; j++) {
        const at = p + <usize>j * pixel;
        const share = v128.and(flow, i32x4.eq(place, i32x4.splat(i * cols + j)));
        storePart(at, f32x4.add(v128.load(at), share), pixel - channel);
      }
    }
  }
}

/** Adds an equal share of dy to every place of the window. */
function spread(dx: usize, dy: usize, rows: i32, cols: i32, pixel: usize, rowBytes: usize): void {
  const count = f32x4.splat(<f32>(rows * cols));
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    const share = f32x4.div(v128.load(dy + channel), count);
    for (let i = 0; i < rows; i++) {
      let p = dx + channel + <usize>i * rowBytes;
      for (let j = 0; j < cols; j++, p += pixel) storePart(p, f32x4.add(v128.load(p), share), pixel - channel);
    }
  }
}
