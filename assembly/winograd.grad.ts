// The gradient of a 3×3 convolution for its filter by Winograd's algorithm: tiles of x and of dy are transformed, their outer products are
// summed over all tiles, position by position, and the sums are transformed to the nine taps. T: see winograd.ts.
// Sums run over blocks of tiles in turn, ascending inside a block; any cut into ranges of channels gives the same bits.
import { clear } from "./conv.patch";
import { roundUp, storeLanes } from "./gemm.block";
import { TILE_COLUMNS } from "./gemm.micro";
import { POSITION_GAP, SCRATCH_BYTES, transformInput } from "./winograd";
import { f32_winograd_outer_4x8, f32_winograd_outer_6x8 } from "./winograd.micro";
import { gradLine2, tapLine2 } from "./winograd.tile";
import { gradLine4, tapLine4 } from "./winograd.tile4";

/** Input channels of a panel, and of a unit of the step. */
const PANEL_CHANNELS = 4;

/** dw[3,3,C,O] from x[N,H,W,C] and dy[N,OH,OW,O] in tiles of 2×2. Words: docs/kernels.md. */
export function f32_winograd2_grad_filter(words: usize): void {
  runGradFilter<u16>(words);
}

export function runGradFilter<T>(words: usize): void {
  winogradGradFilter<T>(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), <usize>load<u32>(words, 16),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56), load<i32>(words - 8), load<i32>(words - 4),
  );
}

