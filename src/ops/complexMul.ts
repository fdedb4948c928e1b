// complexMul: products of complex numbers.
import type { Value } from "../graph/value.js";
import { add } from "./add.js";
import { complex } from "./complex.js";
import { imag } from "./imag.js";
import { mul } from "./mul.js";
import { real } from "./real.js";
import { sub } from "./sub.js";

/** a · b of complex numbers [..., 2]; the axes in front broadcast. Throws ShapeError unless the last axes have size 2. */
export function complexMul(a: Value, b: Value): Value {
  const [re, im, x, y] = [real(a), imag(a), real(b), imag(b)];
  return complex(sub(mul(re, x), mul(im, y)), add(mul(re, y), mul(im, x)));
}
