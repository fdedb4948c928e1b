// What depthwiseConv2d and its two gradients share: checks, sizes and the words of their kernels. Filters here are [KH, KW, C, 1].
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import type { LoweredWord } from "./op.js";
import { windowOutput, type Pair, type Window } from "./window.js";

/** The result's shape. Throws ShapeError when the filter does not fit the image. */
export function depthwiseOutput(x: Shape, [kh, kw]: Pair, window: Window, where: string): Shape {
  const [n, h, w, c] = x as readonly [number, number, number, number];
  return [n, ...windowOutput(window, [h, w], [kh, kw], where), c];
}

/**
 * Words 5 to 20 of the kernels, from the shapes of what is read and what is written. forward: each output sees a window of x; else x's place in dy's
 * windows is asked for, which is the window turned round and dy spread out by the strides.
 */
export function depthwiseWords(x: Shape, [kh, kw]: Pair, out: Shape, { strides, padding, dilations }: Window, forward: boolean): LoweredWord[] {
  const [[top], [left]] = padding;
  const window = forward ? [...strides, 1, 1, top, left, ...dilations] : [1, 1, ...strides, -top, -left, -dilations[0], -dilations[1]];
  return [...x, kh, kw, out[1]!, out[2]!, ...window];
}

/** Throws DTypeError or ShapeError unless x is float32 [N, H, W, C] and w float32 [KH, KW, C, M]. */
export function checkDepthwise(x: TensorType, w: TensorType, where: string): void {
  for (const { dtype } of [x, w]) if (dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${dtype}. Cast first.`);
  if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[3] !== w.shape[2]) {
    throw new ShapeError(`${where}: expected images [N, H, W, C] and filters [KH, KW, C, multiplier], got ${showShape(x.shape)} and ${showShape(w.shape)}.`);
  }
}

/** Bytes of the kernel's list of taps. */
export function tapBytes([kh, kw]: Pair): number {
  return 8 * kh * kw;
}

/** Multiply-adds are two. out: the result of the forward sum. */
export function depthwiseFlops(out: Shape, [kh, kw]: Pair): number {
  return out.reduce((size, dim) => size * dim, 2 * kh * kw);
}
