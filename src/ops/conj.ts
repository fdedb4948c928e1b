// conj: complex conjugates.
import type { Value } from "../graph/value.js";
import { complex } from "./complex.js";
import { imag } from "./imag.js";
import { neg } from "./neg.js";
import { real } from "./real.js";

/** real − i·imaginary of z [..., 2]. Throws ShapeError unless the last axis has size 2. */
export function conj(z: Value): Value {
  return complex(real(z), neg(imag(z)));
}
