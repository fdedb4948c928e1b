// Depthwise convolution: every channel with its own filter, channels in the lanes. Also its gradient by input, which is the same sum with x
// spread out: one kernel serves both. A unit is a row of the result.
import { loadLanes, storeLanes } from "./gemm.block";
import { madd } from "./gemm.micro";

/** out[N,OH,OW,C] = act(x[N,H,W,C] with w[KH,KW,C] + bias[C]). Words: docs/kernels.md. */
export function f32_depthwise_conv2d(words: usize): void {
  depthwiseConv2d(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), <usize>load<u32>(words, 12), <usize>load<u32>(words, 16),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56), load<i32>(words, 60), load<i32>(words, 64),
    load<i32>(words, 68), load<i32>(words, 72), load<i32>(words, 76), load<i32>(words, 80), load<i32>(words, 84) == 1,
    load<i32>(words - 8), load<i32>(words - 4),
  );
}

/** dw[KH,KW,C] from x[N,H,W,C] and dy[N,OH,OW,C]. Words: docs/kernels.md. */
export function f32_depthwise_conv2d_grad_filter(words: usize): void {
  depthwiseGradFilter(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56),
    load<i32>(words, 68), load<i32>(words, 72), load<i32>(words, 76), load<i32>(words, 80), load<i32>(words - 8), load<i32>(words - 4),
  );
}

/**
 * out[n, i, j, c] = act(bias[c] + Σ x[n, (i·strideH + p·dilationH − padTop) / spreadH, …, c] · w[p, q, c]) over the taps whose quotients are whole and inside x.
 *
 * The kernel with its words as parameters, for rows first … end. bias: 0 or c floats. taps: 8 bytes of scratch for each tap.
 */
export function depthwiseConv2d(
  out: usize, x: usize, filter: usize, bias: usize, taps: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, oh: i32, ow: i32,
  strideH: i32, strideW: i32, spreadH: i32, spreadW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, relu: bool,
  first: i32, end: i32,
): void {
  const pixel = <usize>c << 2;
  // Columns of out all of whose taps lie inside x: there the taps are the same, and four pixels share what is loaded of the filter.
  const span = (kw - 1) * dilationW;
  const before = padLeft - min(0, span), behind = w - 1 + padLeft - max(0, span);
  const inner = spreadW > 1 || behind < 0 ? ow : min(ow, (max(0, before) + strideW - 1) / strideW);
  const stop = spreadW > 1 || behind < 0 ? ow : max(inner, min(ow, behind / strideW + 1));
  out += <usize>first * <usize>ow * pixel;
  for (const last = min(end, n * oh); first < last; first++) {
    const image = x + <usize>(first / oh * h) * <usize>w * pixel;
    const top = first % oh * strideH - padTop;
    for (let j = 0; j < ow;) {
      const pixels = j >= inner && j < stop ? stop - j : 1;
      const tapsEnd = listTaps(taps, top, j * strideW - padLeft, h, w, kh, kw, spreadH, spreadW, dilationH, dilationW, pixel);
      let k = 0;
      for (; k <= pixels - 4; k += 4) {
        sumTaps4(out, pixel, image + <usize>(k * strideW) * pixel, <usize>strideW * pixel, filter, c, taps, tapsEnd, bias, relu);
        out += 4 * pixel;
      }
      for (; k < pixels; k++) {
        sumTaps(out, image + <usize>(k * strideW) * pixel, filter, c, taps, tapsEnd, bias, relu);
        out += pixel;
      }
      j += pixels;
    }
  }
}

/** Writes the offsets in the image and in the filter of the taps that exist for the pixel at (top, left); returns the address behind them. */
function listTaps(
  taps: usize, top: i32, left: i32, h: i32, w: i32, kh: i32, kw: i32, spreadH: i32, spreadW: i32, dilationH: i32, dilationW: i32, pixel: usize,
): usize {
  for (let p = 0; p < kh; p++) {
    const row = top + p * dilationH;
    if (row < 0 || row % spreadH != 0 || row / spreadH >= h) continue;
    for (let q = 0; q < kw; q++) {
      const column = left + q * dilationW;
      if (column < 0 || column % spreadW != 0 || column / spreadW >= w) continue;
      store<u32>(taps, <u32>(<usize>(row / spreadH * w + column / spreadW) * pixel));
      store<u32>(taps, <u32>(<usize>(p * kw + q) * pixel), 4);
      taps += 8;
    }
  }
  return taps;
}

