// Stacking: elements of equal structure become one, whose tensors have a new first axis. Bytes stay bytes.
import { allocate, type DType, type TypedArray } from "../../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, showShape, sizeOf, type Shape } from "../../base/shape.js";
import { borrowed, tensor, Tensor, type NestedArray, type Pixels } from "../../engine/index.js";

/** A list whose entries are stacked each for itself, even where all are numbers. zip makes them. */
export class Tuple<T = unknown> extends Array<T> {
  /** A tuple of these entries. */
  static override from<T>(values: Iterable<T> | ArrayLike<T>): Tuple<T> {
    const tuple = new Tuple<T>();
    tuple.push(...Array.from(values));
    return tuple;
  }

  /** Its own methods give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

declare const entries: unique symbol;

/** Marks the type of a tuple that zip made: [number, number] alone would be stacked as a vector. For the type checker only. */
export interface TupleOf<E extends readonly unknown[]> {
  readonly [entries]: E;
}

type Row = TypedArray | Float64Array | Int8Array | Int16Array | Uint32Array | Uint8ClampedArray;

/** Elements with their shape, as fit takes them too. */
export interface Placed {
  readonly data: TypedArray | readonly number[];
  readonly shape: Shape;
}

/** The type of a batch: tensors for numbers, arrays and tensors, lists for text, and the same fields as before. */
export type Stacked<T> = T extends Tensor | number | boolean | Row | Placed | Pixels
  ? Tensor
  : T extends string
    ? string[]
    : T extends TupleOf<infer E>
      ? { [K in keyof E]: Stacked<E[K]> }
      : T extends readonly NestedArray[]
        ? Tensor
        : { [K in keyof T]: Stacked<T[K]> };

/**
 * One element of many: numbers, typed arrays, nested arrays and tensors become tensors [elements, …], text a list, and
 * objects and tuples are gone through field by field.
 *
 * Numbers and arrays of numbers become float32, also where all are whole; booleans bool; typed arrays and tensors keep their dtype.
 * first: number of the first element, for errors. Throws ShapeError, DTypeError or ValueError that names field and element.
 */
export async function stack<T>(elements: readonly T[], first: number, stage: string): Promise<Stacked<T>> {
  return (await stackField(elements, (i) => `dataset: ${stage}: element ${first + i}`, "")) as Stacked<T>;
}

type Place = (i: number) => string;

async function stackField(values: readonly unknown[], place: Place, field: string): Promise<unknown> {
  const example = values[0];
  const kind = kindOf(example);
  if (kind === undefined) throw new ValueError(`${place(0)}${field}: expected numbers, text, arrays, tensors or objects of them, got ${String(example)}.`);
  values.forEach((value, i) => {
    if (kindOf(value) !== kind && !(isArray(kind) && isArray(kindOf(value)))) {
      throw new ValueError(`${place(i)}${field}: expected ${KINDS[kind]} as in ${place(0).replace(/^.*: /, "")}, got ${describe(value)}.`);
    }
  });
  if (kind === "text") return [...values];
  if (kind === "fields" || kind === "tuple") return stackFields(values as readonly Fields[], place, field, kind);
  return join(await Promise.all(values.map((value, i) => rowOf(value, () => `${place(i)}${field}`))), place, field);
}

type Fields = Readonly<Record<string, unknown>>;

async function stackFields(values: readonly Fields[], place: Place, field: string, kind: "fields" | "tuple"): Promise<unknown> {
  const keys = Object.keys(values[0]!);
  const wrong = values.findIndex((value) => Object.keys(value).length !== keys.length || keys.some((key) => !(key in value)));
  if (wrong >= 0) {
    const [expected, got] = [keys, Object.keys(values[wrong]!)].map((names) => (kind === "tuple" ? `${names.length} entries` : `the fields ${names.join(", ")}`));
    throw new ValueError(`${place(wrong)}${field}: expected ${expected}, got ${got}.`);
  }
  const stacked = await Promise.all(keys.map((key) => stackField(values.map((value) => value[key]), place, `${field}${kind === "tuple" ? `[${key}]` : `, ${key}`}`)));
  return kind === "tuple" ? Tuple.from(stacked) : Object.fromEntries(keys.map((key, i) => [key, stacked[i]]));
}

type Kind = "array" | "number" | "boolean" | "tensor" | "text" | "fields" | "tuple";

const KINDS: Readonly<Record<Kind, string>> = {
  array: "an array of numbers", number: "a number", boolean: "a boolean", tensor: "a tensor", text: "text", fields: "an object", tuple: "a tuple",
}; // prettier-ignore

/** Of these, shape and dtype decide, not how the numbers came. */
function isArray(kind: Kind | undefined): boolean {
  return kind === "array" || kind === "tensor";
}

/** How a value is stacked; undefined for null, functions and the like. */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "text";
  if (value instanceof Tensor) return "tensor";
  if (ArrayBuffer.isView(value)) return "array";
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Tuple) return "tuple";
  if (Array.isArray(value)) return isRegular(value) ? "array" : "tuple";
  if ("data" in value && ("shape" in value || "width" in value)) return "array";
  return "fields";
}

