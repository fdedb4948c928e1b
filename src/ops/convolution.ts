// What conv2d and its two gradients share: sizes, checks, and the choice between the sum itself and Winograd's algorithm.
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import type { Conv2dSizes, WinogradBlocks } from "../program/workspace.js";
import type { LoweredWord, Target } from "./op.js";
import { windowOutput, type Pair, type Window } from "./window.js";

/** A window, and how many groups of channels see only their own filters. */
export interface ConvWindow extends Window {
  readonly groups: number;
}

/** Sizes from the shapes of image [N, H, W, C] and filter [KH, KW, C / groups, O]. Throws ShapeError when the filter does not fit. */
export function convSizes(x: Shape, filter: Shape, window: ConvWindow, where: string): Conv2dSizes {
  const [n, h, w, c] = x as readonly [number, number, number, number];
  const [kh, kw, , o] = filter as readonly [number, number, number, number];
  const [oh, ow] = windowOutput(window, [h, w], [kh, kw], where);
  const [[strideH, strideW], [dilationH, dilationW]] = [window.strides, window.dilations];
  const [[padTop], [padLeft]] = window.padding;
  return { n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups: window.groups };
}

/** Words 5 to 20 of the three kernels. */
export function convWords(s: Conv2dSizes): LoweredWord[] {
  return [
    s.n, s.h, s.w, s.c, s.kh, s.kw, s.o, s.oh, s.ow,
    s.strideH, s.strideW, s.padTop, s.padLeft, s.dilationH, s.dilationW, s.groups,
  ];
}

/** Whether every channel has one filter: the depthwise kernels' case. */
export function isDepthwise({ c, o, groups }: Conv2dSizes): boolean {
  return groups > 1 && groups === c && groups === o;
}

/** Words 5 to 20 of the depthwise kernels. */
export function depthwiseWords(s: Conv2dSizes): LoweredWord[] {
  return [s.n, s.h, s.w, s.c, s.kh, s.kw, s.oh, s.ow, s.strideH, s.strideW, 1, 1, s.padTop, s.padLeft, s.dilationH, s.dilationW];
}

/** The same for the gradient by input: dy, spread out by the strides, in the window turned round. */
export function depthwiseBackWords(s: Conv2dSizes): LoweredWord[] {
  return [s.n, s.oh, s.ow, s.c, s.kh, s.kw, s.h, s.w, 1, 1, s.strideH, s.strideW, -s.padTop, -s.padLeft, -s.dilationH, -s.dilationW];
}

/** Bytes of the depthwise kernel's list of taps. */
export function tapBytes({ kh, kw }: Conv2dSizes): number {
  return 8 * kh * kw;
}

/** Words 5 to 13 of Winograd's kernels. */
export function winogradWords(s: Conv2dSizes): LoweredWord[] {
  return [s.n, s.h, s.w, s.c, s.o, s.oh, s.ow, s.padTop, s.padLeft];
}

/** The convolution of dy, with the filter turned and its channels exchanged, that gives dx; where the strides are 1. */
export function turnedSizes(s: Conv2dSizes): Conv2dSizes {
  return { ...s, h: s.oh, w: s.ow, c: s.o, o: s.c, oh: s.h, ow: s.w, padTop: s.kh - 1 - s.padTop, padLeft: s.kw - 1 - s.padLeft };
}

export function convFlops({ n, c, kh, kw, o, oh, ow, groups }: Conv2dSizes): number {
  return (2 * n * oh * ow * kh * kw * c * o) / groups;
}

/** Channels, of input and output, from which Winograd's products fill their tiles. */
const LEAST_CHANNELS = 8;
/**
 * What a tile costs beyond its products, in multiply-adds: to transform a tile of one channel, and a filter of one channel. From measured times.
 * Those of 4×4 lose a digit: for numerics "fast" only.
 */
const TILES = [
  { tile: 2, transform: 75, filter: 150, numerics: ["reproducible", "fast"] },
  { tile: 4, transform: 215, filter: 400, numerics: ["fast"] },
] as const;
/** Tiles of a block: few channels leave room for more. */
const BLOCK = { tiles: 48, fewChannels: 64, tilesOfFew: 96 } as const;

/** The tiles by which Winograd's algorithm computes a convolution, or its gradient by filter; null where the sum itself is cheaper. */
export function winogradBlocks(s: Conv2dSizes, { numerics }: Target): (WinogradBlocks & { readonly tile: 2 | 4 }) | null {
  const threes = s.kh === 3 && s.kw === 3 && s.strideH === 1 && s.strideW === 1 && s.dilationH === 1 && s.dilationW === 1;
  if (!threes || s.groups !== 1 || Math.min(s.c, s.o) < LEAST_CHANNELS) return null;
  let best: 0 | 2 | 4 = 0;
  let least = 9 * s.n * s.oh * s.ow * s.c * s.o;
  for (const { tile, transform, filter, numerics: allowed } of TILES) {
    const cost = tilesOf(s, tile) * ((tile + 2) ** 2 * s.c * s.o + transform * (s.c + s.o)) + filter * s.c * s.o;
    if (cost < least && allowed.some((mode) => mode === numerics)) [best, least] = [tile, cost];
  }
  if (best === 0) return null;
  const tiles = tilesOf(s, best);
  const most = s.c + s.o <= BLOCK.fewChannels ? BLOCK.tilesOfFew : BLOCK.tiles;
  // As equal as possible, in fours as the products take them.
  const blockTiles = 4 * Math.ceil(tiles / Math.ceil(tiles / most) / 4);
  return { tile: best, blockTiles };
}

export function tilesOf({ n, oh, ow }: Conv2dSizes, tile: number): number {
  return n * Math.ceil(oh / tile) * Math.ceil(ow / tile);
}

/** Throws DTypeError or ShapeError unless both are float32 of rank 4 and `axes` of the two hold sizes that agree: a's is b's times `groups`. */
export function checkConvOperands(a: TensorType, b: TensorType, axes: Pair, where: string, groups = 1): void {
  for (const operand of [a, b]) {
    if (operand.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${operand.dtype}. Cast first.`);
    if (operand.shape.length !== 4) {
      throw new ShapeError(`${where}: operands need rank 4 ([N, H, W, C] images, [KH, KW, C, O] filters), got ${showShape(operand.shape)}. Use expandDims?`);
    }
  }
  if (a.shape[axes[0]] !== b.shape[axes[1]]! * groups) {
    const factor = groups === 1 ? "" : ` times ${groups} groups`;
    throw new ShapeError(
      `${where}: axis ${axes[0]} of ${showShape(a.shape)} and axis ${axes[1]} of ${showShape(b.shape)}${factor} differ, ${a.shape[axes[0]]} and ${b.shape[axes[1]]! * groups}; they must agree.`,
    );
  }
}

/** Throws ShapeError unless the groups divide the channels and the filters. */
export function checkGroups(groups: number, channels: number, filters: number, where: string): void {
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0 || filters % groups !== 0) {
    throw new ShapeError(`${where}: groups must be a whole number that divides ${channels} channels and ${filters} filters, got ${groups}.`);
  }
}
