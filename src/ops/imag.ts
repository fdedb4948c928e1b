// imag: the imaginary parts of complex numbers [..., 2]. A view.
import type { Value } from "../graph/value.js";
import { checkComplex } from "./complex.js";
import { partOf } from "./real.js";

/** [...] of z [..., 2]. Throws ShapeError unless the last axis has size 2. */
export function imag(z: Value): Value {
  checkComplex(z, "imag");
  return partOf(z, 1);
}
