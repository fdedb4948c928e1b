// concat: tensors side by side along an axis, each copied into its part of the result.
import { promote } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape, sizeOf, stridesOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast, fourBytes } from "./cast.js";
import { copyInto } from "./copyInto.js";
import { at, op, type Op } from "./op.js";
import { slice } from "./slice.js";

const concatOp: Op<[...xs: Value[]], { axis: number }> = op({
  name: "concat",
  shape: (xs, { axis }) => ({
    shape: xs[0]!.shape.map((dim, i) => (i === axis ? xs.reduce((sum, x) => sum + x.shape[axis]!, 0) : dim)),
    dtype: xs[0]!.dtype,
  }),
  vjp: (dy, _y, xs, { axis }) =>
    starts(xs, axis).map((first, i) => slice(dy, { begin: oneAt(dy, axis, first), size: xs[i]!.shape })),
  lower: ([out], xs, { axis }) => {
    const strides = stridesOf(out.shape);
    const copies = starts(xs, axis).map((first, i) => ({ first, x: xs[i]! })).filter(({ x }) => sizeOf(x.shape) > 0);
    return copies.map(({ first, x }) => copyInto(at(out, first * strides[axis]!), strides, x));
  },
  strided: true,
});

/**
 * The tensors side by side along `axis`, in their common dtype (uint8 becomes int32).
 *
 * Throws ShapeError when there are none, or when they differ along another axis.
 */
export function concat(xs: readonly Value[], { axis = 0 }: { axis?: number } = {}): Value {
  const [first, ...rest] = xs;
  if (first === undefined) throw new ShapeError("concat: needs at least one tensor, got none.");
  const along = normalizeAxis(axis, first.shape.length, "concat");
  for (const x of rest) {
    if (x.shape.length !== first.shape.length || x.shape.some((dim, i) => i !== along && dim !== first.shape[i])) {
      throw new ShapeError(`concat: ${showShape(first.shape)} and ${showShape(x.shape)} differ besides axis ${along}.`);
    }
  }
  const dtype = xs.reduce((common, x) => promote(common, x.dtype), first.dtype);
  const operands = xs.map((x) => fourBytes(cast(x, { dtype })));
  return operands.length === 1 ? operands[0]! : concatOp(...operands, { axis: along });
}

/** Where each tensor begins along the axis. */
function starts(xs: readonly { readonly shape: readonly number[] }[], axis: number): number[] {
  let end = 0;
  return xs.map((x) => (end += x.shape[axis]!) - x.shape[axis]!);
}

function oneAt(x: Value, axis: number, index: number): number[] {
  return x.shape.map((_, i) => (i === axis ? index : 0));
}
