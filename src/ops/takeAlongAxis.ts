// takeAlongAxis: an element for every index, picked along one axis.
import { ShapeError } from "../base/errors.js";
import { broadcastShapes, normalizeAxis, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { fourBytes } from "./cast.js";
import { integers } from "./indices.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type Op } from "./op.js";
import { scatterAlong } from "./scatterAlongAxis.js";

const takeOp: Op<[x: Value, indices: Value], { axis: number }> = op({
  name: "takeAlongAxis",
  shape: ([x, indices]) => ({ shape: indices.shape, dtype: x.dtype }),
  vjp: (dy, _y, [x, indices], { axis }) => [scatterAlong([indices, dy], { axis, size: x.shape[axis]!, mode: "add" }), null],
  lower: ([out], [x, indices], { axis }) => ({
    kernel: "take_along",
    words: [
      at(out), at(x), at(indices), sizeOf(x.shape.slice(0, axis)), x.shape[axis]!, indices.shape[axis]!, sizeOf(x.shape.slice(axis + 1)),
      STATUS_ADDRESS, STEP_INDEX,
    ],
  }),
  fails: true,
  heavy: true,
});

/**
 * out[..., k, ...] = x[..., indices[..., k, ...], ...] along `axis`, as NumPy's take_along_axis. An index out of range gives 0 and the status "index out
 * of range".
 *
 * x, indices: of one rank; their other axes broadcast   returns the shape of indices, broadcast
 * Throws ShapeError when ranks differ or shapes do not broadcast, DTypeError for indices that are no integers.
 */
export function takeAlongAxis(x: Value, indices: Value, { axis = -1 }: { axis?: number } = {}): Value {
  const list = integers(indices, "takeAlongAxis");
  const along = normalizeAxis(axis, x.shape.length, "takeAlongAxis");
  const [full, picks] = alongAxis(fourBytes(x), list, along, "takeAlongAxis");
  return takeOp(full, picks, { axis: along });
}

/** Both with their other axes broadcast against each other. */
export function alongAxis(x: Value, indices: Value, axis: number, where: string): [x: Value, indices: Value] {
  if (x.shape.length !== indices.shape.length) {
    throw new ShapeError(`${where}: x ${showShape(x.shape)} and indices ${showShape(indices.shape)} must have as many axes as each other.`);
  }
  const others = (value: Value): number[] => value.shape.map((dim, i) => (i === axis ? 1 : dim));
  const common = broadcastShapes(others(x), others(indices), where);
  const [full, picks] = [x, indices].map((value) => broadcastTo(value, { shape: common.map((dim, i) => (i === axis ? value.shape[axis]! : dim)) }));
  return [full!, picks!];
}
