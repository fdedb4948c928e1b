// Workspace of the kernels that need one, in bytes, from the same numbers as their words (docs/kernels.md).
// Constants and layouts are those of assembly/gemm*.ts, conv*.ts and winograd*.ts; workspace.test.ts compares the constants.

/** Cache blocks of a matrix product: assembly/gemm.ts. */
export const BLOCK_STEPS = 256;
export const BLOCK_ROWS = 128;
export const BLOCK_COLUMNS = 1024;
/** Sums of a row: assembly/gemm.vector.ts. */
export const STREAM_COLUMNS = 1024;
/** One output tile that hangs over the edge: assembly/gemm.block.ts. */
export const EDGE_BYTES = 192;
/** Longest run that joins taps, and a band of the image: assembly/conv.patch.ts. */
export const LONGEST_RUN = 512;
export const BAND_BYTES = 196608;
/** Columns of a block of the input gradient: assembly/conv.grad.ts. */
export const COLUMN_BYTES = 131072;
/** What lies between the positions of a transform, and scratch: assembly/winograd.ts. */
export const POSITION_GAP = 192;
export const SCRATCH_BYTES = 1024;

/** The sizes of a convolution, as the words of f32_conv2d name them. */
export interface Conv2dSizes {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly kh: number;
  readonly kw: number;
  readonly o: number;
  readonly oh: number;
  readonly ow: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly dilationH: number;
  readonly dilationW: number;
  readonly groups: number;
}

/** Blocks of Winograd's convolutions: outputs of a tile along a side, tiles of a block. */
export interface WinogradBlocks {
  readonly tile: number;
  readonly blockTiles: number;
}

/** Bytes for f32_gemm: out[m, n] = a[m, k] · b[k, n], whatever the strides and the batch. */
export function gemmWorkspace({ m, n, k }: { m: number; n: number; k: number }): number {
  if (m === 0 || n === 0 || k === 0) return 0;
  const rows = roundUp(Math.min(m, BLOCK_ROWS), 4);
  const steps = stepsOf(k);
  const tiles = EDGE_BYTES + 16 + 4 * (rows + rows * steps + roundUp(Math.min(n, BLOCK_COLUMNS), 8) * steps);
  // A product of one row, or of one column, keeps sums instead.
  return Math.max(tiles, 4 * Math.min(Math.max(m, n), STREAM_COLUMNS));
}

/** Bytes for f32_conv2d. */
export function conv2dWorkspace(sizes: Conv2dSizes): number {
  const { n, c, kh, kw, o, oh, ow, groups } = sizes;
  const depth = (kh * kw * c) / groups;
  if (n * oh * ow * o * depth === 0) return 0;
  const { pitch, padded } = patches(sizes);
  const rows = rowsOfBand(sizes, pitch);
  const runs = depth / runLength(sizes);
  const band = padded ? roundUp((reachH(sizes, rows) * pitch) / 4, 4) : 0;
  return EDGE_BYTES + 4 * (roundUp(runs, 4) + roundUp(rows * ow, 4) + band + roundUp(o / groups, 4) * groups * depth);
}

/** Bands of f32_conv2d: its units. */
export function conv2dBands(sizes: Conv2dSizes): number {
  return sizes.n * Math.ceil(sizes.oh / rowsOfBand(sizes, patches(sizes).pitch));
}

/** Bytes for f32_conv2d_grad_filter. */
export function conv2dGradFilterWorkspace(sizes: Conv2dSizes): number {
  const { n, c, kh, kw, o, oh, ow, strideW, groups } = sizes;
  if (n * oh * ow * o * kh * kw * c === 0) return 0;
  const { pitch, padded } = patches(sizes);
  const rows = rowsOfPixels(oh, ow, BLOCK_STEPS);
  const pixels = rows * ow;
  const band = padded ? roundUp((reachH(sizes, rows) * pitch) / 4, 4) : 0;
  const packed = c === 1 && strideW === 1 ? 0 : BLOCK_ROWS * roundUp(pixels, 4);
  return EDGE_BYTES + 4 * (roundUp(kh * kw, 4) + roundUp(pixels, 4) + BLOCK_ROWS + band + packed + roundUp(o / groups, 4) * pixels);
}

