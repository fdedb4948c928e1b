// cumprod: running products along an axis.
import type { Value } from "../graph/value.js";
import { linearScan } from "./linearScan.js";
import { mul } from "./mul.js";
import { like, op, type Op } from "./op.js";
import { cumulative, following, lowerIntScan, lowerScan, type CumulativeAttrs, type Direction } from "./scanning.js";

const cumprodOp: Op<[x: Value], Direction> = op({
  name: "cumprod",
  shape: ([x]) => like(x),
  // What stands before x[i], times Σ dy[j] · (what stands between i and j): no division, so right at zeros, and in every order.
  vjp: (dy, _y, [x], { axis, exclusive, reverse }) => {
    const before = cumprodOp(x, { axis, exclusive: true, reverse });
    const flow = exclusive ? following(dy, axis, reverse) : dy;
    return [mul(before, linearScan(following(x, axis, reverse), flow, { axis, reverse: !reverse }))];
  },
  lower: ([out], [x], direction) => (x.dtype === "float32" ? lowerScan(out, x, null, 1, direction) : lowerIntScan(out, x, true, direction)),
  heavy: true,
});

/** Product of the elements up to each one along `axis` (the first when absent); float32 multiplies in float64, integers give int32 and wrap. Throws ShapeError for an axis out of range. */
export function cumprod(x: Value, attrs: CumulativeAttrs = {}): Value {
  return cumulative(x, attrs, "cumprod", (values, direction) => cumprodOp(values, direction));
}
