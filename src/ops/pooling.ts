// What the pools and their gradients share: attributes, sizes and the words of their kernels.
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import type { DataFormat } from "./dataFormat.js";
import type { LoweredWord, Lowering } from "./op.js";
import { pair, resolveWindow, windowOutput, type Pair, type Window, type WindowAttrs } from "./window.js";

export interface PoolAttrs extends WindowAttrs {
  /** Pixels of a window, [height, width] or one number for both. */
  readonly poolSize: number | Pair;
  /** A window that hangs over the end counts too, as long as it begins in the image or the padding before it. */
  readonly ceilMode?: boolean;
  /** "channelsLast" or "NHWC" (default), "channelsFirst" or "NCHW". */
  readonly dataFormat?: DataFormat;
}

export interface AveragePoolAttrs extends PoolAttrs {
  /** Whether pixels of the padding count, as zeros; no when absent. */
  readonly countIncludePad?: boolean;
}

/** PoolAttrs, checked and in full. */
export interface Pool extends Window {
  readonly poolSize: Pair;
  readonly outputSize: Pair;
}

export interface AveragePool extends Pool {
  readonly countIncludePad: boolean;
}

/** The pool over x; windows lie side by side when no strides are given. Throws ShapeError or ValueError when it cannot be. */
export function resolvePool(x: TensorType, { poolSize, strides = poolSize, ceilMode = false, ...attrs }: PoolAttrs, where: string): Pool {
  if (x.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${x.dtype}. Cast first.`);
  if (x.shape.length !== 4) throw new ShapeError(`${where}: images must be [N, H, W, C], got ${showShape(x.shape)}.`);
  const size = pair(poolSize);
  const input: Pair = [x.shape[1]!, x.shape[2]!];
  const window = resolveWindow({ strides, padding: attrs.padding, dilations: attrs.dilations }, input, size, where);
  const extent = size.map((n, axis) => (n - 1) * window.dilations[axis]! + 1);
  // A window that lies in the padding altogether would have no maximum and no average.
  if (window.padding.some((sides, axis) => sides.some((n) => n >= extent[axis]!))) {
    throw new ValueError(`${where}: padding must be smaller than the window [${extent.join(", ")}], got ${JSON.stringify(window.padding)}.`);
  }
  const whole = windowOutput(window, input, size, where);
  const outputSize = ceilMode ? (whole.map((n, axis) => n + overhangs(window, input[axis]!, extent[axis]!, n, axis)) as [number, number]) : whole;
  return { strides: window.strides, padding: window.padding, dilations: window.dilations, poolSize: size, outputSize };
}

/** 1 if one more window than `count` begins inside and is needed to see all pixels, as PyTorch counts with ceil_mode; else 0. */
function overhangs({ strides, padding }: Window, input: number, extent: number, count: number, axis: number): number {
  const [before, after] = padding[axis]!;
  const leavesRest = (count - 1) * strides[axis]! + extent < input + before + after;
  return leavesRest && count * strides[axis]! < input + before ? 1 : 0;
}

export function poolOutput(x: Shape, { outputSize }: Pool): Shape {
  return [x[0]!, ...outputSize, x[3]!];
}

/** N, H, W, C … dilationW: what the kernels' words go on with. x and y are the shapes before and after pooling. */
export function poolWords(x: Shape, y: Shape, { poolSize, strides, padding, dilations }: Pool): LoweredWord[] {
  return [...x, ...poolSize, y[1]!, y[2]!, ...strides, padding[0][0], padding[1][0], ...dilations];
}

/** What those of averages end with. */
export function averageWords({ countIncludePad, padding }: AveragePool): LoweredWord[] {
  return [countIncludePad ? 1 : 0, padding[0][1], padding[1][1]];
}

/** A split by rows of y, the smaller image; x is read anywhere. */
export function splitByPooledRows(y: Shape, inputs: number): NonNullable<Lowering["split"]> {
  return { units: y[0]! * y[1]!, outputs: [4 * sizeOf(y.slice(2))], inputs: new Array<null>(inputs).fill(null) };
}

/** A split by images: the large ones, and the small one. */
export function splitByImages(x: Shape, y: Shape, inputs: readonly ("large" | "small")[]): NonNullable<Lowering["split"]> {
  const bytes = { large: 4 * sizeOf(x.slice(1)), small: 4 * sizeOf(y.slice(1)) };
  return { units: x[0]!, outputs: [bytes.large], inputs: inputs.map((size) => bytes[size]) };
}

export function poolFlops(y: TensorType, { poolSize }: Pool): number {
  return y.shape.reduce((size, dim) => size * dim, poolSize[0] * poolSize[1]);
}
