// floats: operands of functions that have no meaning on whole numbers, and the lifting of such functions from nodes to tensors.
import type { Value } from "../graph/value.js";
import { tensor, valueOf, Tensor, type TensorLike } from "./tensor.js";

/** The node of x; nested arrays of numbers are float32 here, whole or not. Tensors and typed arrays keep their dtype, which the op may refuse. */
export function floats(x: TensorLike): Value {
  return x instanceof Tensor || ArrayBuffer.isView(x) ? valueOf(x) : tensor(x, undefined, "float32").value;
}

/** As lift() in functions.ts; nested arrays are float32 here, whole or not. @__NO_SIDE_EFFECTS__ */
export function liftFloats<A extends readonly unknown[]>(fn: (x: Value, ...attrs: A) => Value): (x: TensorLike, ...attrs: A) => Tensor {
  return (x, ...attrs) => new Tensor(fn(floats(x), ...attrs));
}
