// Gradients of pooling. 2×2 windows side by side write every pixel once; elsewhere dx starts as zeros and every output pixel adds what flows back
// through its window, so overlapping windows add up.
import { storePart } from "./lanes";
import { BOTTOM, C, COUNTS_PADDING, DILATION_H, DILATION_W, endTap, firstTap, H, isTwoByTwo, KH, KW, LEFT, OH, OW, RIGHT, STRIDE_H, STRIDE_W, TOP, W } from "./pool";
import { rangeBegin, rangeEnd } from "./range";

/** The first of equal maxima takes the gradient; a NaN counts as the maximum. Words: docs/kernels.md. */
export function f32_max_pool2d_grad(words: usize): void {
  poolGrad(words, <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), words + 12, false);
}

/** Words: docs/kernels.md. */
export function f32_average_pool2d_grad(words: usize): void {
  poolGrad(words, <usize>load<u32>(words), 0, <usize>load<u32>(words, 4), words + 8, true);
}

/** Units are images. */
// @ts-ignore: decorator
@inline
function poolGrad(words: usize, dx: usize, x: usize, dy: usize, sizes: usize, average: bool): void {
  const n = load<i32>(sizes), first = rangeBegin(words, 1, n), end = rangeEnd(words, 1, n);
  const pixel = <usize>load<i32>(sizes, C) << 2, rowBytes = <usize>load<i32>(sizes, W) * pixel;
  const imageBytes = <usize>load<i32>(sizes, H) * rowBytes, pooledBytes = <usize>(load<i32>(sizes, OH) * load<i32>(sizes, OW)) * pixel;
  const twoByTwo = isTwoByTwo(sizes);
  for (let image = <usize>first; image < <usize>end; image++) {
    const to = dx + image * imageBytes, from = x + image * imageBytes, flow = dy + image * pooledBytes;
    if (twoByTwo) twoByTwoImage(average, to, from, flow, sizes, pixel, rowBytes);
    else anyImage(average, to, from, flow, sizes, pixel, rowBytes);
  }
}

// @ts-ignore: decorator
@inline
function twoByTwoImage(average: bool, dx: usize, x: usize, dy: usize, sizes: usize, pixel: usize, rowBytes: usize): void {
  const h = load<i32>(sizes, H), w = load<i32>(sizes, W), ow = load<i32>(sizes, OW);
  const pooled = (<usize>ow << 1) * pixel;
  for (let i = 0; i + 2 <= h; i += 2, dx += 2 * rowBytes, x += 2 * rowBytes, dy += <usize>ow * pixel) {
    if (pixel == 4) pairRow(average, dx, dx + rowBytes, x, x + rowBytes, dy, ow);
    else {
      for (let j: usize = 0; j < <usize>ow; j++) twoByTwo(average, dx + 2 * j * pixel, dx + rowBytes + 2 * j * pixel, x + 2 * j * pixel, x + rowBytes + 2 * j * pixel, dy + j * pixel, pixel);
    }
    if (w & 1) {
      memory.fill(dx + pooled, 0, pixel);
      memory.fill(dx + rowBytes + pooled, 0, pixel);
    }
  }
  if (h & 1) memory.fill(dx, 0, rowBytes);
}

/** One row of windows over one channel, four of them at a time. */
// @ts-ignore: decorator
@inline
function pairRow(average: bool, d0: usize, d1: usize, a: usize, b: usize, dy: usize, ow: i32): void {
  for (; ow > 0; ow -= 4, d0 += 32, d1 += 32, a += 32, b += 32, dy += 16) {
    const flow = v128.load(dy), bytes = <usize>ow << 3;
    if (average) {
      const share = f32x4.mul(flow, f32x4.splat(0.25)), low = v128.shuffle<i32>(share, share, 0, 0, 1, 1), high = v128.shuffle<i32>(share, share, 2, 2, 3, 3);
      storeTwo(d0, low, high, bytes);
      storeTwo(d1, low, high, bytes);
    } else {
      const a0 = v128.load(a), b0 = v128.load(b);
      // What lies behind the last window may lie behind the image.
      const a1 = ow > 2 ? v128.load(a, 16) : a0, b1 = ow > 2 ? v128.load(b, 16) : b0;
      const place = winner(
        v128.shuffle<i32>(a0, a1, 0, 2, 4, 6), v128.shuffle<i32>(a0, a1, 1, 3, 5, 7), v128.shuffle<i32>(b0, b1, 0, 2, 4, 6), v128.shuffle<i32>(b0, b1, 1, 3, 5, 7),
      );
      const p = at(flow, place, 0), q = at(flow, place, 1), r = at(flow, place, 2), s = at(flow, place, 3);
      storeTwo(d0, v128.shuffle<i32>(p, q, 0, 4, 1, 5), v128.shuffle<i32>(p, q, 2, 6, 3, 7), bytes);
      storeTwo(d1, v128.shuffle<i32>(r, s, 0, 4, 1, 5), v128.shuffle<i32>(r, s, 2, 6, 3, 7), bytes);
    }
  }
}

// @ts-ignore: decorator
@inline
function storeTwo(d: usize, low: v128, high: v128, bytes: usize): void {
  storePart(d, low, bytes);
  if (bytes > 16) storePart(d + 16, high, bytes - 16);
}

