// expandDims: new axes of size 1, a reshape.
import { normalizeAxes } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { reshape } from "./reshape.js";

/** x with an axis of size 1 at each of `axes`, counted in the result. Throws ShapeError when one is out of range. */
export function expandDims(x: Value, { axes }: { axes: number | readonly number[] }): Value {
  const count = typeof axes === "number" ? 1 : axes.length;
  const added = normalizeAxes(axes, x.shape.length + count, "expandDims");
  const shape = [...x.shape];
  for (const axis of added) shape.splice(axis, 0, 1);
  return reshape(x, { shape });
}
