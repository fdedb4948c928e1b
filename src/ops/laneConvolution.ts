// What the ops on images in lanes share: the layout [groups, …, 8 images], sizes, words and workspaces of their kernels.
import { sizeOf, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import type { Conv2dSizes } from "../program/workspace.js";
import { convSizes } from "./convolution.js";
import type { LoweredWord, Lowering } from "./op.js";
import type { Window } from "./window.js";

/** Images of a group. */
export const LANES = 8;
/** The kernels compute three channels at least. */
export const LEAST_LANE_CHANNELS = 3;
/** Sums over all images run in so many parts at most, one after another, whatever the number of threads. */
const PARTS = 8;
/** Why no op on lanes has a gradient rule. */
export const MADE_LATE = "the layout pass makes it once gradients are taken";

/** The shape in lanes of images [N, …]; the lanes of images that do not exist hold anything. */
export function laneShape([images, ...rest]: Shape): number[] {
  return [Math.ceil(images! / LANES), ...rest, LANES];
}

/** Sizes of a convolution of x [groups, H, W, C, 8] with a filter [KH, KW, C, O]; n is the number of groups. */
export function laneSizes(x: Shape, filter: Shape, window: Window, where: string): Conv2dSizes {
  return convSizes(x.slice(0, 4), filter, { ...window, groups: 1 }, where);
}

/** Words 5 to 19 of the kernels. */
export function laneWords(s: Conv2dSizes): LoweredWord[] {
  return [s.n, s.h, s.w, s.c, s.kh, s.kw, s.o, s.oh, s.ow, s.strideH, s.strideW, s.padTop, s.padLeft, s.dilationH, s.dilationW];
}

/** A split by groups: every operand of as many groups is touched group by group, the others anywhere. */
export function splitByGroups(groups: number, outputs: readonly TensorType[], inputs: readonly TensorType[]): NonNullable<Lowering["split"]> {
  const bytes = ({ shape }: TensorType): number | null => (shape[shape.length - 1] === LANES && shape[0] === groups ? 4 * sizeOf(shape.slice(1)) : null);
  return { units: groups, outputs: outputs.map(bytes), inputs: inputs.map(bytes) };
}

/** Parts of the sums of the filter gradient. */
export function partsOf(groups: number): number {
  return Math.min(groups, PARTS);
}

/** Bytes of first-level cache that a band of the filter gradient may take: four channels of dy, all of x that they see. */
const BAND_BYTES = 40 * 1024;
/** Bytes that the transformed rows of a group may take; a filter's height of them is in use at a time. */
const TRANSFORMED_BYTES = 2048 * 1024;

/**
 * Whether the convolution runs by pairs: assembly/lane.pairs.ts. Costs in steps of the micro-kernel, measured: 4 to start it for a pixel, 24 for the four sums of
 * a pair, and 10 channels' worth of transforming a product.
 */
export function byPairs(s: Conv2dSizes): boolean {
  if (s.strideH !== 1 || s.strideW !== 1 || s.kw < 2 || s.padLeft < 0 || s.h * transformedRow(s) > TRANSFORMED_BYTES) return false;
  let taps = 0;
  for (let x = -s.padLeft; x < s.ow - s.padLeft; x++) taps += Math.max(0, Math.min(s.kw, s.w - x) - Math.max(0, -x));
  const products = productsOf(s.kw) * s.c;
  return pairsOf(s) * (s.kh * products + 24 + (10 * products) / s.o) < 0.9 * (taps * s.kh * s.c + 4 * s.ow);
}

/** The same for the filter gradient, where sums are over pixels: to transform dy costs 6 steps a pair. */
export function filterByPairs(s: Conv2dSizes): boolean {
  if (s.strideH !== 1 || s.strideW !== 1 || s.kw < 2) return false;
  const products = productsOf(s.kw) * s.c;
  return pairsOf(s) * (s.kh * products + 6 + (5 * products) / s.o) < 0.85 * s.ow * s.kh * s.kw * s.c;
}

/** The convolution that the gradient by input is, of dy with the filter turned round. Strides must be 1. */
export function turned(s: Conv2dSizes): Conv2dSizes {
  return { ...s, h: s.oh, w: s.ow, c: s.o, o: s.c, oh: s.h, ow: s.w, padTop: s.kh - 1 - s.padTop, padLeft: s.kw - 1 - s.padLeft };
}

/** Pixels that a band has at least, to make up for reading and writing the sums. */
const BAND_PIXELS = 96;

/** Output rows of a band of the filter gradient: even, as windows of the pooling are two high. */
export function bandRows(s: Conv2dSizes): number {
  const columns = filterByPairs(s) ? pairsOf(s) : s.ow;
  const dyRow = 4 * LANE_BYTES * columns;
  const xRow = s.c * LANE_BYTES * (filterByPairs(s) ? columns * runsOf(s.kw) : s.w);
  const most = Math.max(Math.ceil(BAND_PIXELS / columns), Math.floor((BAND_BYTES - (s.kh - 1) * xRow) / (dyRow + s.strideH * xRow)));
  return roundUp(Math.ceil(s.oh / Math.ceil(s.oh / most)), 2);
}

/** Bytes for f32_lane_conv2d: bias, zeros, filter panels; two rows to be pooled, transformed rows. */
export function laneConv2dWorkspace(s: Conv2dSizes, pooled: boolean): number {
  return 16 + 8 * roundUp(s.o, 4) + filterBytes(s, byPairs(s), (pooled ? 2 * s.ow * s.o * LANE_BYTES : 0) + (byPairs(s) ? imageBytes(s) : 0));
}

/** Bytes for f32_lane_conv2d_grad_input: zeros, an unpooled group, filter panels, transformed rows. */
export function laneGradInputWorkspace(s: Conv2dSizes, pooled: boolean): number {
  const pairs = inputByPairs(s);
  return 16 + 4 * roundUp(s.c, 4) + (pooled ? s.oh * s.ow * s.o * LANE_BYTES : 0) + filterBytes(turned(s), pairs, pairs ? imageBytes(turned(s)) : 0);
}

export function inputByPairs(s: Conv2dSizes): boolean {
  return s.strideH === 1 && s.strideW === 1 && byPairs(turned(s));
}

/** Bytes for f32_lane_conv2d_grad_filter: masks, sums, an unpooled band; then a band with zeros around it, or its pairs. */
export function laneGradFilterWorkspace(s: Conv2dSizes, pooled: boolean): number {
  const [rows, pairs] = [bandRows(s), pairsOf(s)];
  const [height, width] = [(rows - 1) * s.strideH + s.kh, (s.ow - 1) * s.strideW + s.kw];
  const products = filterByPairs(s) ? productsOf(s.kw) : s.kw;
  // Odd depths are rounded up, that of each sum.
  const sums = 16 * (s.kh * products * s.c + SUMS) * blockChannels(s.o);
  const scratch = filterByPairs(s)
    ? Math.max(SUMS * rows * pairs * s.o * LANE_BYTES + height * transformedRow(s) + paddedRow(s), 4 * s.kh * products * s.c * s.o)
    : height * width * s.c * LANE_BYTES;
  return 32 + sums + (pooled ? rows * s.ow * s.o * LANE_BYTES : 0) + scratch;
}

const LANE_BYTES = 4 * LANES;
const SUMS = 4;

/** Filter panels, and what lies behind them; while they are packed, the plain filter of one sum. */
function filterBytes({ kh, kw, c, o }: Conv2dSizes, pairs: boolean, behind: number): number {
  const cell = 4 * kh * c;
  return cell * (pairs ? productsOf(kw) : kw) * blockChannels(o) + (pairs ? Math.max(behind, cell * runsOf(kw) * o) : behind);
}

/** Transformed rows of a group; behind them a row with zeros around it, then the sums of a row. */
function imageBytes(s: Conv2dSizes): number {
  return s.h * transformedRow(s) + Math.max(paddedRow(s), SUMS * pairsOf(s) * s.o * LANE_BYTES);
}

function pairsOf({ ow }: Conv2dSizes): number {
  return Math.ceil(ow / 2);
}

function transformedRow(s: Conv2dSizes): number {
  return pairsOf(s) * productsOf(s.kw) * s.c * LANE_BYTES;
}

function paddedRow(s: Conv2dSizes): number {
  return (2 * pairsOf(s) + s.kw - 1) * s.c * LANE_BYTES;
}

/** Runs of three and two taps in a filter row. */
function runsOf(kw: number): number {
  return Math.ceil(kw / 3);
}

/** Products of a pair, one filter row, one channel: four for three taps, three for two. */
function productsOf(kw: number): number {
  return kw + runsOf(kw);
}

/** Channels of the kernels' blocks of four and three; five are two blocks of three. The same rule as in assembly/lane.tile.ts. */
function blockChannels(channels: number): number {
  return channels === 5 ? 6 : channels;
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}
