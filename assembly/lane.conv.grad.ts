// Gradients of the image-lane convolution, and of its pooling. By input: the forward's own loops over dy with the filter turned round, for
// strides once a phase. By filter: sums over pixels with the images still in lanes, in parts of a number that depends on the shape alone.
import { clear, copyBand } from "./conv.patch";
import { firstLanes, storePart } from "./lanes";
import { f32_lane_outer_3x2, f32_lane_outer_4x2 } from "./lane.outer";
import { BOTH, convolvePairs, DIFFER, packPairs, productsOf, SUMS, transformedRow, transformGradients, transformImage, transformRows } from "./lane.pairs";
import { unpoolRows } from "./lane.pool";
import { convolveRows, packBias, packBlocks } from "./lane.rows";
import { blockChannels, firstChannel, LANES, LANE_BYTES, NARROW, WIDE, wideBlocks } from "./lane.tile";

/** Groups of dx[groups,H,W,C,8] from dy[groups,OH,OW,O,8], pooled or not, and w[KH,KW,C,O]. Words: docs/kernels.md. */
export function f32_lane_conv2d_grad_input(words: usize): void {
  const filter = <usize>load<u32>(words, 8), workspace = <usize>load<u32>(words, 16);
  const h = load<i32>(words, 24), w = load<i32>(words, 28), c = load<i32>(words, 32), kh = load<i32>(words, 36), kw = load<i32>(words, 40);
  const o = load<i32>(words, 44), oh = load<i32>(words, 48), ow = load<i32>(words, 52), strideH = load<i32>(words, 56), strideW = load<i32>(words, 60);
  const padTop = load<i32>(words, 64), padLeft = load<i32>(words, 68);
  const byPairs = load<i32>(words, 80) == 1, winner = <usize>load<u32>(words, 84);

  const pixel = <usize>c * LANE_BYTES, row = <usize>w * pixel;
  const tap = c * o, filterRow = kw * tap;
  const dyBytes = <usize>(oh * ow * o) * LANE_BYTES, pooledBytes = <usize>((oh >> 1) * (ow >> 1) * o) * LANE_BYTES;
  const zeros = workspace, unpooled = zeros + (<usize>(c + 3 & ~3) << 2), panels = unpooled + (winner ? dyBytes : 0);
  packBias(0, c, zeros);
  // Pixels of one phase of the strides see the same taps, the last of them first; their dy lie side by side.
  let scratch = panels;
  for (let phase = 0; phase < strideH * strideW; phase++) {
    const i = phase / strideW, j = phase % strideW;
    const k0 = (i + padTop) % strideH, j0 = (j + padLeft) % strideW;
    const rowTaps = tapsOf(k0, kh, strideH), taps = tapsOf(j0, kw, strideW);
    const last = filter + <usize>((k0 + strideH * (rowTaps - 1)) * filterRow + (j0 + strideW * (taps - 1)) * tap << 2);
    if (byPairs) scratch = packPairs(last, kh, kw, o, c, -filterRow, -tap, 1, o, scratch);
    else scratch = packBlocks(last, rowTaps, taps, o, c, -strideH * filterRow, -strideW * tap, 1, o, scratch);
  }
  scratch = scratch + 15 & ~15;
  for (let g = <usize>load<i32>(words - 8), end = <usize>min(load<i32>(words, 20), load<i32>(words - 4)); g < end; g++) {
    const dx = <usize>load<u32>(words) + g * <usize>h * row;
    let dy = <usize>load<u32>(words, 4) + g * (winner ? pooledBytes : dyBytes);
    if (winner) {
      unpoolRows(unpooled, dy, winner + g * pooledBytes, oh, ow, o, 0, oh);
      dy = unpooled;
    }
    if (byPairs) {
      transformImage(dy, oh, ow, o, kw, kw - 1 - padLeft, w, scratch);
      convolvePairs(dx, row, scratch, oh, o, panels, zeros, zeros, kh, kw, c, w, kh - 1 - padTop, 0, h, false);
      continue;
    }
    let panel = panels;
    for (let phase = 0; phase < strideH * strideW; phase++) {
      const i = phase / strideW, j = phase % strideW;
      const rowTaps = tapsOf((i + padTop) % strideH, kh, strideH), taps = tapsOf((j + padLeft) % strideW, kw, strideW);
      convolveRows(
        dx + <usize>i * row + <usize>j * pixel, <usize>strideH * row, <usize>strideW * pixel, dy, oh, ow, o, panel, zeros, rowTaps, taps, c,
        (w - j + strideW - 1) / strideW, 1, 1, rowTaps - 1 - (i + padTop) / strideH, taps - 1 - (j + padLeft) / strideW, 0, (h - i + strideH - 1) / strideH, false,
      );
      panel += <usize>(rowTaps * taps * o * blockChannels(c)) << 2;
    }
  }
}

