// geluTanh: gelu with tanh in place of the error function, a composition.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { clip } from "./clip.js";
import { mul } from "./mul.js";
import { sigmoid } from "./sigmoid.js";
import { square } from "./square.js";

/** x/2 · (1 + tanh u) = x · sigmoid(2u) with u = √(2/π) · (x + 0.044715 x³), elementwise; within 5e-4 of gelu.   Hendrycks & Gimpel 2016 */
export function geluTanh(x: Value): Value {
  // Beyond ±10 the sigmoid is 0 or 1 already, and x³ would overflow.
  const inside = clip(x, { min: -10, max: 10 });
  const twice = mul(mul(inside, add(mul(square(inside), constant(0.044715)), constant(1))), constant(2 * Math.sqrt(2 / Math.PI)));
  return mul(x, sigmoid(twice));
}
