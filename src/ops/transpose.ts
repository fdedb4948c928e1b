// transpose: axes in another order. A view: no element moves until a kernel needs them in a row.
import { ShapeError } from "../base/errors.js";
import type { Value } from "../graph/value.js";
import { op, type Op } from "./op.js";

const transposeOp: Op<[x: Value], { perm: readonly number[] }> = op({
  name: "transpose",
  shape: ([x], { perm }) => ({ shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype }),
  vjp: (dy, _y, _x, { perm }) => [transpose(dy, { perm: perm.map((_, i) => perm.indexOf(i)) })],
  view: ({ shape, strides, offset }, { perm }) => ({
    shape: perm.map((axis) => shape[axis]!),
    strides: perm.map((axis) => strides[axis]!),
    offset,
  }),
});

/** x with its axes in the order `perm`; reversed when absent. Throws ShapeError when perm is no permutation of the axes. */
export function transpose(x: Value, { perm }: { perm?: readonly number[] } = {}): Value {
  const rank = x.shape.length;
  const order = perm ? perm.map((axis) => (axis < 0 ? axis + rank : axis)) : x.shape.map((_, i) => rank - 1 - i);
  if (order.length !== rank || new Set(order).size !== rank || order.some((axis) => !(axis >= 0 && axis < rank))) {
    throw new ShapeError(`transpose: perm [${perm?.join(", ")}] is no permutation of the ${rank} axes of a tensor of rank ${rank}.`);
  }
  return order.every((axis, i) => axis === i) ? x : transposeOp(x, { perm: order });
}
