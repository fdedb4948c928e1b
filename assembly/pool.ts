// Max and average pooling of NHWC images, four channels at a time. Padding takes no part: windows are clipped to the image.
import { storePart } from "./lanes";

/** The window of one output pixel, clipped to the image. */
// @ts-ignore: decorator
@inline
function first(out: i32, stride: i32, pad: i32): i32 {
  return max(out * stride - pad, 0);
}

// @ts-ignore: decorator
@inline
function last(out: i32, stride: i32, pad: i32, size: i32, limit: i32): i32 {
  return min(out * stride - pad + size, limit);
}

/** Words: docs/kernels.md. */
export function f32_max_pool2d(words: usize): void {
  pool(words, false);
}

/** Words: docs/kernels.md. */
export function f32_average_pool2d(words: usize): void {
  pool(words, true);
}

// @ts-ignore: decorator
@inline
function pool(words: usize, average: bool): void {
  let out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const n = load<i32>(words, 8), h = load<i32>(words, 12), w = load<i32>(words, 16), c = load<i32>(words, 20);
  const kh = load<i32>(words, 24), kw = load<i32>(words, 28), oh = load<i32>(words, 32), ow = load<i32>(words, 36);
  const strideH = load<i32>(words, 40), strideW = load<i32>(words, 44), top = load<i32>(words, 48), left = load<i32>(words, 52);
  const pixel = <usize>c << 2;
  const rowBytes = <usize>w * pixel;
  for (let image = 0; image < n; image++, x += <usize>h * rowBytes) {
    for (let i = 0; i < oh; i++) {
      const y0 = first(i, strideH, top), y1 = last(i, strideH, top, kh, h);
      for (let j = 0; j < ow; j++, out += pixel) {
        const x0 = first(j, strideW, left), x1 = last(j, strideW, left, kw, w);
        const corner = x + <usize>y0 * rowBytes + <usize>x0 * pixel;
        if (average) averageWindow(out, corner, y1 - y0, x1 - x0, pixel, rowBytes);
        else maxWindow(out, corner, y1 - y0, x1 - x0, pixel, rowBytes);
      }
    }
  }
}

function maxWindow(out: usize, corner: usize, rows: i32, cols: i32, pixel: usize, rowBytes: usize): void {
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let best = f32x4.splat(-Infinity);
    for (let i = 0; i < rows; i++) {
      let p = corner + channel + <usize>i * rowBytes;
      for (let j = 0; j < cols; j++, p += pixel) best = f32x4.max(best, v128.load(p));
    }
    storePart(out + channel, best, pixel - channel);
  }
}

function averageWindow(out: usize, corner: usize, rows: i32, cols: i32, pixel: usize, rowBytes: usize): void {
  const count = f32x4.splat(<f32>(rows * cols));
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let sum = f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      let p = corner + channel + <usize>i * rowBytes;
      for (let j = 0; j < cols; j++, p += pixel) sum = f32x4.add(sum, v128.load(p));
    }
    storePart(out + channel, f32x4.div(sum, count), pixel - channel);
  }
}
