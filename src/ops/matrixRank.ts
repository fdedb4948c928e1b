// matrixRank: how many singular values are more than rounding.
import { constant, type Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { greater } from "./greater.js";
import { matrixSizes } from "./matrices.js";
import { max } from "./max.js";
import { mul } from "./mul.js";
import { sum } from "./sum.js";
import { svd } from "./svd.js";

/** int32 rank of matrices [..., m, n]: singular values above `rtol` times the largest (max(m, n) · 2⁻²³ when absent). Throws as svd. */
export function matrixRank(a: Value, { rtol }: { rtol?: number } = {}): Value {
  const { m, n } = matrixSizes(a, "matrixRank");
  const s = svd(a)[1];
  const least = mul(constant(rtol ?? Math.max(m, n) * 2 ** -23), max(s, { axes: -1, keepDims: true }));
  return sum(cast(greater(s, least), { dtype: "int32" }), { axes: -1 });
}
