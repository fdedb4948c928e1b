// tie: how maximum, minimum, max and min share the gradient among equals.
import { constant, type Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { equal } from "./equal.js";
import { mul } from "./mul.js";
import { sum } from "./sum.js";
import { where } from "./where.js";

/** The part of the gradient that operand x takes: 1 where it `wins`, ½ where x = y, else 0. */
export function share(x: Value, y: Value, wins: Value): Value {
  return where(equal(x, y), constant(0.5), cast(wins, { dtype: "float32" }));
}

/** Gradient rule of max and min: dy divided equally among the elements of x that equal the extreme y. */
export function shareEqually(dy: Value, y: Value, x: Value, axes: readonly number[]): Value {
  const hits = cast(equal(x, y), { dtype: "float32" });
  return mul(hits, div(dy, sum(hits, { axes, keepDims: true })));
}
