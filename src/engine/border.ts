// Functions whose results have shapes that depend on values: they look at their operands, so they stand at the border of graphs. Inside compile() they
// throw, as data() does. Each has a twin that does not wait, for when the engine runs.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, sameShape, showShape, stridesOf } from "../base/shape.js";
import type { TypedArray } from "../base/dtype.js";
import { argsort } from "../ops/argsort.js";
import { gather } from "../ops/gather.js";
import { reshape } from "../ops/reshape.js";
import { Tensor, tensor, tensorOf, valueOf, type TensorLike } from "./tensor.js";

/** The different elements of a tensor, in order; NaN is one of them, and last. */
export interface Unique {
  readonly values: Tensor;
  /** int32, the shape of x: values[inverse] is x. */
  readonly inverse: Tensor;
  /** int32: how often each occurs. */
  readonly counts: Tensor;
}

/** The different elements of x, in order. Starts the engine when needed. */
export async function unique(x: TensorLike): Promise<Unique> {
  const [line, order] = ordered(x);
  const [data, places] = await Promise.all([line.data(), order.data()]);
  return told(x, data, places);
}

/** As unique(), at once. Throws DeviceError before init(), ValueError inside compile(). */
export function uniqueSync(x: TensorLike): Unique {
  const [line, order] = ordered(x);
  return told(x, line.dataSync(), order.dataSync());
}

function ordered(x: TensorLike): [line: Tensor, order: Tensor] {
  const line = tensorOf(x);
  const flat = new Tensor(reshape(line.dtype === "bool" ? line.cast("int32").value : line.value, { shape: [-1] }));
  return [flat, new Tensor(argsort(flat.value))];
}

function told(x: TensorLike, data: TypedArray, order: TypedArray): Unique {
  const { shape, dtype } = tensorOf(x);
  const inverse = new Int32Array(data.length);
  const values: number[] = [];
  const counts: number[] = [];
  for (const place of order) {
    const value = data[place]!;
    const last = values[values.length - 1]!;
    if (values.length === 0 || !(value === last || (Number.isNaN(value) && Number.isNaN(last)))) {
      values.push(value);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
    inverse[place] = values.length - 1;
  }
  return {
    values: tensor(values, [values.length], dtype),
    inverse: tensor(inverse, shape),
    counts: tensor(Int32Array.from(counts)),
  };
}

/** int32 [n, rank]: the indices of the elements of x that are not 0, in row-major order. Starts the engine when needed. */
export async function argwhere(x: TensorLike): Promise<Tensor> {
  return places(x, await tensorOf(x).data());
}

/** As argwhere(), at once. Throws DeviceError before init(), ValueError inside compile(). */
export function argwhereSync(x: TensorLike): Tensor {
  return places(x, tensorOf(x).dataSync());
}

/** The same as one int32 vector an axis, as NumPy. Starts the engine when needed. */
export async function nonzero(x: TensorLike): Promise<Tensor[]> {
  return columns(await argwhere(x));
}

/** As nonzero(), at once. Throws DeviceError before init(), ValueError inside compile(). */
export function nonzeroSync(x: TensorLike): Tensor[] {
  return columns(argwhereSync(x));
}

function places(x: TensorLike, data: TypedArray): Tensor {
  const { shape } = tensorOf(x);
  const found = hits(data);
  const strides = stridesOf(shape);
  const rows = new Int32Array(found.length * shape.length);
  found.forEach((flat, row) => strides.forEach((stride, axis) => (rows[row * shape.length + axis] = Math.floor(flat / stride) % shape[axis]!)));
  return tensor(rows, [found.length, shape.length]);
}

function columns(rows: Tensor): Tensor[] {
  const [count, rank] = rows.shape as [number, number];
  const data = rows.dataSync();
  return Array.from({ length: rank }, (_, axis) => tensor(Int32Array.from({ length: count }, (_unused, row) => data[row * rank + axis]!)));
}

function hits(data: TypedArray): number[] {
  const found: number[] = [];
  data.forEach((value, i) => {
    if (value !== 0) found.push(i);
  });
  return found;
}

/**
 * The slices of x for which the mask holds, in order. Only the mask is looked at: gradients flow to x. Starts the engine when needed.
 *
 * mask: the shape of some axes of x, from `axis` on (0)   returns x with those axes replaced by one   Throws ShapeError when the mask does not fit.
 */
export async function booleanMask(x: TensorLike, mask: TensorLike, axis = 0): Promise<Tensor> {
  return masked(x, mask, axis, await tensorOf(mask).data());
}

/** As booleanMask(), at once. Throws DeviceError before init(), ValueError inside compile(). */
export function booleanMaskSync(x: TensorLike, mask: TensorLike, axis = 0): Tensor {
  return masked(x, mask, axis, tensorOf(mask).dataSync());
}

function masked(x: TensorLike, mask: TensorLike, axis: number, data: TypedArray): Tensor {
  const value = valueOf(x);
  const shape = tensorOf(mask).shape;
  const first = normalizeAxis(axis, value.shape.length, "booleanMask");
  const end = first + shape.length;
  if (shape.length === 0 || !sameShape(value.shape.slice(first, end), shape)) {
    throw new ShapeError(`booleanMask: the mask ${showShape(shape)} must be the shape of x ${showShape(value.shape)} from axis ${first} on.`);
  }
  const line = reshape(value, { shape: [...value.shape.slice(0, first), data.length, ...value.shape.slice(end)] });
  return new Tensor(gather(line, tensor(Int32Array.from(hits(data))).value, { axis: first }));
}
