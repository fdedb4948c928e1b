// Convolution by Winograd's algorithm: 3×3 filters, stride 1, any padding; also its gradient by input, which is a convolution of dy with the
// filter turned and transposed. Blocks of tiles of all images: transform, one matrix product a position, transform back.
// T is an integer type as many bytes wide as a tile has outputs along a side, u16 or u32: the transforms are chosen when this is compiled.
// A tile's outputs depend on nothing but its inputs, so any cut into ranges of tiles gives the same bits.
import { clear } from "./conv.patch";
import { loadLanes, roundUp, storeLanes } from "./gemm.block";
import { f32_gemm_4x4, f32_gemm_4x8, NARROW, TILE_COLUMNS, TILE_ROWS } from "./gemm.micro";
import { f32_winograd_6x8, TALL_ROWS } from "./winograd.micro";
import { filterLine2, inputColumns2, inputRows2, outputTile2 } from "./winograd.tile";
import { filterLine4, inputColumns4, inputRows4, outputTile4 } from "./winograd.tile4";

/** Bytes between positions beyond their own: keeps them from falling into the same lines of the first-level cache. */
export const POSITION_GAP = 192;
/** Row addresses, the run of the products, a tile in the making, outputs of a tile over the edge. */
export const SCRATCH_BYTES = 1024;

/** out[N,OH,OW,O] = act(convolution of x[N,H,W,C] with a 3×3 filter + bias[O]) in tiles of 2×2. Words: docs/kernels.md. */
export function f32_winograd2(words: usize): void {
  run<u16>(words);
}

export function run<T>(words: usize): void {
  winograd<T>(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), <usize>load<u32>(words, 12), <usize>load<u32>(words, 16),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56), load<i32>(words, 60), load<i32>(words, 64),
    load<i32>(words, 68), load<i32>(words, 72) == 1, load<i32>(words, 76), load<i32>(words - 8), load<i32>(words - 4),
  );
}

/** The kernel with its words as parameters, for blocks first … end of blockTiles tiles. workspace: winogradWorkspace bytes, 16-byte aligned. */
export function winograd<T>(
  out: usize, x: usize, filter: usize, bias: usize, workspace: usize, n: i32, h: i32, w: i32, c: i32, o: i32, oh: i32, ow: i32,
  padTop: i32, padLeft: i32, tapRow: i32, tapColumn: i32, inStep: i32, outStep: i32, relu: bool, blockTiles: i32, first: i32, end: i32,
): void {
  const tile = <i32>sizeof<T>(), size = tile + 2;
  const down = (oh + tile - 1) / tile, across = (ow + tile - 1) / tile;
  const tiles = n * down * across, last = min(tiles, end * blockTiles);
  const channels = roundUp(c, 4), outputs = roundUp(o, 4);
  const stripPitch = <usize>roundUp((min(blockTiles, across) * tile + 2) * c + 4, 4) << 2;
  const vRow = <usize>channels << 2, mRow = <usize>outputs << 2;
  const vPosition = <usize>blockTiles * vRow + POSITION_GAP, mPosition = <usize>blockTiles * mRow + POSITION_GAP;
  const uPosition = (<usize>(c * outputs) << 2) + POSITION_GAP;

  const zeros = workspace + SCRATCH_BYTES;
  const biases = zeros + (<usize>roundUp(w * c + 4, 4) << 2);
  const strip = biases + mRow;
  const u = strip + <usize>size * stripPitch;
  const v = u + <usize>(size * size) * uPosition;
  const m = v + <usize>(size * size) * vPosition;
  if (first * blockTiles >= last) return;
  clear(zeros, w * c + 4);
  for (let i = 0; i < o; i += 4) v128.store(biases + (<usize>i << 2), bias ? v128.load(bias + (<usize>i << 2)) : f32x4.splat(0));
  transformFilter<T>(filter, c, o, <usize>tapRow << 2, <usize>tapColumn << 2, <usize>inStep << 2, <usize>outStep << 2, u, uPosition, workspace);
  for (let t = first * blockTiles; t < last; t += blockTiles) {
    const count = min(blockTiles, last - t);
    transformInput<T>(x, h, w, c, down, across, padTop, padLeft, t, count, workspace, zeros, strip, stripPitch, v, vPosition, vRow, 16, 0, c);
    multiply(size * size, roundUp(count, TILE_ROWS), outputs, c, v, vPosition, vRow, u, uPosition, m, mPosition, mRow, workspace);
    transformOutput<T>(m, mPosition, mRow, oh, ow, o, down, across, t, count, biases, relu, out, workspace);
  }
}

