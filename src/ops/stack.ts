// stack: tensors of one shape along a new axis, a composition.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { concat } from "./concat.js";
import { expandDims } from "./expandDims.js";

/** Tensors of one shape side by side along a new axis, counted in the result. Throws ShapeError when there are none or shapes differ. */
export function stack(xs: readonly Value[], { axis = 0 }: { axis?: number } = {}): Value {
  const odd = xs.find((x) => !sameShape(x.shape, xs[0]!.shape));
  if (odd) throw new ShapeError(`stack: shapes ${showShape(xs[0]!.shape)} and ${showShape(odd.shape)} differ.`);
  return concat(xs.map((x) => expandDims(x, { axes: axis })), { axis });
}
