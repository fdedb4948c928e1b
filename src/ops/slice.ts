// slice: a box of a tensor, every step-th element along each axis. A view: nothing is copied.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { op, type Op } from "./op.js";
import { place } from "./place.js";

export interface SliceAttrs {
  /** First index along each leading axis, negative from the end. Axes that are not named are taken whole. */
  readonly begin: readonly number[];
  /** Elements taken along each axis; −1, or none given: up to the end. */
  readonly size?: readonly number[];
  /** Distance of neighbours along each axis, 1 or more. */
  readonly steps?: readonly number[];
}

interface Box {
  readonly begin: Shape;
  readonly size: Shape;
  readonly steps: Shape;
}

const sliceOp: Op<[x: Value], Box> = op({
  name: "slice",
  shape: ([x], { size }) => ({ shape: size, dtype: x.dtype }),
  vjp: (dy, _y, [x], { begin, steps }) => [place(dy, { shape: x.shape, begin, steps, value: 0 })],
  view: ({ strides, offset }, { begin, size, steps }) => ({
    shape: size,
    strides: strides.map((stride, i) => stride * steps[i]!),
    // A view of nothing may begin behind the last element: it stays where x is.
    offset: sizeOf(size) === 0 ? offset : begin.reduce((sum, first, i) => sum + first * strides[i]!, offset),
  }),
});

/** The box of x that starts at `begin`. Throws ShapeError when it does not lie inside x. */
export function slice(x: Value, { begin, size = [], steps = [] }: SliceAttrs): Value {
  if (Math.max(begin.length, size.length, steps.length) > x.shape.length) {
    throw new ShapeError(`slice: begin, size and steps name more axes than ${showShape(x.shape)} has.`);
  }
  const box = x.shape.map((dim, i) => {
    const given = begin[i] ?? 0;
    const first = given < 0 ? given + dim : given;
    const step = steps[i] ?? 1;
    const wanted = size[i] ?? -1;
    const count = wanted === -1 ? Math.ceil((dim - first) / step) : wanted;
    const whole = Number.isInteger(first) && Number.isInteger(count) && Number.isInteger(step);
    if (!whole || first < 0 || first > dim || step < 1 || count < 0 || (count > 0 && first + (count - 1) * step >= dim)) {
      throw new ShapeError(`slice: axis ${i} of ${showShape(x.shape)} has no ${count} elements from ${given} in steps of ${step}.`);
    }
    return { first, count, step };
  });
  const shape = box.map(({ count }) => count);
  // The whole of x in steps of 1 is x; the shapes of a longer step differ, but for axes of size 1.
  if (sameShape(shape, x.shape)) return x;
  return sliceOp(x, { begin: box.map(({ first }) => first), size: shape, steps: box.map(({ step }) => step) });
}
