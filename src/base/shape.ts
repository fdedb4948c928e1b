// Shapes: sizes, strides, broadcasting and axes. Pure arithmetic; knows no tensors.
import { ShapeError } from "./errors.js";

/** Sizes of the axes, from the outermost to the innermost; [] for a single number. */
export type Shape = readonly number[];

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Prints a shape as NumPy does, in brackets: [32, 784]. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape two operands broadcast to: axes are added in front, then sizes must be equal or 1.
 * Throws ShapeError, which names `where` and both shapes.
 */
export function broadcastShapes(a: Shape, b: Shape, where: string): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${where}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast: axis ${i - rank} has sizes ${m} and ${n}, which must be equal or 1.`,
      );
    }
    out[i] = m === 1 ? n : m;
  }
  return out;
}

/** Strides that read `from` as if it had the shape `to`: 0 along every axis that is repeated. */
export function broadcastStrides(from: Shape, strides: readonly number[], to: Shape): number[] {
  const lead = to.length - from.length;
  return to.map((dim, i) => (i < lead || (from[i - lead] === 1 && dim !== 1) ? 0 : strides[i - lead]!));
}

/** An axis counted from the front; negative axes count from the end. */
export function normalizeAxis(axis: number, rank: number, where: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(`${where}: axis ${axis} is out of range for rank ${rank}; expected an integer in [${-rank}, ${rank - 1}].`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Sorted distinct axes; all axes when none are given. */
export function normalizeAxes(axes: number | readonly number[] | undefined | null, rank: number, where: string): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(axis, rank, where));
  return [...new Set(list)].sort((a, b) => a - b);
}

/** Shape after reducing `axes` (normalized). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  return shape.filter((_, i) => !axes.includes(i));
}
