// squeeze: drops axes of size 1, a reshape.
import { ShapeError } from "../base/errors.js";
import { normalizeAxes, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { reshape } from "./reshape.js";

/** x without `axes`; without every axis of size 1 when absent. Throws ShapeError when one of `axes` has another size. */
export function squeeze(x: Value, { axes }: { axes?: number | readonly number[] } = {}): Value {
  const dropped = axes === undefined ? x.shape.flatMap((dim, i) => (dim === 1 ? [i] : [])) : normalizeAxes(axes, x.shape.length, "squeeze");
  const thick = dropped.find((axis) => x.shape[axis] !== 1);
  if (thick !== undefined) throw new ShapeError(`squeeze: axis ${thick} of ${showShape(x.shape)} has size ${x.shape[thick]}, expected 1.`);
  return reshape(x, { shape: x.shape.filter((_, i) => !dropped.includes(i)) });
}
