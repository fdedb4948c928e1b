// Columns: examples along the first axis of arrays and tensors, and how single rows or many are read from them.
import { allocate, type TypedArray } from "../../base/dtype.js";
import { ShapeError, ValueError } from "../../base/errors.js";
import { showShape, sizeOf, type Shape } from "../../base/shape.js";
import { borrowed, tensor, type NestedArray, type Tensor, type TensorLike } from "../../engine/index.js";
import type { RowReader } from "./rows.js";
import { kindOf, rowOf, Tuple, type HostRow, type Placed } from "./stack.js";

/** One column of fromArrays: examples along the first axis, or a list of text. */
export type Column = TensorLike | Placed | readonly string[];
/** What fromArrays takes: a column, or fields or a tuple of them. */
export type Columns = Column | { readonly [field: string]: Column | { readonly [field: string]: Column } } | readonly Column[];

/** One example of columns: a tensor for numbers, whatever they came as. */
export type Example<C> = C extends Tensor | ArrayBufferView | Placed
  ? Tensor
  : C extends readonly string[]
    ? string
    : C extends readonly NestedArray[]
      ? Tensor
      : { [K in keyof C]: Example<C[K]> };

/** Columns whose shapes are checked; numbers are read when the first pass begins. */
export interface Table<T> {
  readonly count: number;
  load(): Promise<RowReader<T>>;
}

/** The rows of columns. where: for errors. Throws ShapeError for scalars and where fields differ in length. */
export function tableOf(columns: unknown, where: string): Table<unknown> {
  if (Array.isArray(columns) && columns.length > 0 && columns.every((item) => typeof item === "string")) {
    return { count: columns.length, load: async () => ({ row: (i) => columns[i], gather: (numbers) => Array.from(numbers, (i) => columns[i]) }) };
  }
  const kind = kindOf(columns);
  if (kind === "fields" || kind === "tuple") return fieldsOf(columns as Readonly<Record<string, unknown>>, kind, where);
  if (kind !== "array" && kind !== "tensor") throw new ShapeError(`${where}: expected examples along the first axis of an array, got ${String(columns)}.`);
  const shape = kind === "tensor" ? (columns as Tensor).shape : shapeOf(columns, where);
  if (shape.length === 0) throw new ShapeError(`${where}: expected examples along the first axis, got a single number.`);
  const [count, ...inner] = shape as [number, ...number[]];
  return { count, load: async () => columnReader(await rowOf(columns, () => where), inner) };
}

/** inner: the shape of a row. float16 travels as float32. */
function columnReader({ data, dtype }: HostRow, inner: Shape): RowReader<Tensor> {
  const values = data as TypedArray;
  const width = sizeOf(inner);
  const make = (elements: TypedArray, shape: Shape): Tensor => (dtype === "float16" ? tensor(elements, shape, dtype) : borrowed(elements, shape, dtype));
  return {
    row: (i) => make(values.subarray(i * width, (i + 1) * width), inner),
    gather: (numbers) => {
      const out = dtype === "float16" ? new Float32Array(numbers.length * width) : allocate(dtype, numbers.length * width);
      if (width === 1) for (let i = 0; i < numbers.length; i++) out[i] = values[numbers[i]!]!;
      else for (let i = 0; i < numbers.length; i++) out.set(values.subarray(numbers[i]! * width, (numbers[i]! + 1) * width), i * width);
      return make(out, [numbers.length, ...inner]);
    },
  };
}

/** The shape of an array, { data, shape } or pixels. Throws ShapeError where numbers do not fill it. */
export function shapeOf(column: unknown, where: string): Shape {
  if (ArrayBuffer.isView(column)) return [(column as Uint8Array).length];
  const { data, shape, width, height } = column as { data?: ArrayLike<number>; shape?: Shape; width?: number; height?: number };
  if (data !== undefined && shape !== undefined) {
    if (sizeOf(shape) !== data.length) throw new ShapeError(`${where}: ${data.length} elements do not fill the shape ${showShape(shape)}.`);
    return shape;
  }
  if (width !== undefined && height !== undefined) return [height, width, 4];
  const sizes: number[] = [];
  for (let level = column; Array.isArray(level); level = level[0]) sizes.push(level.length);
  return sizes;
}

function fieldsOf(columns: Readonly<Record<string, unknown>>, kind: "fields" | "tuple", where: string): Table<unknown> {
  const keys = Object.keys(columns);
  if (keys.length === 0) throw new ValueError(`${where}: expected fields such as { xs, ys }, got none.`);
  const tables = keys.map((key) => tableOf(columns[key], `${where}: ${key}`));
  const [{ count }] = tables as [Table<unknown>];
  const wrong = tables.findIndex((table) => table.count !== count);
  if (wrong >= 0) throw new ShapeError(`${where}: expected as many rows in every field, got ${count} in ${keys[0]} and ${tables[wrong]!.count} in ${keys[wrong]}.`);
  const join = (values: readonly unknown[]): unknown => (kind === "tuple" ? Tuple.from(values) : Object.fromEntries(keys.map((key, k) => [key, values[k]])));
  return {
    count,
    load: async () => {
      const readers = await Promise.all(tables.map((table) => table.load()));
      return { row: (i) => join(readers.map(({ row }) => row(i))), gather: (numbers) => join(readers.map(({ gather }) => gather(numbers))) as object };
    },
  };
}