/** One pixel. */
function sumTaps(out: usize, image: usize, filter: usize, c: i32, taps: usize, tapsEnd: usize, bias: usize, relu: bool): void {
  for (let left = c; left > 0; left -= 4) {
    let sum = bias ? v128.load(bias) : f32x4.splat(0);
    for (let tap = taps; tap != tapsEnd; tap += 8) {
      sum = madd(v128.load(image + load<u32>(tap)), v128.load(filter + load<u32>(tap, 4)), sum);
    }
    storeLanes(out, activated(sum, relu), min(left, 4));
    if (bias) bias += 16;
    image += 16; filter += 16; out += 16;
  }
}

/** Keeps NaN. */
@inline
function activated(x: v128, relu: bool): v128 {
  return relu ? f32x4.pmax(x, f32x4.splat(0)) : x;
}

/** Four neighbouring pixels, whose patches lie `step` bytes apart. */
function sumTaps4(
  out: usize, pixel: usize, image: usize, step: usize, filter: usize, c: i32, taps: usize, tapsEnd: usize, bias: usize, relu: bool,
): void {
  for (let left = c; left > 0; left -= 4) {
    let s0 = bias ? v128.load(bias) : f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let tap = taps; tap != tapsEnd; tap += 8) {
      const f = v128.load(filter + load<u32>(tap, 4));
      let p = image + load<u32>(tap);
      s0 = madd(v128.load(p), f, s0); p += step;
      s1 = madd(v128.load(p), f, s1); p += step;
      s2 = madd(v128.load(p), f, s2); p += step;
      s3 = madd(v128.load(p), f, s3);
    }
    const lanes = min(left, 4);
    storeLanes(out, activated(s0, relu), lanes);
    storeLanes(out + pixel, activated(s1, relu), lanes);
    storeLanes(out + 2 * pixel, activated(s2, relu), lanes);
    storeLanes(out + 3 * pixel, activated(s3, relu), lanes);
    if (bias) bias += 16;
    image += 16; filter += 16; out += 16;
  }
}

/**
 * dw[p, q, c] = Σ x[n, i·strideH + p·dilationH − padTop, j·strideW + q·dilationW − padLeft, c] · dy[n, i, j, c].
 *
 * The kernel with its words as parameters, for units first … end of four channels. Sums of rows are added in turn: every cut gives the same bits.
 */
export function depthwiseGradFilter(
  dw: usize, x: usize, dy: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32, oh: i32, ow: i32,
  strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, first: i32, end: i32,
): void {
  const pixel = <usize>c << 2;
  const firstChannel = first << 2, endChannel = min(c, end << 2);
  for (let k = firstChannel; k < endChannel; k += 4) {
    const lanes = min(4, endChannel - k);
    for (let tap = 0; tap < kh * kw; tap++) storeLanes(dw + <usize>tap * pixel + (<usize>k << 2), f32x4.splat(0), lanes);
  }
  for (let line = 0; line < n * oh; line++) {
    const image = x + <usize>(line / oh * h) * <usize>w * pixel;
    const grad = dy + <usize>line * <usize>ow * pixel;
    for (let p = 0; p < kh; p++) {
      const y = line % oh * strideH - padTop + p * dilationH;
      if (y < 0 || y >= h) continue;
      for (let q = 0; q < kw; q++) {
        const left = q * dilationW - padLeft;
        // Outputs whose tap lies inside the row.
        const from = left < 0 ? (strideW - 1 - left) / strideW : 0;
        const to = left < w ? min(ow, (w - 1 - left) / strideW + 1) : 0;
        if (from >= to) continue;
        const source = image + <usize>(y * w + from * strideW + left) * pixel;
        const target = dw + <usize>(p * kw + q) * pixel;
        for (let k = firstChannel; k < endChannel; k += 4) {
          const at = <usize>k << 2, lanes = min(4, endChannel - k);
          const sum = dotPixels(source + at, <usize>strideW * pixel, grad + <usize>from * pixel + at, pixel, to - from);
          storeLanes(target + at, f32x4.add(loadLanes(target + at, lanes), sum), lanes);
        }
      }
    }
  }
}

/** Σ a · b over `count` pixels of four channels: four sums side by side. */
function dotPixels(a: usize, aStep: usize, b: usize, bStep: usize, count: i32): v128 {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    s0 = madd(v128.load(a), v128.load(b), s0); a += aStep; b += bStep;
    s1 = madd(v128.load(a), v128.load(b), s1); a += aStep; b += bStep;
    s2 = madd(v128.load(a), v128.load(b), s2); a += aStep; b += bStep;
    s3 = madd(v128.load(a), v128.load(b), s3); a += aStep; b += bStep;
  }
  for (; count > 0; count--) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    a += aStep;
    b += bStep;
  }
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}
