// What the pools and their gradients share: attributes, sizes and the words of their kernels.
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import type { TensorType } from "../graph/value.js";
import type { LoweredWord } from "./op.js";
import { pair, resolveWindow, windowOutput, type Pair, type Window, type WindowAttrs } from "./window.js";

export interface PoolAttrs extends Omit<WindowAttrs, "dilations"> {
  /** Pixels of a window, [height, width] or one number for both. */
  readonly poolSize: number | Pair;
}

/** PoolAttrs, checked and in full. */
export interface Pool extends Window {
  readonly poolSize: Pair;
}

/** The pool over x; windows lie side by side when no strides are given. Throws ShapeError or ValueError when it cannot be. */
export function resolvePool(x: TensorType, { poolSize, strides = poolSize, padding }: PoolAttrs, where: string): Pool {
  if (x.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${x.dtype}. Cast first.`);
  if (x.shape.length !== 4) throw new ShapeError(`${where}: images must be [N, H, W, C], got ${showShape(x.shape)}.`);
  const size = pair(poolSize);
  const window = resolveWindow({ strides, padding }, [x.shape[1]!, x.shape[2]!], size, where);
  // A window that lies in the padding altogether would have no maximum and no average.
  if (window.padding.some((sides, axis) => sides.some((n) => n >= size[axis]!))) {
    throw new ValueError(`${where}: padding must be smaller than the window [${size.join(", ")}], got ${JSON.stringify(window.padding)}.`);
  }
  return { ...window, poolSize: size };
}

export function poolOutput(x: Shape, pool: Pool, where: string): Shape {
  const [n, h, w, c] = x as readonly [number, number, number, number];
  return [n, ...windowOutput(pool, [h, w], pool.poolSize, where), c];
}

/** N, H, W, C … padLeft: what the four kernels' words end with. x and y are the shapes before and after pooling. */
export function poolWords(x: Shape, y: Shape, { poolSize, strides, padding }: Pool): LoweredWord[] {
  return [...x, ...poolSize, y[1]!, y[2]!, ...strides, padding[0][0], padding[1][0]];
}

export function poolFlops(y: TensorType, { poolSize }: Pool): number {
  return y.shape.reduce((size, dim) => size * dim, poolSize[0] * poolSize[1]);
}
