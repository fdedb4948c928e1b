// TensorFlow.js' tensor1d … tensor6d: tensor() for those who want the rank checked. Whole numbers are floats here, as there.
import type { DType } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import { tensor, type NestedArray, type Tensor, type TensorLike } from "./tensor.js";

/** The tensor; numbers in arrays become float32, booleans bool, typed arrays and tensors keep what they are, unless a dtype is given. */
function ranked(rank: number, values: TensorLike, shape: Shape | DType | undefined, dtype: DType | undefined): Tensor {
  // TensorFlow.js has no shape in tensor1d, and none is needed where arrays are nested.
  const [size, kind] = typeof shape === "string" ? [undefined, shape] : [shape, dtype];
  const nested = typeof values === "number" || Array.isArray(values);
  const result = tensor(values, size, kind ?? (nested && !isBoolean(values as NestedArray) ? "float32" : undefined));
  if (result.rank !== rank) throw new ShapeError(`tensor${rank}d: expected ${rank} ${rank === 1 ? "axis" : "axes"}, got ${showShape(result.shape)}. tensor() takes any.`);
  return result;
}

function isBoolean(values: NestedArray): boolean {
  let first = values;
  while (Array.isArray(first)) first = first[0] as NestedArray;
  return typeof first === "boolean";
}

/** A tensor of one axis; numbers are float32 when no dtype is given. Throws ShapeError for another rank. */
export function tensor1d(values: TensorLike, dtype?: DType): Tensor {
  return ranked(1, values, undefined, dtype);
}

/** A tensor of two axes, of nested arrays, or of flat numbers and a shape; numbers are float32 when no dtype is given. Throws ShapeError for another rank. */
export function tensor2d(values: TensorLike, shape?: Shape | DType, dtype?: DType): Tensor {
  return ranked(2, values, shape, dtype);
}

/** As tensor2d(), three axes. */
export function tensor3d(values: TensorLike, shape?: Shape | DType, dtype?: DType): Tensor {
  return ranked(3, values, shape, dtype);
}

/** As tensor2d(), four axes. */
export function tensor4d(values: TensorLike, shape?: Shape | DType, dtype?: DType): Tensor {
  return ranked(4, values, shape, dtype);
}

/** As tensor2d(), five axes. */
export function tensor5d(values: TensorLike, shape?: Shape | DType, dtype?: DType): Tensor {
  return ranked(5, values, shape, dtype);
}

/** As tensor2d(), six axes. */
export function tensor6d(values: TensorLike, shape?: Shape | DType, dtype?: DType): Tensor {
  return ranked(6, values, shape, dtype);
}
