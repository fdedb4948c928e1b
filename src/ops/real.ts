// real: the real parts of complex numbers [..., 2]. A view.
import type { Value } from "../graph/value.js";
import { checkComplex } from "./complex.js";
import { slice } from "./slice.js";
import { squeeze } from "./squeeze.js";

/** [...] of z [..., 2]. Throws ShapeError unless the last axis has size 2. */
export function real(z: Value): Value {
  checkComplex(z, "real");
  return partOf(z, 0);
}

export function partOf(z: Value, index: 0 | 1): Value {
  const last = z.shape.length - 1;
  const one = slice(z, { begin: z.shape.map((_, i) => (i === last ? index : 0)), size: z.shape.map((dim, i) => (i === last ? 1 : dim)) });
  return squeeze(one, { axes: last });
}
