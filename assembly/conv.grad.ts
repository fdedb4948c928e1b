// Gradients of the convolution. Both are matrix products over the patches of conv.patch.ts:
// by filter, dw += patchesᵀ · dy block by block; by input, columns = dy · wᵀ, then added into the image.
import { clear, copyBand, overhangs, reach, runLength, writePixels, writeRuns } from "./conv.patch";
import { BLOCK_ROWS, BLOCK_STEPS, stepsOf } from "./gemm";
import { EDGE_BYTES, loadLanes, multiplyBlock, packedColumns, roundUp, storeLanes, writeOffsets } from "./gemm.block";
import { packB, transpose4x4 } from "./gemm.pack";

/** Columns of one block of the input gradient that stay in the second-level cache. */
export const COLUMN_BYTES = 131072;

/** dw[KH,KW,C/groups,O] from x[N,H,W,C] and dy[N,OH,OW,O]. Words: docs/kernels.md. */
export function f32_conv2d_grad_filter(words: usize): void {
  conv2dGradFilter(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), <usize>load<u32>(words, 16),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56), load<i32>(words, 60),
    load<i32>(words, 64), load<i32>(words, 68), load<i32>(words, 72), load<i32>(words, 76), load<i32>(words, 80),
    load<i32>(words - 8), load<i32>(words - 4),
  );
}

/** dx[N,H,W,C] from dy[N,OH,OW,O] and w[KH,KW,C/groups,O]. Words: docs/kernels.md. */
export function f32_conv2d_grad_input(words: usize): void {
  conv2dGradInput(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), <usize>load<u32>(words, 16),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56), load<i32>(words, 60),
    load<i32>(words, 64), load<i32>(words, 68), load<i32>(words, 72), load<i32>(words, 76), load<i32>(words, 80),
    load<i32>(words - 8), load<i32>(words - 4),
  );
}

/** Rows of dw of a unit: src/program/split.ts has the same. */
const UNIT_ROWS = 4;

