// Gradients of the image-lane convolution, and of its pooling. By input: the forward's own loops over dy with the filter turned round, for
// strides once a phase. By filter: sums over pixels with the images still in lanes, in parts of a number that depends on the shape alone.
import { clear, copyBand } from "./conv.patch";
import { firstLanes, storePart } from "./lanes";
import { f32_lane_outer_3x2, f32_lane_outer_4x2 } from "./lane.outer";
import { convolveRows, packBias, packBlocks } from "./lane.rows";
import { blockChannels, firstChannel, LANES, LANE_BYTES, NARROW, WIDE, wideBlocks } from "./lane.tile";

/** Groups of dx[groups,H,W,C,8] from dy[groups,OH,OW,O,8] and w[KH,KW,C,O]. Words: docs/kernels.md. */
export function f32_lane_conv2d_grad_input(words: usize): void {
  const filter = <usize>load<u32>(words, 8), workspace = <usize>load<u32>(words, 16);
  const h = load<i32>(words, 24), w = load<i32>(words, 28), c = load<i32>(words, 32), kh = load<i32>(words, 36), kw = load<i32>(words, 40);
  const o = load<i32>(words, 44), oh = load<i32>(words, 48), ow = load<i32>(words, 52), strideH = load<i32>(words, 56), strideW = load<i32>(words, 60);
  const padTop = load<i32>(words, 64), padLeft = load<i32>(words, 68);
  const first = load<i32>(words - 8), end = min(load<i32>(words, 20), load<i32>(words - 4));

  const zeros = workspace;
  packBias(0, c, zeros);
  const pixel = <usize>c * LANE_BYTES, row = <usize>w * pixel;
  const tap = c * o, filterRow = kw * tap;
  let panels = zeros + (<usize>(c + 3 & ~3) << 2);
  // Pixels of one phase see the same taps, strides apart, the last of them first; their dy lie side by side.
  for (let i = 0; i < strideH; i++) {
    const k0 = (i + padTop) % strideH, rowTaps = k0 < kh ? (kh - k0 + strideH - 1) / strideH : 0;
    const top = rowTaps - 1 - (i + padTop) / strideH;
    for (let j = 0; j < strideW; j++) {
      const j0 = (j + padLeft) % strideW, taps = j0 < kw ? (kw - j0 + strideW - 1) / strideW : 0;
      const left = taps - 1 - (j + padLeft) / strideW;
      const last = filter + <usize>((k0 + strideH * (rowTaps - 1)) * filterRow + (j0 + strideW * (taps - 1)) * tap << 2);
      const next = packBlocks(last, rowTaps, taps, o, c, -strideH * filterRow, -strideW * tap, 1, o, panels);
      const rows = (h - i + strideH - 1) / strideH, cols = (w - j + strideW - 1) / strideW;
      let dx = <usize>load<u32>(words) + <usize>(first * h + i) * row + <usize>j * pixel;
      let dy = <usize>load<u32>(words, 4) + <usize>(first * oh * ow * o) * LANE_BYTES;
      for (let g = first; g < end; g++) {
        convolveRows(dx, <usize>strideH * row, <usize>strideW * pixel, dy, oh, ow, o, panels, zeros, rowTaps, taps, c, cols, 1, 1, top, left, 0, rows, false);
        dx += <usize>h * row;
        dy += <usize>(oh * ow * o) * LANE_BYTES;
      }
      panels = next;
    }
  }
}

