// prod: the product of elements along axes.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cumprod } from "./cumprod.js";
import { mul } from "./mul.js";
import { reduction, type ReduceAttrs } from "./reduction.js";
import { reshape } from "./reshape.js";

/** Product over `axes` (all when absent); 1 over no elements. The gradient, and gradients of it, are right at zeros too. */
export const prod: (x: Value, attrs?: ReduceAttrs) => Value = reduction({
  name: "prod",
  kind: 4,
  dtype: "number",
  vjp: (dy, _y, x, axes) => {
    // The product of the others: of those before and of those behind. Axes that are reduced together lie side by side.
    const line = x.shape.flatMap((dim, axis) => (axis === axes[0] ? [sizeOf(axes.map((k) => x.shape[k]!))] : axes.includes(axis) ? [] : [dim]));
    const values = reshape(x, { shape: line });
    const side = (reverse: boolean): Value => cumprod(values, { axis: axes[0]!, exclusive: true, reverse });
    return mul(dy, reshape(mul(side(false), side(true)), { shape: x.shape }));
  },
});
