// overlapAdd: a signal from windows that overlap: where they do, they add up. The gradient of frame.
import { ShapeError } from "../base/errors.js";
import { showShape, sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { expandDims } from "./expandDims.js";
import { broadcastTo } from "./broadcastTo.js";
import { iota } from "./iota.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { scatterAlong } from "./scatterAlongAxis.js";

/** Windows [..., windows, length], each `hop` behind the one before, added into [..., n]; n is just enough when absent. Throws ShapeError when they do not fit. */
export function overlapAdd(x: Value, { hop, n }: { hop: number; n?: number }): Value {
  const [count, length] = x.shape.slice(-2) as [number, number];
  const size = n ?? Math.max(0, (count - 1) * hop + length);
  if (x.shape.length < 2 || !Number.isInteger(hop) || hop < 1 || (count > 0 && (count - 1) * hop + length > size)) {
    throw new ShapeError(`overlapAdd: windows ${showShape(x.shape)}, ${hop} apart, do not fit ${size} elements.`);
  }
  const places = add(expandDims(mul(iota({ n: count }), constant(hop, "int32")), { axes: 1 }), iota({ n: length }));
  const rows = sizeOf(x.shape.slice(0, -2));
  const indices = broadcastTo(reshape(places, { shape: [1, -1] }), { shape: [rows, count * length] });
  const added = scatterAlong([indices, reshape(x, { shape: [rows, count * length] })], { axis: 1, size, mode: "add" });
  return reshape(added, { shape: [...x.shape.slice(0, -2), size] });
}
