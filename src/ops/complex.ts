// complex: complex numbers are tensors whose last axis holds the real and the imaginary part. What is elementwise over all axes (add, sub, a real
// factor) works on them as it is.
import { isFloat } from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { broadcastShapes, showShape } from "../base/shape.js";
import type { TensorType, Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { cast } from "./cast.js";
import { stack } from "./stack.js";

/** real + i·imaginary as [..., 2], float32. Throws ShapeError when the shapes do not broadcast. */
export function complex(real: Value, imaginary: Value): Value {
  const shape = broadcastShapes(real.shape, imaginary.shape, "complex");
  return stack([real, imaginary].map((x) => broadcastTo(cast(x, { dtype: "float32" }), { shape })), { axis: -1 });
}

/** Throws ShapeError unless the last axis has size 2, DTypeError unless float32. */
export function checkComplex({ shape, dtype }: TensorType, where: string): void {
  if (!isFloat(dtype)) throw new DTypeError(`${where}: takes float32, got ${dtype}. Cast to float32 first.`);
  if (shape.at(-1) !== 2) throw new ShapeError(`${where}: takes complex numbers [..., 2] (real, imaginary), got ${showShape(shape)}. Make them with complex(real, imaginary).`);
}
