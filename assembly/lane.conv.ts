// Convolution of images in lanes, [groups][H][W][C][8 images], with bias, relu and 2×2 max pooling in its store.
// For small channel counts, where a tile of eight output channels would stay half empty. The order of every sum depends on the shape alone.
import { convolvePairs, packPairs, transformImage } from "./lane.pairs";
import { convolveRows, packBias, packBlocks } from "./lane.rows";
import { LANE_BYTES } from "./lane.tile";

/** Groups of out = act(convolution + bias), or of its pooled value and, where asked for, the winners. Words: docs/kernels.md. */
export function f32_lane_conv2d(words: usize): void {
  const filter = <usize>load<u32>(words, 8), workspace = <usize>load<u32>(words, 16);
  const h = load<i32>(words, 24), w = load<i32>(words, 28), c = load<i32>(words, 32), kh = load<i32>(words, 36), kw = load<i32>(words, 40);
  const o = load<i32>(words, 44), oh = load<i32>(words, 48), ow = load<i32>(words, 52), strideH = load<i32>(words, 56), strideW = load<i32>(words, 60);
  const padTop = load<i32>(words, 64), padLeft = load<i32>(words, 68);
  const relu = load<i32>(words, 80) == 1, pooled = load<i32>(words, 84) == 1, byPairs = load<i32>(words, 92) == 1;
  const first = load<i32>(words - 8), end = min(load<i32>(words, 20), load<i32>(words - 4));

  const bias = workspace, zeros = bias + (<usize>(o + 3 & ~3) << 2), panels = zeros + (zeros - bias);
  packBias(<usize>load<u32>(words, 12), o, bias);
  packBias(0, o, zeros);
  let scratch = panels;
  if (byPairs) scratch = packPairs(filter, kh, kw, c, o, kw * c * o, c * o, o, 1, panels);
  else scratch = packBlocks(filter, kh, kw, c, o, kw * c * o, c * o, o, 1, panels);
  scratch = scratch + 15 & ~15;

  const pixel = <usize>o * LANE_BYTES, row = <usize>ow * pixel;
  const rows = scratch;
  if (pooled) scratch += 2 * row;
  const poolRows = oh >> 1, poolCols = ow >> 1;
  const xBytes = <usize>(h * w * c) * LANE_BYTES, outBytes = pooled ? <usize>(poolRows * poolCols) * pixel : <usize>oh * row;
  let x = <usize>load<u32>(words, 4) + <usize>first * xBytes;
  let out = <usize>load<u32>(words) + <usize>first * outBytes;
  let winner = <usize>load<u32>(words, 88);
  if (winner) winner += <usize>first * outBytes;
  for (let g = first; g < end; g++, x += xBytes) {
    if (byPairs) transformImage(x, h, w, c, kw, padLeft, ow, scratch);
    // Two rows stay in the first-level cache until they are pooled.
    const step = pooled ? 2 : oh;
    for (let y = 0; y + step <= oh; y += step) {
      const target = pooled ? rows : out;
      if (byPairs) convolvePairs(target, row, scratch, h, c, panels, bias, zeros, kh, kw, o, ow, padTop, y, y + step, relu);
      else convolveRows(target, row, pixel, x, h, w, c, panels, bias, kh, kw, o, ow, strideH, strideW, padTop, padLeft, y, y + step, relu);
      if (pooled) {
        poolPair(rows, row, pixel, poolCols, out, winner);
        out += <usize>poolCols * pixel;
        if (winner) winner += <usize>poolCols * pixel;
      }
    }
    if (!pooled) out += outBytes;
  }
}

/**
 * The largest of each 2×2 window of two rows, and its place: 0 to 3 in reading order, the first of equals.
 * What relu leaves is not negative (nor −0: see packBias), or NaN: compared as unsigned integers, a NaN of either sign is the largest.
 */
function poolPair(rows: usize, row: usize, pixel: usize, cols: i32, out: usize, winner: usize): void {
  for (; cols > 0; cols--, rows += 2 * pixel, out += pixel) {
    for (let i: usize = 0; i < pixel; i += 16) {
      const p = rows + i;
      const v0 = v128.load(p), v1 = v128.load(p + pixel), v2 = v128.load(p + row), v3 = v128.load(p + row + pixel);
      const best = i32x4.max_u(i32x4.max_u(v0, v1), i32x4.max_u(v2, v3));
      v128.store(out + i, best);
      if (winner) {
        const is0 = i32x4.eq(v0, best), is1 = i32x4.eq(v1, best), is2 = i32x4.eq(v2, best);
        const of23 = i32x4.add(i32x4.splat(3), is2);
        const of123 = i32x4.sub(v128.andnot(of23, is1), is1);
        v128.store(winner + i, v128.andnot(of123, is0));
      }
    }
    if (winner) winner += pixel;
  }
}
