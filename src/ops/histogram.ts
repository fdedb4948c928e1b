// histogram: how many elements fall into each of equally wide bins.
import { ValueError } from "../base/errors.js";
import { constant, type Value } from "../graph/value.js";
import { bincount } from "./bincount.js";
import { cast } from "./cast.js";
import { clip } from "./clip.js";
import { floor } from "./floor.js";
import { greater } from "./greater.js";
import { less } from "./less.js";
import { logicalOr } from "./logicalOr.js";
import { mul } from "./mul.js";
import { notEqual } from "./notEqual.js";
import { slice } from "./slice.js";
import { sub } from "./sub.js";
import { where } from "./where.js";

/**
 * int32 counts of x in `bins` bins of equal width between min and max; the last bin holds max too. Elements outside, and NaN, are not counted.
 *
 * returns [bins]   Throws ValueError for bins below 1 or a range that is none.
 */
export function histogram(x: Value, { bins, min, max }: { bins: number; min: number; max: number }): Value {
  if (!Number.isInteger(bins) || bins < 1) throw new ValueError(`histogram: bins must be a whole number from 1, got ${bins}.`);
  if (!(min < max)) throw new ValueError(`histogram: min ${min} is not below max ${max}.`);
  const values = cast(x, { dtype: "float32" });
  const bin = clip(floor(mul(sub(values, constant(min)), constant(bins / (max - min)))), { min: 0, max: bins - 1 });
  const outside = logicalOr(logicalOr(less(values, constant(min)), greater(values, constant(max))), notEqual(values, values));
  // What is outside has a bin of its own, which is left off.
  const counts = bincount(cast(where(outside, constant(bins), bin), { dtype: "int32" }), { size: bins + 1 });
  return slice(counts, { begin: [0], size: [bins] });
}
