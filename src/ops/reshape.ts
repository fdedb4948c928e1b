// reshape: the same elements, row-major, in another shape. A view where the layout allows: also of many strided ones.
import { ShapeError } from "../base/errors.js";
import { showShape, sizeOf, stridesOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { op, type Op } from "./op.js";

const reshapeOp: Op<[x: Value], { shape: Shape }> = op({
  name: "reshape",
  shape: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  vjp: (dy, _y, [x]) => [reshape(dy, { shape: x.shape })],
  view: ({ shape: from, strides, offset }, { shape }) => {
    const moved = reshapedStrides(from, strides, shape);
    return moved && { shape, strides: moved, offset };
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

/** Strides that read a tensor of shape `from` as `to`; null when no strides do. */
function reshapedStrides(from: Shape, strides: readonly number[], to: Shape): number[] | null {
  if (sizeOf(to) <= 1) return stridesOf(to);
  const source = from.map((dim, i) => ({ dim, stride: strides[i]! })).filter(({ dim }) => dim !== 1);
  const out = new Array<number>(to.length).fill(1);
  let next = 0;
  for (let first = 0; first < source.length; first++) {
    // The smallest groups of axes on both sides that hold equally many elements; the source's must lie densely within each other.
    let held = source[first]!.dim;
    let wanted = 1;
    const start = next;
    while (held !== wanted) {
      if (held > wanted) wanted *= to[next++]!;
      else {
        const outer = source[first]!;
        const inner = source[++first]!;
        if (outer.stride !== inner.dim * inner.stride) return null;
        held *= inner.dim;
      }
    }
    let step = source[first]!.stride;
    for (let axis = next - 1; axis >= start; axis--) {
      out[axis] = step;
      step *= to[axis]!;
    }
  }
  return out;
}