/** Taps first, first + stride … of a filter of `size`. */
@inline
function tapsOf(first: i32, size: i32, stride: i32): i32 {
  return first < size ? (size - first + stride - 1) / stride : 0;
}

/** Parts of dw: out[parts,KH,KW,C,O], each over a share of the groups of x[groups,H,W,C,8] and dy[groups,OH,OW,O,8], pooled or not. Words: docs/kernels.md. */
export function f32_lane_conv2d_grad_filter(words: usize): void {
  const images = load<i32>(words, 12), workspace = <usize>load<u32>(words, 16);
  const groups = load<i32>(words, 20), h = load<i32>(words, 24), w = load<i32>(words, 28), c = load<i32>(words, 32);
  const kh = load<i32>(words, 36), kw = load<i32>(words, 40), o = load<i32>(words, 44), oh = load<i32>(words, 48), ow = load<i32>(words, 52);
  const strideH = load<i32>(words, 56), strideW = load<i32>(words, 60), padTop = load<i32>(words, 64), padLeft = load<i32>(words, 68);
  const parts = load<i32>(words, 80), byPairs = load<i32>(words, 84) == 1, bandRows = load<i32>(words, 88), winner = <usize>load<u32>(words, 92);

  const dyRow = <usize>(ow * o) * LANE_BYTES;
  const xBytes = <usize>(h * w * c) * LANE_BYTES, dyBytes = winner ? <usize>((oh >> 1) * (ow >> 1) * o) * LANE_BYTES : <usize>oh * dyRow;

  const masks = workspace, acc = masks + LANE_BYTES;
  const unpooled = acc + (byPairs ? pairBytes(kh, kw, c, o) : sumBytes(kh * kw * c, o));
  const scratch = unpooled + (winner ? <usize>bandRows * dyRow : 0);
  for (let p = load<i32>(words - 8), end = min(parts, load<i32>(words - 4)); p < end; p++) {
    clear(acc, <i32>(unpooled - acc) >> 2);
    for (let g = groups * p / parts, last = groups * (p + 1) / parts; g < last; g++) {
      const held = min(LANES, images - g * LANES);
      v128.store(masks, firstLanes(min(held, 4)));
      v128.store(masks, firstLanes(max(held - 4, 0)), 16);
      const x = <usize>load<u32>(words, 4) + <usize>g * xBytes, dy = <usize>load<u32>(words, 8) + <usize>g * dyBytes;
      for (let y = 0; y < oh; y += bandRows) {
        const rows = min(bandRows, oh - y), top = y * strideH - padTop;
        let band = dy + <usize>y * dyRow;
        if (winner) {
          unpoolRows(unpooled, dy, winner + <usize>g * dyBytes, oh, ow, o, y, y + rows);
          band = unpooled;
        }
        if (byPairs) addPairs(band, x, h, w, c, kh, kw, o, rows, ow, top, padLeft, masks, acc, scratch);
        else addTaps(band, x, h, w, c, kh, kw, o, rows, ow, strideH, strideW, top, padLeft, masks, acc, scratch);
      }
    }
    const out = <usize>load<u32>(words) + (<usize>(p * kh * kw * c * o) << 2);
    if (byPairs) gatherPairs(acc, kh, kw, c, o, scratch, out);
    else sumLanes(acc, kh * kw * c, o, out);
  }
}

/** Bytes of the sums of addPairs. */
function pairBytes(kh: i32, kw: i32, c: i32, o: i32): usize {
  let bytes: usize = 0;
  for (let sum = 0; sum < SUMS; sum++) bytes += sumBytes(kh * productsOf(sum, kw) * c, o);
  return bytes;
}

/** Bytes of the vectors acc[blocks][depth, in pairs][width] for o channels. */
@inline
function sumBytes(depth: i32, o: i32): usize {
  return <usize>((depth + (depth & 1)) * blockChannels(o)) << 4;
}

/** Adds what rows of one group give; where the filter reaches over the border, a copy of them has zeros around. */
function addTaps(
  dy: usize, x: usize, h: i32, w: i32, c: i32, kh: i32, kw: i32, o: i32, rows: i32, ow: i32, strideH: i32, strideW: i32, top: i32, padLeft: i32,
  masks: usize, acc: usize, scratch: usize,
): void {
  const pixel = <usize>c * LANE_BYTES;
  const height = (rows - 1) * strideH + kh, width = (ow - 1) * strideW + kw;
  let row = <usize>w * pixel;
  let source = x + <usize>top * row;
  if (top < 0 || top + height > h || padLeft > 0 || width > w) {
    copyBand(x, h, w, c * LANES, top, height, padLeft, width, scratch);
    source = scratch;
    row = <usize>width * pixel;
  }
  addProducts(dy, source, row, <usize>strideH * row, <usize>strideW * pixel, kw * c, kh * kw * c, o, rows, ow, masks, acc);
}

