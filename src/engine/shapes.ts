// The public functions that move, cut, repeat and stretch tensors, over tensors. Most are views: nothing is copied until a kernel needs elements in a row.
import { ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { depthToSpace as depthToSpaceOp } from "../ops/depthToSpace.js";
import { diag as diagOp } from "../ops/diag.js";
import { diagEmbed as diagEmbedOp } from "../ops/diagEmbed.js";
import { diagonal as diagonalOp } from "../ops/diagonal.js";
import { flip as flipOp } from "../ops/flip.js";
import { gather as gatherOp } from "../ops/gather.js";
import { meshgrid as meshgridOp } from "../ops/meshgrid.js";
import { moveAxis as moveAxisOp } from "../ops/moveAxis.js";
import { pad as padOp } from "../ops/pad.js";
import { padMode as padModeOp, type PadMode } from "../ops/padMode.js";
import { repeat as repeatOp } from "../ops/repeat.js";
import { resize as resizeOp, type ResizeAttrs } from "../ops/resize.js";
import { resizeBicubic as resizeBicubicOp } from "../ops/resizeBicubic.js";
import { roll as rollOp } from "../ops/roll.js";
import { spaceToDepth as spaceToDepthOp } from "../ops/spaceToDepth.js";
import { split as splitOp } from "../ops/split.js";
import { stridedSlice as stridedSliceOp, type StridedSliceAttrs } from "../ops/stridedSlice.js";
import { swapAxes as swapAxesOp } from "../ops/swapAxes.js";
import { tile as tileOp } from "../ops/tile.js";
import { trace as traceOp } from "../ops/trace.js";
import { tril as trilOp } from "../ops/tril.js";
import { triu as triuOp } from "../ops/triu.js";
import { unstack as unstackOp } from "../ops/unstack.js";
import { Tensor, tensor, tensorOf, valueOf, type Axes, type TensorLike } from "./tensor.js";

/** Elements before and behind each axis. */
export type Padding = readonly (readonly [before: number, after: number])[];

/**
 * A part of x: by text as NumPy writes it, slice(x, "10:100, :, 7:-7"), with steps, negative indices, "..." and newaxis; or from `begin`, `size` elements
 * (−1: to the end) along each axis. A view.
 *
 * Throws ShapeError for text that is no slice and for a box that does not lie inside x.
 */
export function slice(x: TensorLike, begin: string | number | readonly number[], size?: number | readonly number[]): Tensor {
  return tensorOf(x).slice(begin, size);
}

/** x[begin : end : stride] along each leading axis, as Python: ends are clipped, null is open, strides may be negative. A view. Throws ShapeError for a stride of 0. */
export function stridedSlice(x: TensorLike, begin: StridedSliceAttrs["begin"], end: NonNullable<StridedSliceAttrs["end"]>, strides?: StridedSliceAttrs["strides"]): Tensor {
  return new Tensor(stridedSliceOp(valueOf(x), { begin, end, ...(strides && { strides }) }));
}

/** x backwards along `axes`, all when absent. A view. Throws ShapeError for an axis out of range. */
export function flip(x: TensorLike, axes?: Axes): Tensor {
  return new Tensor(flipOp(valueOf(x), axes === undefined ? {} : { axes }));
}

/** x moved along axes, what leaves at the end comes in at the front; the flattened x when there are no axes. */
export function roll(x: TensorLike, shift: number | readonly number[], axes?: Axes): Tensor {
  return new Tensor(rollOp(valueOf(x), { shift, ...(axes !== undefined && { axes }) }));
}

/** x with two axes exchanged. A view. */
export function swapAxes(x: TensorLike, a: number, b: number): Tensor {
  return new Tensor(swapAxesOp(valueOf(x), { a, b }));
}

/** x with axis `from` at place `to`; lists move axis by axis. A view. */
export function moveAxis(x: TensorLike, from: Axes, to: Axes): Tensor {
  return new Tensor(moveAxisOp(valueOf(x), { from, to }));
}

/** The parts of x along `axis`: so many equal ones, or ones of these sizes (one may be −1). Views. Throws ShapeError when the axis cannot be cut so. */
export function split(x: TensorLike, parts: number | readonly number[], axis = 0): Tensor[] {
  return splitOp(valueOf(x), { parts, axis }).map((value) => new Tensor(value));
}

/** The slices of x along `axis`, which goes. Views. */
export function unstack(x: TensorLike, axis = 0): Tensor[] {
  return unstackOp(valueOf(x), { axis }).map((value) => new Tensor(value));
}

/** x as a whole, reps[i] times along axis i. */
export function tile(x: TensorLike, reps: number | readonly number[]): Tensor {
  return new Tensor(tileOp(valueOf(x), { reps: typeof reps === "number" ? [reps] : reps }));
}

/** Every slice of x along `axis` (every element of the flattened x when absent) so many times in a row; a list gives each slice its own number. */
export function repeat(x: TensorLike, times: number | readonly number[], axis?: number): Tensor {
  const value = valueOf(x);
  if (typeof times === "number") return new Tensor(repeatOp(value, { times, ...(axis !== undefined && { axis }) }));
  const flat = axis === undefined ? tensorOf(x).reshape([-1]) : tensorOf(x);
  const along = axis ?? 0;
  if (times.length !== flat.shape.at(along)) {
    throw new ValueError(`repeat: expected ${flat.shape.at(along)} numbers, one a slice along axis ${along}, got ${times.length}.`);
  }
  const indices = times.flatMap((n, i) => new Array<number>(n).fill(i));
  return new Tensor(gatherOp(flat.value, tensor(Int32Array.from(indices)).value, { axis: along }));
}

/**
 * x with a border: of a number (0), or made of x itself: "reflect" (the edge once), "symmetric" (the edge twice), "edge", "wrap".
 *
 * padding: [before, after] for each axis   Throws ShapeError for a padding that does not fit.
 */
export function pad(x: TensorLike, padding: Padding, valueOrMode: number | PadMode = 0): Tensor {
  const value = valueOf(x);
  return new Tensor(typeof valueOrMode === "string" ? padModeOp(value, { padding, mode: valueOrMode }) : padOp(value, { padding, value: valueOrMode }));
}

/** Matrices with 0 above the diagonal number `diagonal` (0: the main one, negative: below). */
export function tril(x: TensorLike, diagonal = 0): Tensor {
  return new Tensor(trilOp(valueOf(x), { diagonal }));
}

/** Matrices with 0 below the diagonal number `diagonal` (0: the main one, positive: above). */
export function triu(x: TensorLike, diagonal = 0): Tensor {
  return new Tensor(triuOp(valueOf(x), { diagonal }));
}

/** A vector as the diagonal of a matrix, or the diagonal of a matrix. */
export function diag(x: TensorLike, offset = 0): Tensor {
  return new Tensor(diagOp(valueOf(x), { offset }));
}

/** Diagonals of the matrices over two axes, the last two when absent, as the last axis. A view. */
export function diagonal(x: TensorLike, options: { readonly offset?: number; readonly axis1?: number; readonly axis2?: number } = {}): Tensor {
  return new Tensor(diagonalOp(valueOf(x), options));
}

/** Vectors along the last axis as diagonals of matrices that are 0 elsewhere. */
export function diagEmbed(x: TensorLike, offset = 0): Tensor {
  return new Tensor(diagEmbedOp(valueOf(x), { offset }));
}

/** The sums of the diagonals of matrices. */
export function trace(x: TensorLike, offset = 0): Tensor {
  return new Tensor(traceOp(valueOf(x), { offset }));
}

/** Coordinates of a grid: meshgrid(x, y, …, { indexing: "xy" | "ij" }) repeats each vector along the axes of the others. Views. */
export function meshgrid(...given: readonly (TensorLike | { readonly indexing?: "xy" | "ij" })[]): Tensor[] {
  const last = given.at(-1);
  const options = isOptions(last) ? last : undefined;
  const vectors = (options ? given.slice(0, -1) : given) as readonly TensorLike[];
  return meshgridOp(vectors.map((x) => valueOf(x)), options).map((value) => new Tensor(value));
}

function isOptions(x: unknown): x is { readonly indexing?: "xy" | "ij" } {
  return typeof x === "object" && x !== null && !(x instanceof Tensor) && !Array.isArray(x) && !ArrayBuffer.isView(x);
}

/** [n, h, w, b·b·c] as [n, h·b, w·b, c]. */
export function depthToSpace(x: TensorLike, blockSize: number): Tensor {
  return new Tensor(depthToSpaceOp(valueOf(x), { blockSize }));
}

/** [n, h·b, w·b, c] as [n, h, w, b·b·c]. */
export function spaceToDepth(x: TensorLike, blockSize: number): Tensor {
  return new Tensor(spaceToDepthOp(valueOf(x), { blockSize }));
}

/** How pixels of the old and the new size correspond: i · old / new when both are absent. */
export type ResizeOptions = Pick<ResizeAttrs, "alignCorners" | "halfPixelCenters">;

/** Images [n, h, w, c] in another [height, width], linearly between four pixels. float32. Throws ShapeError for another rank. */
export function resizeBilinear(x: TensorLike, size: Shape, options: ResizeOptions = {}): Tensor {
  return new Tensor(resizeOp(valueOf(x), { ...options, size: size as readonly [number, number], method: "bilinear" }));
}

/** Images [n, h, w, c] in another [height, width], by cubic curves through sixteen pixels whose centres are compared. float32. Throws ShapeError for another rank. */
export function resizeBicubic(x: TensorLike, size: Shape): Tensor {
  return new Tensor(resizeBicubicOp(valueOf(x), { size: size as readonly [number, number] }));
}

/** Images [n, h, w, c] in another [height, width], by the nearest pixel. float32. Throws ShapeError for another rank. */
export function resizeNearest(x: TensorLike, size: Shape, options: ResizeOptions = {}): Tensor {
  return new Tensor(resizeOp(valueOf(x), { ...options, size: size as readonly [number, number], method: "nearest" }));
}