/** Bytes for f32_conv2d_grad_input. */
export function conv2dGradInputWorkspace(sizes: Conv2dSizes): number {
  const { n, h, w, c, kh, kw, o, oh, ow, groups } = sizes;
  const depth = (kh * kw * c) / groups;
  if (n * h * w * o * oh * ow * depth === 0) return 0;
  const pixels = rowsOfPixels(oh, ow, Math.floor(COLUMN_BYTES / (4 * depth))) * ow;
  return EDGE_BYTES + 16 + 4 * (roundUp(pixels, 4) + roundUp(pixels * depth, 4) + roundUp(depth, 4) * o);
}

/** Bytes for f32_winograd2 and f32_winograd4. */
export function winogradWorkspace({ w, c, o, ow }: Conv2dSizes, { tile, blockTiles }: WinogradBlocks): number {
  const positions = (tile + 2) ** 2;
  const outputs = roundUp(o, 4);
  const bytes = (floats: number): number => 4 * floats + POSITION_GAP;
  return (
    SCRATCH_BYTES + 4 * (roundUp(w * c + 4, 4) + outputs) + stripBytes(c, ow, tile, blockTiles) +
    positions * (bytes(c * outputs) + bytes(blockTiles * roundUp(c, 4)) + bytes(blockTiles * outputs))
  );
}

/** Bytes for f32_winograd2_grad_filter and f32_winograd4_grad_filter. */
export function winogradGradFilterWorkspace({ w, c, o, ow }: Conv2dSizes, { tile, blockTiles }: WinogradBlocks): number {
  const positions = (tile + 2) ** 2;
  const [channels, outputs] = [roundUp(c, 4), roundUp(o, 8)];
  return (
    SCRATCH_BYTES + 4 * roundUp(Math.max(w * c, o) + 4, 4) + stripBytes(c, ow, tile, blockTiles) +
    positions * (4 * (blockTiles * (channels + outputs) + channels * outputs) + 2 * POSITION_GAP)
  );
}

/** Rows of tiles whose columns are transformed. */
function stripBytes(c: number, ow: number, tile: number, blockTiles: number): number {
  const across = Math.min(blockTiles, Math.ceil(ow / tile));
  return (tile + 2) * 4 * roundUp((across * tile + 2) * c + 4, 4);
}

/** Bytes of an image row, and whether images are copied with zeros around them. */
function patches(sizes: Conv2dSizes): { pitch: number; padded: boolean } {
  const { h, w, c, kw, oh, ow, strideW, padTop, padLeft, dilationW } = sizes;
  const columns = reach(ow, strideW, kw, dilationW);
  const padded = padTop > 0 || padLeft > 0 || reachH(sizes, oh) > h || columns > w;
  return { pitch: 4 * (padded ? columns : w) * c, padded };
}

function reach(count: number, stride: number, kernel: number, dilation: number): number {
  return (count - 1) * stride + (kernel - 1) * dilation + 1;
}

function reachH({ kh, strideH, dilationH }: Conv2dSizes, rows: number): number {
  return reach(rows, strideH, kh, dilationH);
}

function runLength({ c, groups, kw, dilationW }: Conv2dSizes): number {
  return groups === 1 && dilationW === 1 && kw * c <= LONGEST_RUN ? kw * c : c / groups;
}

function rowsOfBand(sizes: Conv2dSizes, pitch: number): number {
  const spare = Math.floor(BAND_BYTES / pitch) - reachH(sizes, 1);
  return evenly(sizes.oh, Math.max(1, Math.trunc(spare / sizes.strideH) + 1));
}

function rowsOfPixels(oh: number, ow: number, most: number): number {
  return evenly(oh, Math.max(1, Math.floor(most / ow)));
}

/** Size of blocks of at most `most` that cut `total` as equally as possible. */
function evenly(total: number, most: number): number {
  return Math.ceil(total / Math.ceil(total / most));
}

/** Steps of a block for a sum of k: as equal as possible, a multiple of four. */
function stepsOf(k: number): number {
  return roundUp(evenly(k, BLOCK_STEPS), 4);
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}
