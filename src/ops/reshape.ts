// reshape: the same elements, row-major, in another shape. A view where the layout allows.
import { ShapeError } from "../base/errors.js";
import { showShape, sizeOf, stridesOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { op, type Op } from "./op.js";

const reshapeOp: Op<[x: Value], { shape: Shape }> = op({
  name: "reshape",
  shape: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  vjp: (dy, _y, [x]) => [reshape(dy, { shape: x.shape })],
  view: (input, { shape }) => {
    const contiguous = stridesOf(input.shape);
    const dense = input.shape.every((dim, i) => dim === 1 || input.strides[i] === contiguous[i]);
    return dense ? { shape, strides: stridesOf(shape), offset: input.offset } : null;
  },
});

/** x in another shape with as many elements; one size may be −1 and follows from the others. Throws ShapeError when the counts differ. */
export function reshape(x: Value, { shape }: { shape: Shape }): Value {
  const known = shape.reduce((size, dim) => (dim === -1 ? size : size * dim), 1);
  const holes = shape.filter((dim) => dim === -1).length;
  const size = sizeOf(x.shape);
  const fits = holes === 0 ? known === size : holes === 1 && known > 0 && size % known === 0;
  if (!fits || shape.some((dim) => !Number.isInteger(dim) || dim < -1)) {
    throw new ShapeError(`reshape: ${showShape(x.shape)} has ${size} elements, which do not fit ${showShape(shape)}.`);
  }
  const full = shape.map((dim) => (dim === -1 ? size / known : dim));
  return full.length === x.shape.length && full.every((dim, i) => dim === x.shape[i]) ? x : reshapeOp(x, { shape: full });
}
