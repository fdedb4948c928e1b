// quantile: the numbers below which given shares of the elements lie, a composition of sort and slices.
import { ShapeError, ValueError } from "../base/errors.js";
import { normalizeAxes, reducedShape, showShape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { mul } from "./mul.js";
import { notEqual } from "./notEqual.js";
import type { ReduceAttrs } from "./reduction.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";
import { sort } from "./sort.js";
import { stack } from "./stack.js";
import { sub } from "./sub.js";
import { transpose } from "./transpose.js";
import { where } from "./where.js";

export interface QuantileAttrs extends ReduceAttrs {
  /** Shares from 0 to 1; a list puts a new axis in front. */
  readonly q: number | readonly number[];
}

/**
 * The quantiles q over `axes` (all when absent), in float32, linearly between neighbours; NaN if an element is.
 *
 * Throws ValueError for a q outside [0, 1], ShapeError for axes without elements.
 */
export function quantile(x: Value, { q, axes, keepDims = false }: QuantileAttrs): Value {
  const shares = typeof q === "number" ? [q] : q;
  const odd = shares.find((share) => !(share >= 0 && share <= 1));
  if (odd !== undefined || shares.length === 0) throw new ValueError(`quantile: q must be numbers from 0 to 1, got ${odd ?? "none"}.`);
  const list = normalizeAxes(axes, x.shape.length, "quantile");
  const others = x.shape.map((_, axis) => axis).filter((axis) => !list.includes(axis));
  const count = list.reduce((product, axis) => product * x.shape[axis]!, 1);
  if (count === 0) throw new ShapeError(`quantile: no elements along the axes [${list.join(", ")}] of ${showShape(x.shape)}.`);
  const outer = others.map((axis) => x.shape[axis]!);
  const rows = reshape(transpose(cast(x, { dtype: "float32" }), { perm: [...others, ...list] }), { shape: [...outer, count] });
  const sorted = sort(rows);
  const at = (k: number): Value => slice(sorted, { begin: [...outer.map(() => 0), k], size: [...outer, 1] });
  // NaN is sorted to the end.
  const last = at(count - 1);
  const results = shares.map((share) => {
    const place = share * (count - 1);
    const low = Math.floor(place);
    const between = low === place ? at(low) : add(at(low), mul(sub(at(low + 1), at(low)), constant(place - low)));
    return reshape(where(notEqual(last, last), last, between), { shape: reducedShape(x.shape, list, keepDims) });
  });
  return typeof q === "number" ? results[0]! : stack(results, { axis: 0 });
}
