// Max and average pooling of NHWC images. Windows are clipped to the image: what lies in the padding is not looked at, though averages may count it.
// Four channels at a time; the common windows, 2×2 side by side, take images of one channel four pixels at a time.
import { storePart } from "./lanes";
import { rangeBegin, rangeEnd } from "./range";

/** Words: docs/kernels.md. */
export function f32_max_pool2d(words: usize): void {
  pool(words, false);
}

/** Words: docs/kernels.md. */
export function f32_average_pool2d(words: usize): void {
  pool(words, true);
}

// The kernels' sizes, in bytes from the word of N.
export const H: usize = 4, W: usize = 8, C: usize = 12, KH: usize = 16, KW: usize = 20, OH: usize = 24, OW: usize = 28;
export const STRIDE_H: usize = 32, STRIDE_W: usize = 36, TOP: usize = 40, LEFT: usize = 44, DILATION_H: usize = 48, DILATION_W: usize = 52;
/** Of averages only. */
export const COUNTS_PADDING: usize = 56, BOTTOM: usize = 60, RIGHT: usize = 64;

/** First tap of a window of one axis that lies in the image; `start` is where tap 0 lies. */
// @ts-ignore: decorator
@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start < 0 ? (dilation - 1 - start) / dilation : 0;
}

/** The tap behind the last one that does. */
// @ts-ignore: decorator
@inline
export function endTap(start: i32, taps: i32, dilation: i32, limit: i32): i32 {
  return limit > start ? min((limit - start + dilation - 1) / dilation, taps) : 0;
}

/** Whether windows are 2×2, lie side by side and leave at most a row and a column: the sizes' part of it. */
export function isTwoByTwo(sizes: usize): bool {
  const twos = load<i32>(sizes, KH) == 2 && load<i32>(sizes, KW) == 2 && load<i32>(sizes, STRIDE_H) == 2 && load<i32>(sizes, STRIDE_W) == 2;
  const plain = load<i32>(sizes, TOP) == 0 && load<i32>(sizes, LEFT) == 0 && load<i32>(sizes, DILATION_H) == 1 && load<i32>(sizes, DILATION_W) == 1;
  return twos && plain && load<i32>(sizes, OH) == load<i32>(sizes, H) >> 1 && load<i32>(sizes, OW) == load<i32>(sizes, W) >> 1;
}

/** Units are rows of the result, those of all images numbered through. */
// @ts-ignore: decorator
@inline
function pool(words: usize, average: bool): void {
  const sizes = words + 8;
  const h = load<i32>(sizes, H), w = load<i32>(sizes, W), oh = load<i32>(sizes, OH), ow = load<i32>(sizes, OW);
  const pixel = <usize>load<i32>(sizes, C) << 2, rowBytes = <usize>w * pixel, outRow = <usize>ow * pixel;
  const rows = load<i32>(sizes) * oh, first = rangeBegin(words, 1, rows), end = rangeEnd(words, 1, rows);
  const x = <usize>load<u32>(words, 4), twoByTwo = isTwoByTwo(sizes);
  let out = <usize>load<u32>(words) + <usize>first * outRow;
  for (let row = first; row < end; row++, out += outRow) {
    const image = x + <usize>(row / oh * h) * rowBytes, i = row % oh;
    if (twoByTwo) {
      const from = image + <usize>(2 * i) * rowBytes;
      if (pixel == 4) pairRow(average, out, from, from + rowBytes, ow);
      else twoByTwoRow(average, out, from, from + rowBytes, pixel, outRow);
    } else anyRow(average, out, image, i, sizes, pixel, rowBytes, outRow);
  }
}

/** One row of 2×2 windows over one channel. */
// @ts-ignore: decorator
@inline
function pairRow(average: bool, out: usize, a: usize, b: usize, ow: i32): void {
  for (; ow > 0; ow -= 4, out += 16, a += 32, b += 32) {
    const a0 = v128.load(a), b0 = v128.load(b);
    // What lies behind the last window may lie behind the image.
    const a1 = ow > 2 ? v128.load(a, 16) : a0, b1 = ow > 2 ? v128.load(b, 16) : b0;
    const p = v128.shuffle<i32>(a0, a1, 0, 2, 4, 6), q = v128.shuffle<i32>(a0, a1, 1, 3, 5, 7);
    const r = v128.shuffle<i32>(b0, b1, 0, 2, 4, 6), s = v128.shuffle<i32>(b0, b1, 1, 3, 5, 7);
    storePart(out, ofFour(average, p, q, r, s), <usize>ow << 2);
  }
}