/** Whether a list is a tensor written out: numbers, or lists of equal length that are. */
function isRegular(list: readonly unknown[]): boolean {
  if (list instanceof Tuple) return false;
  if (list.every((item) => typeof item === "number" || typeof item === "boolean")) return true;
  const { length } = Array.isArray(list[0]) ? list[0] : [];
  return list.every((item) => Array.isArray(item) && item.length === length && isRegular(item));
}

/** Numbers in host memory with shape and dtype. */
export interface HostRow {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: DType;
}

const SCALAR: Shape = [];

/** The numbers of one value of kind array, number, boolean or tensor. */
export async function rowOf(value: unknown, where: () => string): Promise<HostRow> {
  if (typeof value === "number") return { data: [value], shape: SCALAR, dtype: "float32" };
  if (typeof value === "boolean") return { data: [Number(value)], shape: SCALAR, dtype: "bool" };
  if (value instanceof Tensor) return { data: await value.data(), shape: value.shape, dtype: value.dtype };
  if (value instanceof Float32Array) return { data: value, shape: [value.length], dtype: "float32" };
  if (value instanceof Int32Array) return { data: value, shape: [value.length], dtype: "int32" };
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return { data: value, shape: [value.length], dtype: "uint8" };
  try {
    const made = await tensorOf(value);
    return { data: made.dataSync(), shape: made.shape, dtype: made.dtype };
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/^tensor/, where());
    throw error;
  }
}

/** Anything else that is written out: nested arrays, other typed arrays, { data, shape }, pixels. */
async function tensorOf(value: unknown): Promise<Tensor> {
  if (Array.isArray(value)) return tensor(value as NestedArray, undefined, hasNumber(value) ? "float32" : "bool");
  if (ArrayBuffer.isView(value)) return tensor(value as Row);
  const { data, shape } = value as Placed;
  if (shape === undefined) return tensor(value as Pixels);
  return Array.isArray(data) ? tensor(data as number[], shape, "float32") : tensor(data as TypedArray, shape);
}

function hasNumber(list: readonly unknown[]): boolean {
  return list.length === 0 || list.some((item) => (Array.isArray(item) ? hasNumber(item) : typeof item === "number"));
}

function join(rows: readonly HostRow[], place: Place, field: string): Tensor {
  const { shape, dtype } = rows[0]!;
  const width = sizeOf(shape);
  const data = dtype === "float16" ? new Float32Array(rows.length * width) : allocate(dtype, rows.length * width);
  rows.forEach((row, i) => {
    if (!sameShape(row.shape, shape)) throw new ShapeError(`${place(i)}${field}: expected shape ${showShape(shape)} as in the elements before it, got ${showShape(row.shape)}.`);
    if (row.dtype !== dtype) throw new DTypeError(`${place(i)}${field}: expected ${dtype} as in the elements before it, got ${row.dtype}.`);
    data.set(row.data, i * width);
  });
  const full = [rows.length, ...shape];
  return dtype === "float16" ? tensor(data, full, dtype) : borrowed(data, full, dtype);
}

function describe(value: unknown): string {
  const kind = kindOf(value);
  return kind === undefined ? String(value) : KINDS[kind];
}