/** Parts of dw: out[parts,KH,KW,C,O], each over a share of the groups of x[groups,H,W,C,8] and dy[groups,OH,OW,O,8]. Words: docs/kernels.md. */
export function f32_lane_conv2d_grad_filter(words: usize): void {
  const images = load<i32>(words, 12), workspace = <usize>load<u32>(words, 16);
  const groups = load<i32>(words, 20), h = load<i32>(words, 24), w = load<i32>(words, 28), c = load<i32>(words, 32);
  const kh = load<i32>(words, 36), kw = load<i32>(words, 40), o = load<i32>(words, 44), oh = load<i32>(words, 48), ow = load<i32>(words, 52);
  const strideH = load<i32>(words, 56), strideW = load<i32>(words, 60), padTop = load<i32>(words, 64), padLeft = load<i32>(words, 68);
  const parts = load<i32>(words, 80);

  const pixel = <usize>c * LANE_BYTES;
  const height = (oh - 1) * strideH + kh, width = (ow - 1) * strideW + kw;
  const padded = padTop > 0 || padLeft > 0 || height > h || width > w;
  const row = <usize>(padded ? width : w) * pixel;
  const xBytes = <usize>(h * w) * pixel, dyBytes = <usize>(oh * ow * o) * LANE_BYTES;
  const depth = kh * kw * c;

  const masks = workspace;
  const acc = masks + LANE_BYTES;
  const band = acc + (<usize>((depth + (depth & 1)) * blockChannels(o)) << 4);
  for (let p = load<i32>(words - 8), end = min(parts, load<i32>(words - 4)); p < end; p++) {
    clear(acc, <i32>(band - acc) >> 2);
    for (let g = groups * p / parts, last = groups * (p + 1) / parts; g < last; g++) {
      const held = min(LANES, images - g * LANES);
      v128.store(masks, firstLanes(min(held, 4)));
      v128.store(masks, firstLanes(max(held - 4, 0)), 16);
      let source = <usize>load<u32>(words, 4) + <usize>g * xBytes;
      if (padded) {
        copyBand(source, h, w, c * LANES, -padTop, height, padLeft, width, band);
        source = band;
      }
      addProducts(<usize>load<u32>(words, 8) + <usize>g * dyBytes, source, row, pixel, kw * c, depth, o, oh, ow, strideH, strideW, masks, acc);
    }
    sumLanes(acc, depth, o, <usize>load<u32>(words) + (<usize>p * depth * o << 2));
  }
}

/** Adds what one group gives to the vectors acc[blocks][depth, in pairs][width]. run: steps of a filter row, kw · c. */
function addProducts(
  dy: usize, x: usize, row: usize, pixel: usize, run: i32, depth: i32, o: i32, oh: i32, ow: i32, strideH: i32, strideW: i32, masks: usize, acc: usize,
): void {
  const wide = WIDE * wideBlocks(o), all = blockChannels(o);
  const dyStep = <usize>o * LANE_BYTES, xStep = <usize>strideW * pixel;
  const xSkip = <usize>strideH * row - <usize>ow * xStep;
  let width = WIDE;
  for (let at = 0; at < all; at += width) {
    width = at < wide ? WIDE : NARROW;
    const d = dy + <usize>firstChannel(at, wide, o) * LANE_BYTES;
    for (let k = 0; k < depth; k += 2) {
      const x0 = x + stepOffset(k, run, row), x1 = x + stepOffset(min(k + 1, depth - 1), run, row);
      if (width == WIDE) f32_lane_outer_4x2(d, dyStep, x0, x1, oh, ow, xStep, xSkip, masks, acc);
      else f32_lane_outer_3x2(d, dyStep, x0, x1, oh, ow, xStep, xSkip, masks, acc);
      acc += <usize>width << 5;
    }
  }
}

/** Where step k of a patch lies. */
@inline
function stepOffset(k: i32, run: i32, row: usize): usize {
  return <usize>(k / run) * row + <usize>(k % run) * LANE_BYTES;
}

/** out[depth, o] = the sum of the lanes of each vector, (0 + 2) + (1 + 3). */
function sumLanes(acc: usize, depth: i32, o: i32, out: usize): void {
  const wide = WIDE * wideBlocks(o), all = blockChannels(o);
  let width = WIDE;
  for (let at = 0; at < all; at += width) {
    width = at < wide ? WIDE : NARROW;
    const target = out + (<usize>firstChannel(at, wide, o) << 2);
    for (let k = 0; k < depth; k++, acc += <usize>width << 4) {
      const last = v128.load(acc + (<usize>(width - 1) << 4));
      const s01 = addHalves(v128.load(acc), v128.load(acc, 16)), s23 = addHalves(v128.load(acc, 32), last);
      const sums = f32x4.add(v128.shuffle<f32>(s01, s23, 0, 2, 4, 6), v128.shuffle<f32>(s01, s23, 1, 3, 5, 7));
      storePart(target + (<usize>(k * o) << 2), sums, <usize>width << 2);
    }
    acc += <usize>((depth & 1) * width) << 4;
  }
}

@inline
function addHalves(a: v128, b: v128): v128 {
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
}