/** One window over any number of channels. */
// @ts-ignore: decorator
@inline
function twoByTwo(average: bool, d0: usize, d1: usize, a: usize, b: usize, dy: usize, pixel: usize): void {
  for (let c: usize = 0; c < pixel; c += 16) {
    const flow = v128.load(dy + c), bytes = pixel - c;
    if (average) {
      const share = f32x4.mul(flow, f32x4.splat(0.25));
      storePart(d0 + c, share, bytes);
      storePart(d0 + pixel + c, share, bytes);
      storePart(d1 + c, share, bytes);
      storePart(d1 + pixel + c, share, bytes);
    } else {
      const place = winner(v128.load(a + c), v128.load(a + pixel + c), v128.load(b + c), v128.load(b + pixel + c));
      storePart(d0 + c, at(flow, place, 0), bytes);
      storePart(d0 + pixel + c, at(flow, place, 1), bytes);
      storePart(d1 + c, at(flow, place, 2), bytes);
      storePart(d1 + pixel + c, at(flow, place, 3), bytes);
    }
  }
}

/** Which of four is the first maximum, 0 to 3. */
// @ts-ignore: decorator
@inline
function winner(p: v128, q: v128, r: v128, s: v128): v128 {
  let wins = isLarger(q, p), best = v128.bitselect(q, p, wins), place = v128.and(wins, i32x4.splat(1));
  wins = isLarger(r, best);
  best = v128.bitselect(r, best, wins);
  place = v128.bitselect(i32x4.splat(2), place, wins);
  return v128.bitselect(i32x4.splat(3), place, isLarger(s, best));
}

/** Greater, or the first NaN: anything that is not ≤ the best, unless the best is NaN already. */
// @ts-ignore: decorator
@inline
export function isLarger(value: v128, best: v128): v128 {
  return v128.andnot(f32x4.eq(best, best), f32x4.le(value, best));
}

/** The flow where it goes to this place, else 0. */
// @ts-ignore: decorator
@inline
function at(flow: v128, place: v128, k: i32): v128 {
  return v128.and(flow, i32x4.eq(place, i32x4.splat(k)));
}

// @ts-ignore: decorator
@inline
function anyImage(average: bool, dx: usize, x: usize, dy: usize, sizes: usize, pixel: usize, rowBytes: usize): void {
  const h = load<i32>(sizes, H), w = load<i32>(sizes, W), kh = load<i32>(sizes, KH), kw = load<i32>(sizes, KW), oh = load<i32>(sizes, OH), ow = load<i32>(sizes, OW);
  const strideH = load<i32>(sizes, STRIDE_H), strideW = load<i32>(sizes, STRIDE_W), dilationH = load<i32>(sizes, DILATION_H), dilationW = load<i32>(sizes, DILATION_W);
  const down = <usize>dilationH * rowBytes, along = <usize>dilationW * pixel;
  const countsPadding = average && load<i32>(sizes, COUNTS_PADDING) != 0;
  const bottom = average ? load<i32>(sizes, BOTTOM) : 0, right = average ? load<i32>(sizes, RIGHT) : 0;
  memory.fill(dx, 0, <usize>h * rowBytes);
  let top = 0 - load<i32>(sizes, TOP);
  for (let i = 0; i < oh; i++, top += strideH) {
    const y0 = firstTap(top, dilationH), rows = endTap(top, kh, dilationH, h) - y0;
    const rowCount = countsPadding ? endTap(top, kh, dilationH, h + bottom) : rows;
    let left = 0 - load<i32>(sizes, LEFT);
    for (let j = 0; j < ow; j++, left += strideW, dy += pixel) {
      const x0 = firstTap(left, dilationW), cols = endTap(left, kw, dilationW, w) - x0;
      // A window that lies in the padding altogether has nowhere to send its gradient.
      if (rows <= 0 || cols <= 0) continue;
      const corner = <usize>(top + y0 * dilationH) * rowBytes + <usize>(left + x0 * dilationW) * pixel;
      if (average) spread(dx + corner, dy, rows, cols, <f32>(rowCount * (countsPadding ? endTap(left, kw, dilationW, w + right) : cols)), pixel, down, along);
      else route(dx + corner, x + corner, dy, rows, cols, pixel, down, along);
    }
  }
}

/** Adds dy to the place of the maximum, channel by channel. */
function route(dx: usize, x: usize, dy: usize, rows: i32, cols: i32, pixel: usize, down: usize, along: usize): void {
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    const place = winnerOf(x + channel, rows, cols, down, along);
    const flow = v128.load(dy + channel);
    for (let i = 0; i < rows; i++) {
      let p = dx + channel + <usize>i * down;
      for (let j = 0; j < cols; j++, p += along) {
        storePart(p, f32x4.add(v128.load(p), at(flow, place, i * cols + j)), pixel - channel);
      }
    }
  }
}

/** Which of a window's pixels is the first maximum, four channels at a time. */
// @ts-ignore: decorator
@inline
function winnerOf(x: usize, rows: i32, cols: i32, down: usize, along: usize): v128 {
  let best = v128.load(x), place = i32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    let p = x + <usize>i * down;
    for (let j = 0; j < cols; j++, p += along) {
      const value = v128.load(p), wins = isLarger(value, best);
      best = v128.bitselect(value, best, wins);
      place = v128.bitselect(i32x4.splat(i * cols + j), place, wins);
    }
  }
  return place;
}

/** Adds an equal share of dy to every place of the window. */
function spread(dx: usize, dy: usize, rows: i32, cols: i32, count: f32, pixel: usize, down: usize, along: usize): void {
  const divisor = f32x4.splat(count);
  for (let channel: usize = 0; channel < pixel; channel += 16) {
    const share = f32x4.div(v128.load(dy + channel), divisor);
    for (let i = 0; i < rows; i++) {
      let p = dx + channel + <usize>i * down;
      for (let j = 0; j < cols; j++, p += along) storePart(p, f32x4.add(v128.load(p), share), pixel - channel);
    }
  }
}
