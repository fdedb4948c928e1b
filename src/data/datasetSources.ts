// Where datasets begin: arrays and tensors in memory, generators and iterables, several datasets side by side.
import { allocate, type TypedArray } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import { borrowed, tensor, type NestedArray, type Tensor, type TensorLike } from "../engine/index.js";
import { Dataset } from "./dataset.js";
import { zipped } from "./stages/combine.js";
import type { RowReader } from "./stages/rows.js";
import { kindOf, rowOf, Tuple, type HostRow, type Placed, type TupleOf } from "./stages/stack.js";
import { stageError, type Open, type Pass } from "./stages/stage.js";

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

/**
 * The rows of arrays: { xs: [n, …], ys: [n, …] } gives n elements { xs: tensor […], ys: tensor […] }. Typed arrays and tensors keep their dtype and
 * are not copied; numbers and nested arrays become float32; a list of strings gives strings.
 *
 * Throws ShapeError for scalars and where fields differ in length.
 */
export function fromArrays<C extends Columns>(columns: C): Dataset<Example<C>> {
  const { count, load } = tableOf(columns, "dataset: fromArrays") as Table<Example<C>>;
  return Dataset.ofRows({ load, order: () => numbersTo(count) }, count);
}

function* numbersTo(count: number): Generator<number, void, undefined> {
  for (let i = 0; i < count; i++) yield i;
}

/** The rows of tensors: the same as fromArrays. */
export function fromTensors<C extends Columns>(columns: C): Dataset<Example<C>> {
  return fromArrays(columns);
}

/** The items of a list, as they are; TensorFlow.js' `data.array`. */
export function array<T>(items: readonly T[]): Dataset<T> {
  if (!Array.isArray(items)) throw new ValueError(`dataset: array: expected a list of elements, got ${String(items)}. For columns use fromArrays({ xs, ys }).`);
  return new Dataset(async function* () {
    yield* items;
  }, items.length);
}

type Maybe<T> = T | Promise<T>;
type AnyIterator<T> = { next(): Maybe<IteratorResult<T, unknown>>; return?(): Maybe<unknown> };
type AnyIterable<T> = Iterable<T> | AsyncIterable<T> | AnyIterator<T>;

/**
 * What a generator gives; it is started anew in each pass, and ended (its finally runs) when a pass is broken off.
 *
 * make: a generator function, sync or async, or any function that gives an iterable or iterator, or a promise of one. It gets { epoch }.
 */
export function fromGenerator<T>(make: (pass: Pass) => Maybe<AnyIterable<T>>): Dataset<T> {
  if (typeof make !== "function") throw new ValueError(`dataset: generator: expected a function that gives an iterable, got ${String(make)}. For an iterable use fromIterable.`);
  return new Dataset(fromUser("generator", make));
}

/** The same as fromGenerator, under TensorFlow.js' name. */
export function generator<T>(make: (pass: Pass) => Maybe<AnyIterable<T>>): Dataset<T> {
  return fromGenerator(make);
}

/** What an iterable gives, sync or async. One that can be gone through once (a generator object, a stream) gives one pass. */
export function fromIterable<T>(iterable: Iterable<T> | AsyncIterable<T>): Dataset<T> {
  const { length } = iterable as { length?: unknown };
  return new Dataset(fromUser("iterable", () => iterable), Array.isArray(iterable) ? (length as number) : undefined);
}

/** Elements of several datasets side by side, until the shortest ends: of [a, b] tuples, of { xs: a, ys: b } objects. */
export function zip<D extends readonly unknown[]>(datasets: readonly [...{ [K in keyof D]: Dataset<D[K]> }]): Dataset<D & TupleOf<D>>;
export function zip<D extends object>(datasets: { readonly [K in keyof D]: Dataset<D[K]> }): Dataset<D>;
export function zip(datasets: readonly Dataset<unknown>[] | Readonly<Record<string, Dataset<unknown>>>): Dataset<unknown> {
  const all = Object.values(datasets);
  const wrong = all.findIndex((dataset) => !(dataset instanceof Dataset));
  if (all.length === 0 || wrong >= 0) throw new ValueError(`dataset: zip: expected datasets, got ${wrong < 0 ? "none" : `${String(all[wrong])} at ${Object.keys(datasets)[wrong]!}`}.`);
  const sizes = all.map(({ size }) => size);
  const size = sizes.includes(undefined) ? undefined : Math.min(...(sizes as number[]));
  return new Dataset(zipped(all.map((dataset) => Dataset.opener(dataset)), Array.isArray(datasets) ? undefined : Object.keys(datasets)), size);
}

function fromUser<T>(stage: string, make: (pass: Pass) => Maybe<AnyIterable<T>>): Open<T> {
  return async function* (pass) {
    let index = 0;
    let ended = true;
    let iterator: AnyIterator<T> | undefined;
    try {
      for (;;) {
        let next: IteratorResult<T, unknown>;
        try {
          iterator ??= iteratorOf(await make(pass), stage);
          ended = true; // One that throws has ended itself.
          next = await iterator.next();
        } catch (cause) {
          throw stageError(stage, index, cause);
        }
        if (next.done) return;
        ended = false;
        yield next.value;
        index++;
      }
    } finally {
      if (!ended) await iterator?.return?.();
    }
  };
}

function iteratorOf<T>(given: AnyIterable<T>, stage: string): AnyIterator<T> {
  if (typeof given === "object" && given !== null) {
    if (Symbol.asyncIterator in given) return given[Symbol.asyncIterator]();
    if (Symbol.iterator in given) return given[Symbol.iterator]();
    if ("next" in given && typeof given.next === "function") return given;
  }
  throw new ValueError(`expected an iterable or an iterator from the ${stage}, got ${String(given)}`);
}

/** Columns whose shapes are checked; numbers are read when the first pass begins. */
interface Table<T> {
  readonly count: number;
  load(): Promise<RowReader<T>>;
}

function tableOf(columns: unknown, where: string): Table<unknown> {
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

function shapeOf(column: unknown, where: string): Shape {
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
