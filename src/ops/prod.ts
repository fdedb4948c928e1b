// prod: the product of elements along axes.
import { constant, type Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { equal } from "./equal.js";
import { mul } from "./mul.js";
import { reduction, type ReduceAttrs } from "./reduction.js";
import { sum } from "./sum.js";
import { where } from "./where.js";

/** Product over `axes` (all when absent); 1 over no elements. The gradient is right at zeros too; gradients of it are so away from zeros only. */
export const prod: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "prod",
  kind: 4,
  dtype: "number",
  vjp: (dy, y, x, axes) => {
    const zero = constant(0);
    const isZero = equal(x, zero);
    const zeros = sum(cast(isZero, { dtype: "float32" }), { axes, keepDims: true });
    // The product of the others: y / x, unless x is 0. Then it is the product of all that are not 0, if x is the only 0.
    const others = prod(where(isZero, constant(1), x), { axes, keepDims: true });
    const alone = where(equal(zeros, constant(1)), others, zero);
    return mul(dy, where(isZero, alone, div(y, x)));
  },
});