/** f32_conv2d_grad_filter with its words as parameters, for units first … end of four rows of dw. workspace: conv2dGradFilterWorkspace bytes, 16-byte aligned. */
export function conv2dGradFilter(
  dw: usize, x: usize, dy: usize, workspace: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32,
  o: i32, oh: i32, ow: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, groups: i32,
  first: i32, end: i32,
): void {
  const channels = c / groups, filters = o / groups;
  const depth = kh * kw * channels;
  const firstRow = first * UNIT_ROWS, endRow = min(depth, end * UNIT_ROWS);
  if (firstRow >= endRow || o <= 0) return;
  if (n <= 0 || oh <= 0 || ow <= 0) {
    clear(dw + (<usize>(firstRow * o) << 2), (endRow - firstRow) * o);
    return;
  }
  const columns = reach(ow, strideW, kw, dilationW);
  const padded = overhangs(h, w, reach(oh, strideH, kh, dilationH), columns, padTop, padLeft);
  const pitch = <usize>((padded ? columns : w) * c) << 2;
  const blockRows = rowsOfPixels(oh, ow, BLOCK_STEPS);
  const blockPixels = blockRows * ow;
  // One channel, stride 1: a filter tap sees neighbouring floats at neighbouring pixels, which is a row of patchesᵀ as it lies.
  const direct = c == 1 && strideW == 1;
  const length = direct ? 1 : runLength(c, groups, kw, dilationW);

  const edge = workspace;
  const runs = edge + EDGE_BYTES;
  const pixels = runs + <usize>roundUp(kh * kw, 4) * 4;
  const rowTable = pixels + <usize>roundUp(blockPixels, 4) * 4;
  const band = rowTable + 4 * BLOCK_ROWS;
  const packed = band + (padded ? <usize>roundUp(reach(blockRows, strideH, kh, dilationH) * columns * c, 4) * 4 : 0);
  const panels = packed + (direct ? 0 : <usize>(BLOCK_ROWS * roundUp(blockPixels, 4)) * 4);
  writeRuns(runs, c, kh, kw, length, pitch, dilationH, dilationW);
  // A direct product walks the pixels as one run an output row.
  if (direct) writeOffsets(pixels, blockRows, <usize>strideH * pitch);
  else writePixels(pixels, blockRows, ow, c, pitch, strideH, strideW);

  const outRow = <usize>o << 2;
  const imageBytes = <usize>(h * w * c) << 2;
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < oh; y += blockRows) {
      const rows = min(blockRows, oh - y);
      const count = rows * ow;
      const accumulate = i > 0 || y > 0;
      let source = x + <usize>(y * strideH) * pitch;
      if (padded) {
        copyBand(x, h, w, c, y * strideH - padTop, reach(rows, strideH, kh, dilationH), padLeft, columns, band);
        source = band;
      }
      for (let g = 0; g < groups; g++) {
        const skipped = <usize>(g * filters) << 2;
        const seen = source + (<usize>(g * channels) << 2);
        packB(dy + skipped, outRow, 4, count, filters, panels);
        if (direct) {
          multiplyBlock(
            seen, runs + (<usize>firstRow << 2), endRow - firstRow, pixels, pixels + (<usize>rows << 2), ow, panels, filters,
            dw + <usize>firstRow * outRow, outRow, accumulate, 0, false, edge,
          );
          continue;
        }
        writeOffsets(rowTable, min(BLOCK_ROWS, depth), <usize>count << 2);
        for (let k = firstRow; k < endRow; k += BLOCK_ROWS) {
          const height = min(BLOCK_ROWS, endRow - k);
          packPatches(seen, pixels, count, runs, length, k, height, packed);
          // Packed rows are one run of offset 0, as the first of `runs` is.
          multiplyBlock(
            packed, rowTable, height, runs, runs + 4, count, panels, filters,
            dw + <usize>k * outRow + skipped, outRow, accumulate, 0, false, edge,
          );
        }
      }
      dy += <usize>count * outRow;
    }
    x += imageBytes;
  }
}

/** Rows first … first + height of patchesᵀ, each `count` pixels long, contiguous. Reads up to 12 bytes past the image. */
function packPatches(image: usize, pixels: usize, count: i32, runs: usize, length: i32, first: i32, height: i32, target: usize): void {
  const pitch = <usize>count << 2;
  const end = first + height;
  for (let k = first; k < end;) {
    const run = k / length;
    const step = k - run * length;
    const lanes = min(4, min(length - step, end - k));
    const source = image + load<u32>(runs + (<usize>run << 2)) + (<usize>step << 2);
    packPatchRows(source, pixels, count, lanes, target, pitch);
    target += <usize>lanes * pitch;
    k += lanes;
  }
}

/** Up to four neighbouring steps of all pixels, as rows. */
function packPatchRows(source: usize, pixels: usize, count: i32, lanes: i32, target: usize, pitch: usize): void {
  let i = 0;
  if (lanes == 4) {
    for (; i <= count - 4; i += 4) {
      transpose4x4(
        source + load<u32>(pixels), source + load<u32>(pixels, 4), source + load<u32>(pixels, 8), source + load<u32>(pixels, 12),
        target, pitch,
      );
      pixels += 16;
      target += 16;
    }
  }
  for (; i < count; i++) {
    const p = source + load<u32>(pixels);
    for (let lane = 0; lane < lanes; lane++) store<f32>(target + <usize>lane * pitch, load<f32>(p + (<usize>lane << 2)));
    pixels += 4;
    target += 4;
  }
}

/** Output rows of a block of at most `most` pixels, as equal as possible, at least one. */
export function rowsOfPixels(oh: i32, ow: i32, most: i32): i32 {
  const rows = max(1, most / ow);
  const blocks = (oh + rows - 1) / rows;
  return (oh + blocks - 1) / blocks;
}

