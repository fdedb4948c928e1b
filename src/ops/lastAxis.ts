// lastAxis: runs along any axis what kernels do along the last one.
import { normalizeAxis } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { transpose } from "./transpose.js";

/** f(x) along `axis`, where f works along the last axis and keeps the shape. */
export function alongAxis(x: Value, axis: number, where: string, f: (x: Value) => Value): Value {
  const rank = x.shape.length;
  const along = normalizeAxis(axis, rank, where);
  // Exchanging two axes is its own inverse.
  const perm = x.shape.map((_, i) => (i === along ? rank - 1 : i === rank - 1 ? along : i));
  return transpose(f(transpose(x, { perm })), { perm });
}
