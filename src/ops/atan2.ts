// atan2: angle of a point, elementwise with broadcasting.
import type { Value } from "../graph/value.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import { hypot } from "./hypot.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import type { Op } from "./op.js";

/** The angle in [−π, π] of the point (x, y), elementwise; shapes broadcast; error < 0.501 ulp. 0 or ±π at the origin, where the gradient is NaN. */
export const atan2: Op<[y: Value, x: Value]> = elementwise({
  name: "atan2",
  micro: { float32: "atan2" },
  vjp: (dy, _angle, [y, x]) => {
    const radius = hypot(x, y);
    const along = div(dy, radius);
    return [mul(along, div(x, radius)), neg(mul(along, div(y, radius)))];
  },
});
