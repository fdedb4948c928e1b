// where: a where a condition holds, else b.
import { promote } from "../base/dtype.js";
import { broadcastShapes } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { op, type Op } from "./op.js";

/**
 * a where `condition` is not 0, else b; the three shapes broadcast, a and b meet in one dtype.
 *
 * Each gradient is 0 where the other operand was taken.
 */
export const where: Op<[condition: Value, a: Value, b: Value]> = op({
  name: "where",
  prepare: ([condition, a, b], attrs) => {
    const dtype = promote(a.dtype, b.dtype);
    return [[cast(condition, { dtype: "bool" }), cast(a, { dtype }), cast(b, { dtype })], attrs];
  },
  shape: ([condition, a, b]) => ({
    shape: broadcastShapes(broadcastShapes(condition.shape, a.shape, "where"), b.shape, "where"),
    dtype: a.dtype,
  }),
  vjp: (dy, _y, [condition]) => [null, where(condition, dy, constant(0)), where(condition, constant(0), dy)],
  micro: () => "select",
  inPlace: [0, 1, 2],
});