/** u[position][panel of eight][c][8] from the filter; the last panel has four columns when four suffice. Steps in bytes. */
function transformFilter<T>(
  filter: usize, c: i32, o: i32, tapRow: usize, tapColumn: usize, inStep: usize, outStep: usize, u: usize, position: usize, taps: usize,
): void {
  const size = <i32>sizeof<T>() + 2;
  for (let j = 0; j < o; j += 4) {
    const isNarrow = (j & 4) == 0 && o - j <= NARROW;
    const lanes = min(4, o - j);
    const step: usize = isNarrow ? 16 : 32;
    let target = u + (<usize>((j & ~7) * c) << 2) + ((<usize>j & 4) << 2);
    let source = filter + <usize>j * outStep;
    for (let k = 0; k < c; k++) {
      let tap = taps;
      for (let y: usize = 0; y < 3; y++) {
        for (let x: usize = 0; x < 3; x++) {
          v128.store(tap, gather(source + y * tapRow + x * tapColumn, outStep, lanes));
          tap += 16;
        }
      }
      // Down the columns in place, then along the rows.
      for (let x: usize = 0; x < 48; x += 16) filterLine<T>(taps + x, 48, taps + x, 48);
      for (let y = 0; y < size; y++) filterLine<T>(taps + <usize>y * 48, 16, target + <usize>(y * size) * position, position);
      source += inStep;
      target += step;
    }
  }
}

@inline
function filterLine<T>(p: usize, from: usize, target: usize, to: usize): void {
  if (sizeof<T>() == 2) filterLine2(p, from, target, to);
  else filterLine4(p, from, target, to);
}

/** Four floats `step` bytes apart; of those that are not there, any. */
@inline
function gather(p: usize, step: usize, lanes: i32): v128 {
  if (step == 4) return v128.load(p);
  let x = v128.load32_zero(p);
  if (lanes > 1) x = v128.load32_lane(p + step, x, 1);
  if (lanes > 2) x = v128.load32_lane(p + 2 * step, x, 2);
  if (lanes > 3) x = v128.load32_lane(p + 3 * step, x, 3);
  return x;
}

/**
 * Transforms of `count` tiles from number `first` on, of channels firstChannel … endChannel: tile i to target + i · tileStep, vectors of four
 * channels vectorStep bytes apart.
 *
 * rows: 24 bytes of scratch. zeros: as many as a row of the image has. strip: rows of tiles once the columns are transformed, `pitch` bytes each.
 */
export function transformInput<T>(
  x: usize, h: i32, w: i32, c: i32, down: i32, across: i32, padTop: i32, padLeft: i32, first: i32, count: i32,
  rows: usize, zeros: usize, strip: usize, pitch: usize, target: usize, position: usize, tileStep: usize, vectorStep: usize,
  firstChannel: i32, endChannel: i32,
): void {
  const tile = <i32>sizeof<T>(), size = tile + 2;
  const pixel = <usize>c << 2;
  const channels = endChannel - firstChannel;
  for (const end = first + count; first < end;) {
    const column = first % across, line = first / across;
    const tiles = min(across - column, end - first);
    const top = line % down * tile - padTop, left = column * tile - padLeft;
    const width = tiles * tile + 2;
    const before = min(width, max(0, -left));
    const middle = max(0, min(w, left + width) - left - before);
    const image = x + <usize>(line / down * h) * <usize>w * pixel;
    for (let i = 0; i < size; i++) {
      const y = top + i;
      const row = y >= 0 && y < h ? image + <usize>(y * w + left + before) * pixel : zeros;
      store<u32>(rows + (<usize>i << 2), <u32>row);
      if (before > 0) clear(strip + <usize>i * pitch, before * c);
    }
    const inside = strip + <usize>before * pixel;
    if (sizeof<T>() == 2) inputRows2(rows, middle * c, inside, pitch);
    else inputRows4(rows, middle * c, inside, pitch);
    const after = width - before - middle;
    if (after > 0) for (let i = 0; i < size; i++) clear(inside + <usize>i * pitch + <usize>middle * pixel, after * c);
    for (let k = 0; k < tiles; k++) {
      let row = strip + <usize>(k * tile) * pixel + (<usize>firstChannel << 2);
      let to = target;
      for (let i = 0; i < size; i++) {
        if (sizeof<T>() == 2) inputColumns2(row, pixel, channels, to, position, vectorStep);
        else inputColumns4(row, pixel, channels, to, position, vectorStep);
        row += pitch;
        to += <usize>size * position;
      }
      target += tileStep;
    }
    first += tiles;
  }
}

