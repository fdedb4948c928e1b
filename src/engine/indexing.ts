// The public functions that pick, place, sort and count by index, over tensors. Those whose shape depends on values stand in border.ts.
// An index out of range is a ValueError, with its position, when the result is looked at.
import { ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { argsort as argsortOp, type SortAttrs } from "../ops/argsort.js";
import { batchGather } from "../ops/batchGather.js";
import { bincount as bincountOp } from "../ops/bincount.js";
import { gatherNd as gatherNdOp } from "../ops/gatherNd.js";
import { histogram as histogramOp } from "../ops/histogram.js";
import { scatterAlongAxis as scatterAlongAxisOp } from "../ops/scatterAlongAxis.js";
import { scatterNd as scatterNdOp } from "../ops/scatterNd.js";
import { searchsorted as searchsortedOp } from "../ops/searchsorted.js";
import { segmentSum as segmentSumOp } from "../ops/segmentSum.js";
import { sort as sortOp } from "../ops/sort.js";
import { takeAlongAxis as takeAlongAxisOp } from "../ops/takeAlongAxis.js";
import { topK as topKOp } from "../ops/topK.js";
import { moveAxis } from "../ops/moveAxis.js";
import { expandDims } from "../ops/expandDims.js";
import { Tensor, valueOf, type TensorLike } from "./tensor.js";

/** Options of gather(). */
export interface GatherOptions {
  /** Axis to pick along; the first behind the batch when absent. */
  readonly axis?: number;
  /** Leading axes that table and indices share. */
  readonly batchDims?: number;
}

/** Slices of x along an axis at integer indices of any shape. */
export function gather(x: TensorLike, indices: TensorLike, axisOrOptions: number | GatherOptions = {}): Tensor {
  return new Tensor(batchGather(valueOf(x), valueOf(indices, "int32"), typeof axisOrOptions === "number" ? { axis: axisOrOptions } : axisOrOptions));
}

/** Elements or rows of x at indices [..., depth] of several axes. */
export function gatherNd(x: TensorLike, indices: TensorLike): Tensor {
  return new Tensor(gatherNdOp(valueOf(x), valueOf(indices, "int32")));
}

/** out[..., k, ...] = x[..., indices[..., k, ...], ...] along `axis`; the other axes broadcast. */
export function takeAlongAxis(x: TensorLike, indices: TensorLike, axis = -1): Tensor {
  return new Tensor(takeAlongAxisOp(valueOf(x), valueOf(indices, "int32"), { axis }));
}

/** x with `updates` in place of its elements at `indices` along `axis`; of equal indices the last stays. Other axes of indices and updates broadcast. */
export function putAlongAxis(x: TensorLike, indices: TensorLike, updates: TensorLike, axis = -1): Tensor {
  return along(x, indices, updates, axis, "update");
}

/** x with `updates` added to its elements at `indices` along `axis`; equal indices add up, in order. Other axes of indices and updates broadcast. */
export function scatterAddAlongAxis(x: TensorLike, indices: TensorLike, updates: TensorLike, axis = -1): Tensor {
  return along(x, indices, updates, axis, "add");
}

function along(x: TensorLike, indices: TensorLike, updates: TensorLike, axis: number, mode: "add" | "update"): Tensor {
  const value = valueOf(x);
  return new Tensor(scatterAlongAxisOp(value, valueOf(indices, "int32"), valueOf(updates, value.dtype), { axis, mode }));
}

/** x with slices of `updates` added at a vector of `indices` along `axis`; equal indices add up, in order. The opposite of gather. */
export function scatterAdd(x: TensorLike, indices: TensorLike, updates: TensorLike, axis = 0): Tensor {
  const front = moveAxis(valueOf(x), { from: axis, to: 0 });
  const rows = moveAxis(valueOf(updates, front.dtype), { from: axis, to: 0 });
  const sum = scatterNdOp(expandDims(valueOf(indices, "int32"), { axes: -1 }), rows, { shape: front.shape, base: front });
  return new Tensor(moveAxis(sum, { from: 0, to: axis }));
}

/** A tensor of `shape` that is 0 but for rows of `updates` at `indices` [..., depth]; equal indices add up, in order. */
export function scatterNd(indices: TensorLike, updates: TensorLike, shape: Shape): Tensor {
  return new Tensor(scatterNdOp(valueOf(indices, "int32"), valueOf(updates), { shape }));
}

/** x with rows of `updates` in place of those at `indices` [..., depth]; of equal indices the last stays. */
export function tensorScatterUpdate(x: TensorLike, indices: TensorLike, updates: TensorLike): Tensor {
  const base = valueOf(x);
  return new Tensor(scatterNdOp(valueOf(indices, "int32"), valueOf(updates, base.dtype), { shape: base.shape, base, mode: "update" }));
}

/** x with rows of `updates` added to those at `indices` [..., depth]; equal indices add up, in order. */
export function tensorScatterAdd(x: TensorLike, indices: TensorLike, updates: TensorLike): Tensor {
  const base = valueOf(x);
  return new Tensor(scatterNdOp(valueOf(indices, "int32"), valueOf(updates, base.dtype), { shape: base.shape, base }));
}

/** Sums of the rows of x with one segment number, sorted or not; `count` segments. */
export function segmentSum(x: TensorLike, segments: TensorLike, count: number): Tensor {
  return new Tensor(segmentSumOp(valueOf(x), valueOf(segments, "int32"), { count }));
}

/** x in order along an axis, the last when absent; stable, NaN last either way. Gradients go back where elements came from. */
export function sort(x: TensorLike, axisOrOptions: number | SortAttrs = {}): Tensor {
  return new Tensor(sortOp(valueOf(x), typeof axisOrOptions === "number" ? { axis: axisOrOptions } : axisOrOptions));
}

/** int32 indices that sort x along an axis, the last when absent. */
export function argsort(x: TensorLike, axisOrOptions: number | SortAttrs = {}): Tensor {
  return new Tensor(argsortOp(valueOf(x), typeof axisOrOptions === "number" ? { axis: axisOrOptions } : axisOrOptions));
}

/** Options of topK(). */
export interface TopKOptions {
  /** The last when absent. */
  readonly axis?: number;
  /** false: the smallest, in rising order. */
  readonly largest?: boolean;
}

/** The k largest elements along an axis, the largest first, and their indices; of equal ones the first. Throws ShapeError when there are fewer than k. */
export function topK(x: TensorLike, k: number, options: TopKOptions = {}): { values: Tensor; indices: Tensor } {
  const [values, indices] = topKOp(valueOf(x), { ...options, k });
  return { values: new Tensor(values), indices: new Tensor(indices) };
}

/** How many elements of a sorted vector (or of rows with the same axes in front) are below each value, or not above it (side "right"). int32. */
export function searchsorted(sorted: TensorLike, values: TensorLike, side: "left" | "right" = "left"): Tensor {
  const line = valueOf(sorted);
  return new Tensor(searchsortedOp(line, valueOf(values, line.dtype), { side }));
}

/** How often each of the numbers 0 … size − 1 occurs in x (int32), or the sums of their weights (float32). */
export function bincount(x: TensorLike, size: number, weights?: TensorLike): Tensor {
  return new Tensor(bincountOp(valueOf(x, "int32"), { size, ...(weights !== undefined && { weights: valueOf(weights) }) }));
}

/** int32 counts of x in `bins` equal bins over a range [min, max], the last bin closed; what is outside, and NaN, is not counted. */
export function histogram(x: TensorLike, bins: number, range: readonly [min: number, max: number]): Tensor {
  if (!Array.isArray(range) || range.length !== 2) throw new ValueError(`histogram: expected a range [min, max], got ${String(range)}.`);
  return new Tensor(histogramOp(valueOf(x), { bins, min: range[0] as number, max: range[1] as number }));
}
