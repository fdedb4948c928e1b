// lstsq: the shortest of the least squares solutions, by the pseudo-inverse.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { dot } from "./dot.js";
import { pinv } from "./pinv.js";

/** The x that makes |a · x − b| least, and the shortest such: a [..., m, n], b [m] or [..., m, columns]. Throws ShapeError when rows differ, and as pinv. */
export function lstsq(a: Value, b: Value, { rcond }: { rcond?: number } = {}): Value {
  const rows = b.shape.length === 1 ? b.shape[0] : b.shape.at(-2);
  if (rows === undefined || rows !== a.shape.at(-2)) throw new ShapeError(`lstsq: a ${showShape(a.shape)} and b ${showShape(b.shape)} must have equally many rows.`);
  return dot(pinv(a, rcond === undefined ? {} : { rcond }), b);
}
