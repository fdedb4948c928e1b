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

/** Bytes for f32_lane_conv2d: bias, filter panels, two rows to be pooled. */
export function laneConv2dWorkspace({ c, kh, kw, o, ow }: Conv2dSizes, pooled: boolean): number {
  return 16 + 4 * (roundUp(o, 4) + kh * kw * c * blockChannels(o)) + (pooled ? 2 * ow * o * 4 * LANES : 0);
}

/** Bytes for f32_lane_conv2d_grad_input: zeros, filter panels. */
export function laneGradInputWorkspace({ c, kh, kw, o }: Conv2dSizes): number {
  return 4 * (roundUp(c, 4) + kh * kw * o * blockChannels(c));
}

/** Bytes for f32_lane_conv2d_grad_filter: masks, sums, a group with zeros around it where the filter reaches over its border. */
export function laneGradFilterWorkspace({ h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft }: Conv2dSizes): number {
  const [height, width] = [(oh - 1) * strideH + kh, (ow - 1) * strideW + kw];
  const padded = padTop > 0 || padLeft > 0 || height > h || width > w;
  return 32 + 16 * roundUp(kh * kw * c, 2) * blockChannels(o) + (padded ? 4 * LANES * height * width * c : 0);
}

/** Channels of the kernels' blocks of four and three; five are two blocks of three. The same rule as in assembly/lane.tile.ts. */
function blockChannels(channels: number): number {
  return channels === 5 ? 6 : channels;
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}