/** One row of 2×2 windows over any number of channels. */
// @ts-ignore: decorator
@inline
function twoByTwoRow(average: bool, out: usize, a: usize, b: usize, pixel: usize, outRow: usize): void {
  for (const end = out + outRow; out < end; out += pixel, a += 2 * pixel, b += 2 * pixel) {
    for (let c: usize = 0; c < pixel; c += 16) {
      // What a vector holds besides the pixel's channels is written over with the next pixel.
      storePart(out + c, ofFour(average, v128.load(a + c), v128.load(a + c + pixel), v128.load(b + c), v128.load(b + c + pixel)), end - out - c);
    }
  }
}

// @ts-ignore: decorator
@inline
function ofFour(average: bool, p: v128, q: v128, r: v128, s: v128): v128 {
  if (average) return f32x4.mul(f32x4.add(f32x4.add(f32x4.add(p, q), r), s), f32x4.splat(0.25));
  return larger(larger(larger(p, q), r), s);
}

/** The larger; NaN where one is. pmax keeps a NaN of a and overlooks one of b. */
// @ts-ignore: decorator
@inline
function larger(a: v128, b: v128): v128 {
  return v128.or(f32x4.pmax(a, b), f32x4.ne(b, b));
}

// @ts-ignore: decorator
@inline
function anyRow(average: bool, out: usize, image: usize, i: i32, sizes: usize, pixel: usize, rowBytes: usize, outRow: usize): void {
  const h = load<i32>(sizes, H), w = load<i32>(sizes, W), kh = load<i32>(sizes, KH), kw = load<i32>(sizes, KW);
  const stride = load<i32>(sizes, STRIDE_W), dilationH = load<i32>(sizes, DILATION_H), dilationW = load<i32>(sizes, DILATION_W);
  const y = i * load<i32>(sizes, STRIDE_H) - load<i32>(sizes, TOP), y0 = firstTap(y, dilationH), rows = endTap(y, kh, dilationH, h) - y0;
  const corner = image + <usize>(y + y0 * dilationH) * rowBytes, down = <usize>dilationH * rowBytes, along = <usize>dilationW * pixel;
  const countsPadding = average && load<i32>(sizes, COUNTS_PADDING) != 0;
  const rowCount = countsPadding ? endTap(y, kh, dilationH, h + load<i32>(sizes, BOTTOM)) : rows;
  const right = average ? load<i32>(sizes, RIGHT) : 0;
  let x = 0 - load<i32>(sizes, LEFT);
  for (const end = out + outRow; out < end; out += pixel, x += stride) {
    const x0 = firstTap(x, dilationW), cols = endTap(x, kw, dilationW, w) - x0;
    const from = corner + <usize>(x + x0 * dilationW) * pixel;
    if (average) averageWindow(out, end, from, rows, cols, <f32>(rowCount * (countsPadding ? endTap(x, kw, dilationW, w + right) : cols)), pixel, down, along);
    else maxWindow(out, end, from, rows, cols, pixel, down, along);
  }
}

function maxWindow(out: usize, end: usize, corner: usize, rows: i32, cols: i32, pixel: usize, down: usize, along: usize): void {
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let best = f32x4.splat(-Infinity);
    for (let i = 0; i < rows; i++) {
      let p = corner + channel + <usize>i * down;
      for (let j = 0; j < cols; j++, p += along) best = larger(best, v128.load(p));
    }
    storePart(out + channel, best, end - out - channel);
  }
}

function averageWindow(out: usize, end: usize, corner: usize, rows: i32, cols: i32, count: f32, pixel: usize, down: usize, along: usize): void {
  const divisor = f32x4.splat(count);
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    let sum = f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      let p = corner + channel + <usize>i * down;
      for (let j = 0; j < cols; j++, p += along) sum = f32x4.add(sum, v128.load(p));
    }
    storePart(out + channel, f32x4.div(sum, divisor), end - out - channel);
  }
}