/** f32_conv2d_grad_input with its words as parameters, for images first … end. workspace: conv2dGradInputWorkspace bytes, 16-byte aligned. */
export function conv2dGradInput(
  dx: usize, dy: usize, filter: usize, workspace: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32,
  o: i32, oh: i32, ow: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, groups: i32,
  first: i32, end: i32,
): void {
  const channels = c / groups, filters = o / groups;
  const depth = kh * kw * channels;
  const image = h * w * c;
  end = min(n, end);
  if (first >= end || image <= 0) return;
  dx += <usize>(first * image) << 2;
  if (depth <= 0 || o <= 0 || oh <= 0 || ow <= 0) {
    clear(dx, (end - first) * image);
    return;
  }
  const blockRows = rowsOfPixels(oh, ow, COLUMN_BYTES / (4 * depth));
  const blockSteps = stepsOf(filters);
  const edge = workspace;
  const run = edge + EDGE_BYTES;
  const rowTable = run + 16;
  const columns = rowTable + <usize>roundUp(blockRows * ow, 4) * 4;
  const panels = columns + <usize>roundUp(blockRows * ow * depth, 4) * 4;
  const dyRow = <usize>o << 2;
  store<u32>(run, 0);
  writeOffsets(rowTable, blockRows * ow, dyRow);
  let panel = panels;
  for (let g = 0; g < groups; g++) {
    for (let s = 0; s < filters; s += blockSteps) {
      panel = packB(filter + (<usize>(g * filters + s) << 2), 4, dyRow, min(blockSteps, filters - s), depth, panel);
    }
  }

  dy += <usize>(first * oh * ow) * dyRow;
  for (; first < end; first++) {
    clear(dx, image);
    for (let y = 0; y < oh; y += blockRows) {
      const rows = min(blockRows, oh - y);
      panel = panels;
      for (let g = 0; g < groups; g++) {
        for (let s = 0; s < filters; s += blockSteps) {
          const steps = min(blockSteps, filters - s);
          multiplyBlock(
            dy + (<usize>(g * filters + s) << 2), rowTable, rows * ow, run, run + 4, steps, panel, depth,
            columns, <usize>depth << 2, s > 0, 0, false, edge,
          );
          panel += <usize>(steps * packedColumns(depth)) << 2;
        }
        const target = dx + (<usize>(g * channels) << 2);
        addColumns(columns, rows, y, target, h, w, c, channels, kh, kw, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW);
      }
      dy += <usize>(rows * ow) * dyRow;
    }
    dx += <usize>image << 2;
  }
}

/** Adds columns[rows, ow, kh, kw, channels] into the first `channels` of dx[h, w, c], leaving out what lies in the padding. */
function addColumns(
  columns: usize, rows: i32, firstRow: i32, dx: usize, h: i32, w: i32, c: i32, channels: i32, kh: i32, kw: i32, ow: i32,
  strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32,
): void {
  const tapBytes = <usize>channels << 2;
  // Taps that lie side by side in the image are added as one run.
  const taps = dilationW == 1 && channels == c ? kw : 1;
  for (let y = firstRow; y < firstRow + rows; y++) {
    for (let x = 0; x < ow; x++) {
      for (let ky = 0; ky < kh; ky++) {
        const row = y * strideH - padTop + ky * dilationH;
        if (row >= 0 && row < h) {
          for (let kx = 0; kx < kw; kx += taps) {
            const column = x * strideW - padLeft + kx * dilationW;
            const skipped = max(0, -column);
            const kept = min(taps, w - column) - skipped;
            if (kept > 0) {
              addFloats(columns + <usize>(kx + skipped) * tapBytes, kept * channels, dx + (<usize>((row * w + column + skipped) * c) << 2));
            }
          }
        }
        columns += <usize>kw * tapBytes;
      }
    }
  }
}

/** target += source, `count` floats. */
@inline
function addFloats(source: usize, count: i32, target: usize): void {
  for (; count >= 4; count -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    source += 16;
    target += 16;
  }
  if (count > 0) storeLanes(target, f32x4.add(loadLanes(target, count), v128.load(source)), count);
}