/** The same by pairs of neighbouring pixels: see lane.pairs.ts. Its sums lie behind each other in acc. */
function addPairs(
  dy: usize, x: usize, h: i32, w: i32, c: i32, kh: i32, kw: i32, o: i32, rows: i32, ow: i32, top: i32, padLeft: i32,
  masks: usize, acc: usize, scratch: usize,
): void {
  const pairs = ow + 1 >> 1;
  const sumRows = <usize>(rows * pairs * o) * LANE_BYTES, row = transformedRow(ow, kw, c);
  const transformed = scratch + <usize>SUMS * sumRows;
  transformRows(x, h, w, c, kw, top, rows + kh - 1, padLeft, ow, transformed + <usize>(rows + kh - 1) * row, transformed);
  transformGradients(dy, rows, ow, o, scratch);
  let source = transformed;
  for (let sum = 0; sum < SUMS; sum++) {
    const run = productsOf(sum, kw) * c, step = <usize>run * LANE_BYTES;
    if (run > 0) addProducts(scratch + <usize>sum * sumRows, source, row, row, step, run, kh * run, o, rows, pairs, masks, acc);
    source += <usize>pairs * step;
    acc += sumBytes(kh * run, o);
  }
}

/** dw[kh, kw, c, o] from the sums of addPairs. plain: room for all products' floats. */
function gatherPairs(acc: usize, kh: i32, kw: i32, c: i32, o: i32, plain: usize, out: usize): void {
  let target = plain;
  for (let sum = 0; sum < SUMS; sum++) {
    const depth = kh * productsOf(sum, kw) * c;
    sumLanes(acc, depth, o, target);
    acc += sumBytes(depth, o);
    target += <usize>(depth * o) << 2;
  }
  const cell = c * o, most = productsOf(BOTH, kw), threes = productsOf(DIFFER, kw);
  const between = <usize>(kh * most * cell) << 2, tap = <usize>cell << 2;
  let differ = plain + 3 * between;
  for (let run = 0; run < kh * most; run++, plain += tap) {
    const isThree = run % most < threes;
    for (let i: usize = 0; i < tap; i += 4) {
      const p = plain + i;
      const first = load<f32>(p), both = load<f32>(p + between), second = load<f32>(p + 2 * between);
      if (isThree) {
        const d = load<f32>(differ + i);
        store<f32>(out + i, first + (both + d) * 0.5);
        store<f32>(out + tap + i, (both - d) * 0.5);
        store<f32>(out + 2 * tap + i, (both + d) * 0.5 + second);
      } else {
        store<f32>(out + i, first + both);
        store<f32>(out + tap + i, both + second);
      }
    }
    if (isThree) differ += tap;
    out += <usize>(isThree ? 3 : 2) * tap;
  }
}

/**
 * Adds to the vectors acc[blocks][depth, in pairs][width]: dy's channels times x's steps, over rows of `cols` pixels. dy's rows follow each other; x's
 * pixels are xStep bytes apart, its rows xRow. Step k lies k % run values into filter row k / run, which are tapRow bytes apart.
 */
function addProducts(
  dy: usize, x: usize, tapRow: usize, xRow: usize, xStep: usize, run: i32, depth: i32, o: i32, rows: i32, cols: i32, masks: usize, acc: usize,
): void {
  const wide = WIDE * wideBlocks(o), all = blockChannels(o);
  const dyStep = <usize>o * LANE_BYTES, xSkip = xRow - <usize>cols * xStep;
  let width = WIDE;
  for (let at = 0; at < all; at += width) {
    width = at < wide ? WIDE : NARROW;
    const d = dy + <usize>firstChannel(at, wide, o) * LANE_BYTES;
    for (let k = 0; k < depth; k += 2) {
      const x0 = x + stepOffset(k, run, tapRow), x1 = x + stepOffset(min(k + 1, depth - 1), run, tapRow);
      if (width == WIDE) f32_lane_outer_4x2(d, dyStep, x0, x1, rows, cols, xStep, xSkip, masks, acc);
      else f32_lane_outer_3x2(d, dyStep, x0, x1, rows, cols, xStep, xSkip, masks, acc);
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
