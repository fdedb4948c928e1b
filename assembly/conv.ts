// Convolution as a matrix product that reads its patches where they lie: see conv.patch.ts for the tables, gemm.block.ts for the product.
// Filter panels are packed once a call; the order of every sum depends on the shape alone: blocks of runs, ascending. A unit is a band of an image.
import { BAND_BYTES, copyBand, overhangs, reach, runLength, writePixels, writeRuns } from "./conv.patch";
import { BLOCK_STEPS } from "./gemm";
import { EDGE_BYTES, emptyProduct, multiplyBlock, packedColumns, roundUp } from "./gemm.block";
import { packB } from "./gemm.pack";

/** out[N,OH,OW,O] = act(convolution of x[N,H,W,C] with w[KH,KW,C/groups,O] + bias[O]). Words: docs/kernels.md. */
export function f32_conv2d(words: usize): void {
  conv2d(
    <usize>load<u32>(words), <usize>load<u32>(words, 4), <usize>load<u32>(words, 8), <usize>load<u32>(words, 12), <usize>load<u32>(words, 16),
    load<i32>(words, 20), load<i32>(words, 24), load<i32>(words, 28), load<i32>(words, 32), load<i32>(words, 36), load<i32>(words, 40),
    load<i32>(words, 44), load<i32>(words, 48), load<i32>(words, 52), load<i32>(words, 56), load<i32>(words, 60),
    load<i32>(words, 64), load<i32>(words, 68), load<i32>(words, 72), load<i32>(words, 76), load<i32>(words, 80), load<i32>(words, 84) == 1,
    load<i32>(words - 8), load<i32>(words - 4),
  );
}

/** f32_conv2d with its words as parameters, for bands first … end. bias: 0 or o floats. workspace: conv2dWorkspace bytes, 16-byte aligned. */
export function conv2d(
  out: usize, x: usize, filter: usize, bias: usize, workspace: usize, n: i32, h: i32, w: i32, c: i32, kh: i32, kw: i32,
  o: i32, oh: i32, ow: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, dilationH: i32, dilationW: i32, groups: i32, relu: bool,
  first: i32, end: i32,
): void {
  // What one group has of channels, filters and steps.
  const channels = c / groups, filters = o / groups;
  const depth = kh * kw * channels;
  const pixels = oh * ow;
  if (n <= 0 || o <= 0 || pixels <= 0) return;
  if (depth <= 0) {
    if (first == 0) emptyProduct(n * pixels, o, out, <usize>o << 2, bias, relu);
    return;
  }
  const columns = reach(ow, strideW, kw, dilationW);
  const padded = overhangs(h, w, reach(oh, strideH, kh, dilationH), columns, padTop, padLeft);
  const pitch = <usize>((padded ? columns : w) * c) << 2;
  const bandRows = rowsOfBand(<i32>pitch, oh, kh, strideH, dilationH);
  const length = runLength(c, groups, kw, dilationW);
  const runCount = depth / length;
  const blockRuns = runsOfBlock(runCount, length);

  const edge = workspace;
  const runs = edge + EDGE_BYTES;
  const table = runs + <usize>roundUp(runCount, 4) * 4;
  const band = table + <usize>roundUp(bandRows * ow, 4) * 4;
  const panels = band + (padded ? <usize>roundUp(reach(bandRows, strideH, kh, dilationH) * columns * c, 4) * 4 : 0);
  writeRuns(runs, c, kh, kw, length, pitch, dilationH, dilationW);
  writePixels(table, bandRows, ow, c, pitch, strideH, strideW);
  const filterRow = <usize>o << 2;
  let panel = panels;
  for (let g = 0; g < groups; g++) {
    for (let r = 0; r < runCount; r += blockRuns) {
      const steps = min(blockRuns, runCount - r) * length;
      panel = packB(filter + <usize>(r * length) * filterRow + (<usize>(g * filters) << 2), filterRow, 4, steps, filters, panel);
    }
  }

  const imageBytes = <usize>(h * w * c) << 2;
  const bands = (oh + bandRows - 1) / bandRows;
  for (const last = min(end, n * bands); first < last; first++) {
    const image = x + <usize>(first / bands) * imageBytes;
    const y = first % bands * bandRows;
    const rows = min(bandRows, oh - y);
    const target = out + <usize>((first / bands * oh + y) * ow) * filterRow;
    let source = image + <usize>(y * strideH) * pitch;
    if (padded) {
      copyBand(image, h, w, c, y * strideH - padTop, reach(rows, strideH, kh, dilationH), padLeft, columns, band);
      source = band;
    }
    panel = panels;
    for (let g = 0; g < groups; g++) {
      const skipped = <usize>(g * filters) << 2;
      for (let r = 0; r < runCount; r += blockRuns) {
        const stop = min(r + blockRuns, runCount);
        const isLast = stop == runCount;
        multiplyBlock(
          source + (<usize>(g * channels) << 2), table, rows * ow, runs + (<usize>r << 2), runs + (<usize>stop << 2), length, panel, filters,
          target + skipped, filterRow, r > 0, isLast && bias ? bias + skipped : 0, relu && isLast, edge,
        );
        panel += <usize>((stop - r) * length * packedColumns(filters)) << 2;
      }
    }
  }
}

/** Output rows whose input fits the band, as equal as possible, at least one. pitch: bytes of an input row. */
export function rowsOfBand(pitch: i32, oh: i32, kh: i32, strideH: i32, dilationH: i32): i32 {
  const most = max(1, (BAND_BYTES / pitch - reach(1, strideH, kh, dilationH)) / strideH + 1);
  const bands = (oh + most - 1) / most;
  return (oh + bands - 1) / bands;
}

/** Runs of a block of steps, as equal as possible, at least one. */
export function runsOfBlock(runs: i32, length: i32): i32 {
  const most = max(1, BLOCK_STEPS / length);
  const blocks = (runs + most - 1) / most;
  return (runs + blocks - 1) / blocks;
}