/** m = v · u for every position. rows: a multiple of four; outputs too. Sums are not cut into blocks: a panel is short. */
function multiply(
  positions: i32, rows: i32, outputs: i32, c: i32, v: usize, vPosition: usize, vRow: usize, u: usize, uPosition: usize,
  m: usize, mPosition: usize, mRow: usize, run: usize,
): void {
  store<u32>(run, 0);
  for (let i = 0; i < positions; i++) {
    let panel = u;
    for (let j = 0; j < outputs; j += TILE_COLUMNS) {
      const isNarrow = outputs - j == NARROW;
      let a = v;
      let target = m + (<usize>j << 2);
      let left = rows;
      if (ASC_FEATURE_RELAXED_SIMD && !isNarrow) {
        // Six rows at a time, but for the last four or eight where six do not divide.
        for (; left >= TALL_ROWS && left != 2 * TILE_ROWS; left -= TALL_ROWS) {
          f32_winograd_6x8(a, vRow, panel, c, target, mRow);
          a += <usize>TALL_ROWS * vRow;
          target += <usize>TALL_ROWS * mRow;
        }
      }
      for (; left > 0; left -= TILE_ROWS) {
        const a1 = a + vRow, a2 = a1 + vRow, a3 = a2 + vRow;
        if (isNarrow) f32_gemm_4x4(a, a1, a2, a3, run, run + 4, c, panel, target, mRow, false, 0, false);
        else f32_gemm_4x8(a, a1, a2, a3, run, run + 4, c, panel, target, mRow, false, 0, false);
        a = a3 + vRow;
        target += <usize>TILE_ROWS * mRow;
      }
      panel += <usize>c << 5;
    }
    v += vPosition;
    u += uPosition;
    m += mPosition;
  }
}

/** Outputs of `count` tiles from number `first` on. */
function transformOutput<T>(
  m: usize, position: usize, mRow: usize, oh: i32, ow: i32, o: i32, down: i32, across: i32, first: i32, count: i32,
  bias: usize, relu: bool, out: usize, scratch: usize,
): void {
  const tile = <i32>sizeof<T>();
  const column = <usize>o << 2, row = <usize>ow * column;
  const corner = scratch + 384;
  for (const end = first + count; first < end; first++) {
    const line = first / across;
    const y = line % down * tile, x = first % across * tile;
    const target = out + <usize>((line / down * oh + y) * ow + x) * column;
    const height = min(tile, oh - y), width = min(tile, ow - x);
    let channel = 0;
    if (height == tile && width == tile) {
      channel = o & ~3;
      outputTile<T>(m, position, channel, bias, relu, target, row, column, scratch);
    }
    for (; channel < o; channel += 4) {
      const at = <usize>channel << 2;
      outputTile<T>(m + at, position, 4, bias + at, relu, corner, <usize>tile << 4, 16, scratch);
      const lanes = min(4, o - channel);
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          storeLanes(target + at + <usize>i * row + <usize>j * column, v128.load(corner + (<usize>(i * tile + j) << 4)), lanes);
        }
      }
    }
    m += mRow;
  }
}

@inline
function outputTile<T>(m: usize, position: usize, channels: i32, bias: usize, relu: bool, out: usize, row: usize, column: usize, scratch: usize): void {
  if (sizeof<T>() == 2) outputTile2(m, position, channels, bias, relu, out, row, column);
  else outputTile4(m, position, channels, bias, relu, out, row, column, scratch);
}
