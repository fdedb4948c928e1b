// Tensors made from sizes and rules: filled, counted, spaced, identity, pixels. tensor() itself stands in tensor.ts, random numbers in random.ts.
import { BYTES, DTYPES, isNarrow, type DType } from "../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import { constant } from "../graph/value.js";
import { cast } from "../ops/cast.js";
import { checkBytes } from "../ops/op.js";
import { pow } from "../ops/pow.js";
import { slice } from "../ops/slice.js";
import { Tensor, tensor, valueOf, type Pixels, type TensorLike } from "./tensor.js";

/** A tensor with `value` in every element. Throws ShapeError for sizes that are no whole numbers from 0, DTypeError for a dtype there is not. */
export function full(shape: Shape, value: number, dtype: DType = "float32"): Tensor {
  checkType(shape, dtype, "full");
  return new Tensor(isNarrow(dtype) ? cast(constant(value, "float32", shape), { dtype }) : constant(value, dtype, shape));
}

/** Throws unless there can be a tensor of this shape and dtype. */
function checkType(shape: Shape, dtype: DType, where: string): void {
  if (!Array.isArray(shape) || shape.some((dim) => !Number.isInteger(dim) || dim < 0)) {
    throw new ShapeError(`${where}: a shape is a list of whole numbers from 0, got ${Array.isArray(shape) ? showShape(shape) : String(shape)}.`);
  }
  if (BYTES[dtype] === undefined) throw new DTypeError(`${where}: dtype "${String(dtype)}" is not known; expected ${DTYPES.join(", ")}.`);
  checkBytes({ shape, dtype }, where);
}

/** A tensor full of 0. */
export function zeros(shape: Shape, dtype: DType = "float32"): Tensor {
  return full(shape, 0, dtype);
}

/** A tensor full of 1. */
export function ones(shape: Shape, dtype: DType = "float32"): Tensor {
  return full(shape, 1, dtype);
}

/** `value` in the shape of x, and its dtype when none is given. */
export function fullLike(x: TensorLike, value: number, dtype?: DType): Tensor {
  const like = valueOf(x);
  return full(like.shape, value, dtype ?? like.dtype);
}

/** 0 in the shape of x, and its dtype when none is given. */
export function zerosLike(x: TensorLike, dtype?: DType): Tensor {
  return fullLike(x, 0, dtype);
}

/** 1 in the shape of x, and its dtype when none is given. */
export function onesLike(x: TensorLike, dtype?: DType): Tensor {
  return fullLike(x, 1, dtype);
}

/** A tensor of rank 0. */
export function scalar(value: number | boolean, dtype?: DType): Tensor {
  return tensor(value, [], dtype);
}

/** Ones on a diagonal of a matrix of `rows` rows and as many columns when none are given, zeros elsewhere. k: columns right of the main diagonal, below 0 left of it. */
export function eye(rows: number, columns: number = rows, k: number = 0, dtype: DType = "float32"): Tensor {
  checkType([rows, columns], dtype, "eye");
  const data = new Float32Array(rows * columns);
  for (let i = Math.max(0, -k); i < rows && i + k < columns; i++) data[i * columns + i + k] = 1;
  return tensor(data, [rows, columns], dtype);
}

/**
 * The numbers start, start + step … before stop; from 0 where only one is given. int32 when all are whole, else float32, unless dtype says otherwise.
 * Throws ValueError for a step of 0 and for ends that are not finite.
 */
export function arange(start: number, stop?: number, step = 1, dtype?: DType): Tensor {
  if (!(Math.abs(step) > 0)) throw new ValueError(`arange: expected a step other than 0, got ${step}.`);
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (!Number.isFinite(from) || !Number.isFinite(to)) throw new ValueError(`arange: expected finite numbers, got ${from} and ${to}.`);
  const values = Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
  return values.length > 0 ? tensor(values, undefined, dtype) : tensor(new Int32Array(0), [0], dtype);
}

/** `count` floats from start to stop, evenly spaced; stop is among them unless endpoint is false. */
export function linspace(start: number, stop: number, count = 50, { endpoint = true }: { readonly endpoint?: boolean } = {}): Tensor {
  if (!Number.isInteger(count) || count < 0) throw new ValueError(`linspace: count must be a whole number from 0, got ${count}.`);
  const gaps = endpoint ? count - 1 : count;
  return tensor(Float32Array.from({ length: count }, (_, i) => (gaps === 0 ? start : start + ((stop - start) * i) / gaps)));
}

/** base to the powers of linspace(start, stop, count). */
export function logspace(start: number, stop: number, count = 50, { base = 10, endpoint = true }: { readonly base?: number; readonly endpoint?: boolean } = {}): Tensor {
  return new Tensor(pow(constant(base), linspace(start, stop, count, { endpoint }).value));
}

/** The pixels of an image as uint8 [height, width, channels]: 4 RGBA, 3 RGB (default), 1 the red alone. */
export function fromPixels(pixels: Pixels, channels: 1 | 3 | 4 = 3): Tensor {
  const all = tensor(pixels);
  return channels === 4 ? all : new Tensor(slice(all.value, { begin: [0, 0, 0], size: [pixels.height, pixels.width, channels] }));
}
