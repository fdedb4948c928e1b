// What conv2d and its two gradients share: sizes, checks and the words of their kernels.
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import type { Conv2dSizes } from "../program/workspace.js";
import type { LoweredWord } from "./op.js";
import { windowOutput, type Pair, type Window } from "./window.js";

/** Sizes from the shapes of image [N, H, W, C] and filter [KH, KW, C, O]. Throws ShapeError when the filter does not fit. */
export function convSizes(x: Shape, filter: Shape, window: Window, where: string): Conv2dSizes {
  const [n, h, w, c] = x as readonly [number, number, number, number];
  const [kh, kw, , o] = filter as readonly [number, number, number, number];
  const [oh, ow] = windowOutput(window, [h, w], [kh, kw], where);
  const [[strideH, strideW], [dilationH, dilationW]] = [window.strides, window.dilations];
  const [[padTop], [padLeft]] = window.padding;
  return { n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW };
}

/** Words 5 to 19 of the three kernels. */
export function convWords(s: Conv2dSizes): LoweredWord[] {
  return [
    s.n, s.h, s.w, s.c, s.kh, s.kw, s.o, s.oh, s.ow,
    s.strideH, s.strideW, s.padTop, s.padLeft, s.dilationH, s.dilationW,
  ];
}

export function convFlops({ n, c, kh, kw, o, oh, ow }: Conv2dSizes): number {
  return 2 * n * oh * ow * kh * kw * c * o;
}

/** Throws DTypeError or ShapeError unless both are float32 of rank 4 and `axes` of the two hold equal sizes. */
export function checkConvOperands(a: TensorType, b: TensorType, axes: Pair, where: string): void {
  for (const operand of [a, b]) {
    if (operand.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${operand.dtype}. Cast first.`);
    if (operand.shape.length !== 4) {
      throw new ShapeError(`${where}: operands need rank 4 ([N, H, W, C] images, [KH, KW, C, O] filters), got ${showShape(operand.shape)}. Use expandDims?`);
    }
  }
  if (a.shape[axes[0]] !== b.shape[axes[1]]) {
    throw new ShapeError(
      `${where}: axis ${axes[0]} of ${showShape(a.shape)} and axis ${axes[1]} of ${showShape(b.shape)} differ, ${a.shape[axes[0]]} and ${b.shape[axes[1]]}; they must agree.`,
    );
  }
}
