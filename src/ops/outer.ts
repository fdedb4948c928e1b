// outer: every element of one vector times every element of the other.
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";

/** out[i, j] = a[i] · b[j], both flattened. */
export function outer(a: Value, b: Value): Value {
  return mul(reshape(a, { shape: [-1, 1] }), reshape(b, { shape: [1, -1] }));
}
