// flip: the elements in the opposite order along axes. A view: strides are negated, nothing is copied.
import { normalizeAxes, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { like, op, type Op } from "./op.js";

const flipOp: Op<[x: Value], { axes: readonly number[] }> = op({
  name: "flip",
  shape: ([x]) => like(x),
  vjp: (dy, _y, _x, { axes }) => [flip(dy, { axes })],
  view: ({ shape, strides, offset }, { axes }) => ({
    shape,
    strides: strides.map((stride, i) => (axes.includes(i) ? -stride : stride)),
    offset: sizeOf(shape) === 0 ? offset : axes.reduce((sum, axis) => sum + (shape[axis]! - 1) * strides[axis]!, offset),
  }),
});

/** x backwards along `axes`, all when absent. Throws ShapeError for an axis out of range. */
export function flip(x: Value, { axes }: { axes?: number | readonly number[] } = {}): Value {
  const turned = normalizeAxes(axes, x.shape.length, "flip").filter((axis) => x.shape[axis] !== 1);
  return turned.length === 0 ? x : flipOp(x, { axes: turned });
}
