// batchGather: gather with leading axes that table and indices share: every batch picks from its own table.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { gather } from "./gather.js";
import { gatherNd } from "./gatherNd.js";
import { integers } from "./indices.js";
import { iota } from "./iota.js";
import { moveAxis } from "./moveAxis.js";
import { reshape } from "./reshape.js";
import { stack } from "./stack.js";

/**
 * The slices of `table` along `axis` at `indices`; the first `batchDims` axes of both are the same and pick from each other only.
 *
 * table: [...batch, ..., n, ...]   indices: [...batch, ...picks]   returns table's shape with n replaced by picks
 * Throws ShapeError when the batches differ or the axis is one of them.
 */
export function batchGather(table: Value, indices: Value, { axis, batchDims = 0 }: { axis?: number; batchDims?: number } = {}): Value {
  const rank = table.shape.length;
  if (!Number.isInteger(batchDims) || batchDims < 0 || batchDims > Math.min(rank - 1, indices.shape.length)) {
    throw new ShapeError(`gather: batchDims ${batchDims} does not fit table ${showShape(table.shape)} and indices ${showShape(indices.shape)}.`);
  }
  const along = normalizeAxis(axis ?? batchDims, rank, "gather");
  if (batchDims === 0) return gather(table, indices, { axis: along });
  const batch = table.shape.slice(0, batchDims);
  if (along < batchDims || !sameShape(indices.shape.slice(0, batchDims), batch)) {
    throw new ShapeError(`gather: with batchDims ${batchDims}, table ${showShape(table.shape)} and indices ${showShape(indices.shape)} must begin alike, and axis ${along} be behind.`);
  }
  const list = integers(indices, "gather");
  const places = batch.map((n, i) => broadcastTo(reshape(iota({ n }), { shape: list.shape.map((_, axis) => (axis === i ? n : 1)) }), { shape: list.shape }));
  const picked = gatherNd(moveAxis(table, { from: along, to: batchDims }), stack([...places, list], { axis: -1 }));
  // The picks' axes come right behind the batch; those that stood before `axis` go back in front of them.
  const between = Array.from({ length: along - batchDims }, (_, i) => list.shape.length + i);
  return moveAxis(picked, { from: between, to: between.map((_, i) => batchDims + i) });
}