/** The kernel with its words as parameters, for panels first … end of input channels. workspace: winogradGradFilterWorkspace bytes, 16-byte aligned. */
export function winogradGradFilter<T>(
  dw: usize, x: usize, dy: usize, workspace: usize, n: i32, h: i32, w: i32, c: i32, o: i32, oh: i32, ow: i32,
  padTop: i32, padLeft: i32, blockTiles: i32, first: i32, end: i32,
): void {
  const tile = <i32>sizeof<T>(), positions = (tile + 2) * (tile + 2);
  const down = (oh + tile - 1) / tile, across = (ow + tile - 1) / tile;
  const tiles = n * down * across;
  const firstChannel = first * PANEL_CHANNELS, endChannel = min(c, end * PANEL_CHANNELS);
  if (firstChannel >= endChannel) return;
  const panels = (endChannel - firstChannel + PANEL_CHANNELS - 1) / PANEL_CHANNELS;
  const columns = (o + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const stripPitch = <usize>roundUp((min(blockTiles, across) * tile + 2) * c + 4, 4) << 2;
  const aPanel = <usize>blockTiles * (4 * PANEL_CHANNELS), bPanel = <usize>blockTiles * (4 * TILE_COLUMNS);
  const aPosition = <usize>panels * aPanel + POSITION_GAP, bPosition = <usize>columns * bPanel + POSITION_GAP;
  const sumPosition = <usize>(panels * columns) * SUM_BYTES;

  const zeros = workspace + SCRATCH_BYTES;
  const zeroCount = max(w * c, o) + 4;
  const strip = zeros + (<usize>roundUp(zeroCount, 4) << 2);
  const a = strip + <usize>(tile + 2) * stripPitch;
  const b = a + <usize>positions * aPosition;
  const sums = b + <usize>positions * bPosition;
  clear(zeros, zeroCount);
  clear(sums, positions * <i32>(sumPosition >> 2));

  for (let t = 0; t < tiles; t += blockTiles) {
    const count = min(blockTiles, tiles - t);
    transformInput<T>(
      x, h, w, c, down, across, padTop, padLeft, t, count, workspace, zeros, strip, stripPitch, a, aPosition, 4 * PANEL_CHANNELS, aPanel,
      firstChannel, endChannel,
    );
    transformGrad<T>(dy, oh, ow, o, down, across, t, count, zeros, workspace, b, bPosition, bPanel);
    for (let i = 0; i < positions; i++) {
      sumProducts(a + <usize>i * aPosition, aPanel, panels, b + <usize>i * bPosition, bPanel, columns, count, sums + <usize>i * sumPosition);
    }
  }
  transformSums<T>(sums, sumPosition, columns, firstChannel, endChannel, c, o, workspace, dw);
}

/** Bytes of the sums of a panel of a with a panel of b. */
const SUM_BYTES: usize = 4 * PANEL_CHANNELS * TILE_COLUMNS;

/** Adds the outer products of one position, of `count` tiles, to its sums. */
function sumProducts(a: usize, aPanel: usize, panels: i32, b: usize, bPanel: usize, columns: i32, count: i32, sums: usize): void {
  const line = <usize>columns * SUM_BYTES;
  let p = 0;
  if (ASC_FEATURE_RELAXED_SIMD) {
    // Three panels are two tiles of six rows: each takes half of the middle one.
    for (; p + 3 <= panels; p += 3) {
      let panel = b, sum = sums;
      for (let q = 0; q < columns; q++) {
        f32_winograd_outer_6x8(a, a + aPanel, panel, count, sum, sum + line);
        f32_winograd_outer_6x8(a + 2 * aPanel, a + aPanel + 8, panel, count, sum + 2 * line, sum + line + SUM_BYTES / 2);
        panel += bPanel;
        sum += SUM_BYTES;
      }
      a += 3 * aPanel;
      sums += 3 * line;
    }
  }
  for (; p < panels; p++) {
    let panel = b;
    for (let q = 0; q < columns; q++) {
      f32_winograd_outer_4x8(a, panel, count, sums);
      panel += bPanel;
      sums += SUM_BYTES;
    }
    a += aPanel;
  }
}

/** Transforms of `count` tiles of dy from number `first` on: panels of eight channels, panelBytes each, tiles 32 bytes apart in them. */
function transformGrad<T>(
  dy: usize, oh: i32, ow: i32, o: i32, down: i32, across: i32, first: i32, count: i32, zeros: usize, scratch: usize,
  target: usize, position: usize, panelBytes: usize,
): void {
  const tile = <i32>sizeof<T>(), size = tile + 2;
  const pixel = <usize>o << 2;
  const pixels = scratch, lines = scratch + 64;
  for (const end = first + count; first < end; first++) {
    const line = first / across;
    const y = line % down * tile, x = first % across * tile;
    const image = dy + <usize>(line / down * oh * ow) * pixel;
    for (let i = 0; i < tile; i++) {
      for (let j = 0; j < tile; j++) {
        const inside = y + i < oh && x + j < ow;
        store<u32>(pixels + (<usize>(i * tile + j) << 2), <u32>(inside ? image + <usize>((y + i) * ow + x + j) * pixel : zeros));
      }
    }
    for (let channel = 0; channel < o; channel += 4) {
      const at = <usize>channel << 2;
      let to = target + <usize>(channel / TILE_COLUMNS) * panelBytes + (at & 16);
      if (sizeof<T>() == 2) {
        gradLine2(loadPixel(pixels, 0, at), loadPixel(pixels, 8, at), lines, 32);
        gradLine2(loadPixel(pixels, 4, at), loadPixel(pixels, 12, at), lines + 16, 32);
        for (let i: usize = 0; i < 128; i += 32) {
          gradLine2(v128.load(lines + i), v128.load(lines + i, 16), to, position);
          to += 4 * position;
        }
      } else {
        for (let j: usize = 0; j < 16; j += 4) {
          gradLine4(
            loadPixel(pixels, j, at), loadPixel(pixels, j + 16, at), loadPixel(pixels, j + 32, at), loadPixel(pixels, j + 48, at), lines + 4 * j, 64,
          );
        }
        for (let i: usize = 0; i < 384; i += 64) {
          gradLine4(v128.load(lines + i), v128.load(lines + i, 16), v128.load(lines + i, 32), v128.load(lines + i, 48), to, position);
          to += 6 * position;
        }
      }
    }
    target += 4 * TILE_COLUMNS;
  }
}

@inline
function loadPixel(pixels: usize, i: usize, at: usize): v128 {
  return v128.load(<usize>load<u32>(pixels + i) + at);
}

/** The sums of channels firstChannel … endChannel to their rows of dw. */
function transformSums<T>(
  sums: usize, position: usize, columns: i32, firstChannel: i32, endChannel: i32, c: i32, o: i32, scratch: usize, dw: usize,
): void {
  const size = <i32>sizeof<T>() + 2;
  const outRow = <usize>o << 2, tap = <usize>c * outRow;
  for (let channel = firstChannel; channel < endChannel; channel++) {
    const k = channel - firstChannel;
    const line = sums + <usize>(k / PANEL_CHANNELS * columns) * SUM_BYTES + <usize>(k % PANEL_CHANNELS) * (4 * TILE_COLUMNS);
    for (let j = 0; j < o; j += 4) {
      const p = line + <usize>(j / TILE_COLUMNS) * SUM_BYTES + ((<usize>j & 4) << 2);
      // Down the columns to three rows of the scratch, then along them in place.
      const row = <usize>size << 4;
      for (let i = 0; i < size; i++) tapLine<T>(p + <usize>i * position, <usize>size * position, scratch + (<usize>i << 4), row);
      const lanes = min(4, o - j);
      let target = dw + <usize>channel * outRow + (<usize>j << 2);
      for (let i: usize = 0; i < 3; i++) {
        const from = scratch + i * row;
        tapLine<T>(from, 16, from, 16);
        for (let q: usize = 0; q < 48; q += 16) {
          storeLanes(target, v128.load(from + q), lanes);
          target += tap;
        }
      }
    }
  }
}

@inline
function tapLine<T>(p: usize, from: usize, target: usize, to: usize): void {
  if (sizeof<T>() == 2) tapLine2(p, from, target, to);
  else tapLine4(p, from, target, to);
}
