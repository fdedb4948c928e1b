// complexAbs: magnitudes of complex numbers.
import type { Value } from "../graph/value.js";
import { checkComplex } from "./complex.js";
import { norm } from "./norm.js";

/** |z| of z [..., 2], with a gradient of 0 at 0. Throws ShapeError unless the last axis has size 2. */
export function complexAbs(z: Value): Value {
  checkComplex(z, "complexAbs");
  return norm(z, { axes: -1 });
}
