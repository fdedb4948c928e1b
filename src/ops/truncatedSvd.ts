// truncatedSvd: the first k singular values and vectors, the best approximation of rank k (Eckart & Young 1936).
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { slice } from "./slice.js";
import { svd } from "./svd.js";

/** [u, s, vt] of rank k: u [..., m, k], s [..., k], vt [..., k, n]. Throws ShapeError for a k above min(m, n). */
export function truncatedSvd(a: Value, { k }: { k: number }): [u: Value, s: Value, vt: Value] {
  const [u, s, vt] = svd(a);
  const most = s.shape.at(-1)!;
  if (!Number.isInteger(k) || k < 0 || k > most) throw new ShapeError(`truncatedSvd: k must be a whole number from 0 to ${most} for ${showShape(a.shape)}, got ${k}.`);
  const first = (x: Value, axis: number): Value => slice(x, { begin: x.shape.map(() => 0), size: x.shape.map((dim, i) => (i === x.shape.length + axis ? k : dim)) });
  return [first(u, -1), first(s, -1), first(vt, -2)];
}
