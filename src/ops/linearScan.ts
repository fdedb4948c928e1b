// linearScan: a linear recurrence along an axis.
import { DTypeError, ShapeError } from "../base/errors.js";
import { normalizeAxis, sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { like, op, type Op } from "./op.js";
import { following, lowerScan } from "./scanning.js";

type Along = { readonly axis: number; readonly reverse: boolean };

const linearScanOp: Op<[a: Value, b: Value], Along> = op({
  name: "linearScan",
  shape: ([a]) => like(a),
  // Each state flows into the next by that one's factor: the same recurrence, backwards.
  vjp: (dy, y, [a], { axis, reverse }) => {
    const flow = linearScanOp(following(a, axis, reverse), dy, { axis, reverse: !reverse });
    return [mul(following(y, axis, !reverse), flow), flow];
  },
  lower: ([out], [a, b], { axis, reverse }) => lowerScan(out, a, b, 0, { axis, reverse, exclusive: false }),
  heavy: true,
});

/**
 * h[i] = a[i] · h[i − 1] + b[i] along `axis` (the first when absent), with 0 before the first; from the last element when reverse. The state is float64.
 *
 * a, b: any shape, float32   returns the same   Throws ShapeError when the shapes differ, DTypeError for other dtypes.
 */
export function linearScan(a: Value, b: Value, { axis = 0, reverse = false }: { axis?: number; reverse?: boolean } = {}): Value {
  if (a.dtype !== "float32" || b.dtype !== "float32") throw new DTypeError(`linearScan: takes float32, got ${a.dtype} and ${b.dtype}. Cast first.`);
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`linearScan: a ${showShape(a.shape)} and b ${showShape(b.shape)} must have one shape.`);
  return linearScanOp(a, b, { axis: normalizeAxis(axis, a.shape.length, "linearScan"), reverse });
}
