// cumsum: running sums along an axis.
import type { Value } from "../graph/value.js";
import { like, op, type Op } from "./op.js";
import { cumulative, lowerIntScan, lowerScan, type CumulativeAttrs, type Direction } from "./scanning.js";

const cumsumOp: Op<[x: Value], Direction> = op({
  name: "cumsum",
  shape: ([x]) => like(x),
  vjp: (dy, _y, _inputs, { axis, exclusive, reverse }) => [cumsumOp(dy, { axis, exclusive, reverse: !reverse })],
  lower: ([out], [x], direction) => (x.dtype === "float32" ? lowerScan(out, null, x, 0, direction) : lowerIntScan(out, x, false, direction)),
  heavy: true,
});

/** Sum of the elements up to each one along `axis` (the first when absent); float32 adds in float64, integers give int32 and wrap. Throws ShapeError for an axis out of range. */
export function cumsum(x: Value, attrs: CumulativeAttrs = {}): Value {
  return cumulative(x, attrs, "cumsum", (values, direction) => cumsumOp(values, direction));
}
