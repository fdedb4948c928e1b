// broadcastTo: x repeated along new axes and axes of size 1. A view with strides of 0: nothing is copied.
import { ShapeError } from "../base/errors.js";
import { broadcastShapes, broadcastStrides, sameShape, showShape, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { op, type Op } from "./op.js";

const broadcastOp: Op<[x: Value], { shape: Shape }> = op({
  name: "broadcastTo",
  shape: ([x], { shape }) => {
    if (!sameShape(broadcastShapes(x.shape, shape, "broadcastTo"), shape)) {
      throw new ShapeError(`broadcastTo: ${showShape(x.shape)} does not broadcast to ${showShape(shape)}.`);
    }
    return { shape, dtype: x.dtype };
  },
  // The sum over repeated axes is done where every broadcast gradient is: in the gradient pass.
  vjp: (dy) => [dy],
  view: ({ shape: from, strides, offset }, { shape }) => ({ shape, strides: broadcastStrides(from, strides, shape), offset }),
});

/** x read as if it had `shape`. Throws ShapeError when sizes neither agree nor are 1. */
export function broadcastTo(x: Value, { shape }: { shape: Shape }): Value {
  return sameShape(x.shape, shape) ? x : broadcastOp(x, { shape });
}
