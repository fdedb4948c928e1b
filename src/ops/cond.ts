// cond: how much a matrix magnifies relative errors.
import type { Value } from "../graph/value.js";
import { div } from "./div.js";
import { inv } from "./inv.js";
import { max } from "./max.js";
import { min } from "./min.js";
import { mul } from "./mul.js";
import { norm, type NormOrder } from "./norm.js";
import { svd } from "./svd.js";

/** Condition numbers of matrices [..., m, n]: largest by smallest singular value; with another order, |a| · |a⁻¹| of square ones. Throws as svd, norm, inv. */
export function cond(a: Value, { ord = 2 }: { ord?: NormOrder } = {}): Value {
  if (ord !== 2) return mul(norm(a, { ord, axes: [-2, -1] }), norm(inv(a), { ord, axes: [-2, -1] }));
  const s = svd(a)[1];
  return div(max(s, { axes: -1 }), min(s, { axes: -1 }));
}
