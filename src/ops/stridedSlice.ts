// stridedSlice: begin, end and step along each axis, as Python slices. A view, with backward steps too.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { flip } from "./flip.js";
import { slice } from "./slice.js";

export interface StridedSliceAttrs {
  /** First index along each leading axis, negative from the end; null: the end that the step leaves from. */
  readonly begin: readonly (number | null)[];
  /** The index behind the last; null: as far as there are elements. Both are clipped to the axis. */
  readonly end?: readonly (number | null)[];
  /** 1 when absent; never 0. */
  readonly strides?: readonly (number | null)[];
}

/** x[begin : end : stride] along each leading axis; axes that are not named are whole. Throws ShapeError for a step of 0 or too many axes. */
export function stridedSlice(x: Value, { begin, end = [], strides = [] }: StridedSliceAttrs): Value {
  if (Math.max(begin.length, end.length, strides.length) > x.shape.length) {
    throw new ShapeError(`stridedSlice: begin, end and strides name more axes than ${showShape(x.shape)} has.`);
  }
  const ranges = x.shape.map((dim, axis) => rangeOf(dim, begin[axis] ?? null, end[axis] ?? null, strides[axis] ?? 1));
  const box = slice(x, {
    begin: ranges.map(({ first, count, step }) => (step > 0 || count === 0 ? first : first + (count - 1) * step)),
    size: ranges.map(({ count }) => count),
    steps: ranges.map(({ step, count }) => (count > 1 ? Math.abs(step) : 1)),
  });
  return flip(box, { axes: ranges.flatMap(({ step }, axis) => (step < 0 ? [axis] : [])) });
}

/** Which elements of an axis a slice takes, by Python's rules. */
function rangeOf(dim: number, begin: number | null, end: number | null, step: number): { first: number; count: number; step: number } {
  if (!Number.isInteger(step) || step === 0) throw new ShapeError(`stridedSlice: a step must be a whole number other than 0, got ${step}.`);
  const [lowest, highest] = step > 0 ? [0, dim] : [-1, dim - 1];
  const clipped = (index: number | null, open: number): number => {
    if (index === null) return open;
    if (!Number.isInteger(index)) throw new ShapeError(`stridedSlice: indices must be whole numbers, got ${index}.`);
    return Math.min(highest, Math.max(lowest, index < 0 ? index + dim : index));
  };
  const first = clipped(begin, step > 0 ? lowest : highest);
  const last = clipped(end, step > 0 ? highest : lowest);
  const count = Math.max(0, Math.ceil((last - first) / step));
  return { first: count === 0 ? 0 : first, count, step };
}
