// Feeding: what users pass as data becomes rows in host memory, checked once; batches are gathered into buffers that are used again.
import type { TypedArray } from "../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import { borrowed, tensor, Tensor, type TensorLike } from "../engine/index.js";
import { showBatch } from "./layer.js";
import { checkOptions } from "../base/options.js";
import type { LabelKind } from "./losses/named.js";

/** A tensor, nested arrays, or elements with their shape. The first axis counts examples. */
export type DataLike = TensorLike | { readonly data: TypedArray | readonly number[]; readonly shape: Shape };

/** Data of a model's inputs, or of its outputs: of one; of several as a list in their order, or as an object by their names. */
export type Feed = DataLike | readonly DataLike[] | Readonly<Record<string, DataLike>>;

/** One part of a feed, and what errors call it. */
export interface Part {
  readonly data: DataLike;
  readonly where: string;
}

/** Examples in host memory. uint8 stays uint8: it is widened by the program. */
export interface Rows {
  readonly data: TypedArray;
  readonly count: number;
  /** Shape of one example. */
  readonly shape: Shape;
}

/** Starts what has to run before rowsOf can look at it. */
export async function settle(...given: readonly unknown[]): Promise<void> {
  for (const x of given) {
    if (x instanceof Tensor) await x.data();
    else if (isList(x)) await settle(...x);
    else if (isByName(x)) await settle(...Object.values(x));
  }
}

/** Whether data is a list of tensors, or of elements with their shapes. */
export function isList(given: unknown): given is readonly DataLike[] {
  return Array.isArray(given) && given.length > 0 && given.every((part: unknown) => part instanceof Tensor || isElements(part));
}

/** The parts of a feed in the order of the names. names: undefined where it is not yet known how many there are. Throws ValueError when one is missing or unknown. */
export function partsOf(given: Feed, names: readonly string[] | undefined, where: string): readonly Part[] {
  const list = isList(given) || (names !== undefined && names.length > 1 && Array.isArray(given)) ? (given as readonly DataLike[]) : undefined;
  const called = names ?? (list ?? [given]).map((_, i, all) => (all.length === 1 ? "input" : `input_${i}`));
  const placeOfPart = (name: string): string => (called.length === 1 ? where : `${where}: ${name}`);
  if (list) {
    if (list.length !== called.length) throw new ValueError(`${where}: expected data for ${called.join(", ")}, got a list of ${list.length}.`);
    return list.map((data, i) => ({ data, where: placeOfPart(called[i]!) }));
  }
  if (isByName(given)) {
    if (names === undefined) throw new ValueError(`${where}: expected a list, in the order in which call() takes it: the inputs of a model class have no names before it is built.`);
    checkOptions(given, called, where);
    const named: Readonly<Record<string, DataLike>> = given;
    return called.map((name) => ({ data: named[name]!, where: `${where}: ${name}` }));
  }
  if (called.length > 1) throw new ValueError(`${where}: expected data for ${called.join(", ")}: a list in this order, or an object by these names.`);
  return [{ data: given as DataLike, where }];
}

function isElements(given: unknown): boolean {
  return typeof given === "object" && given !== null && "data" in given && "shape" in given;
}

/** Whether data is an object by names. */
export function isByName(given: unknown): given is Readonly<Record<string, DataLike>> {
  return typeof given === "object" && given !== null && !(given instanceof Tensor) && !Array.isArray(given) && !ArrayBuffer.isView(given) && !isElements(given) && Object.getPrototypeOf(given) === Object.prototype;
}

/** The rows of user data; where: argument, for errors. Throws ShapeError for a scalar, ragged arrays or a shape that does not fit. */
export function rowsOf(given: DataLike, where: string): Rows {
  const { data, shape } = elementsOf(given, where);
  if (shape.length === 0) throw new ShapeError(`${where}: expected examples along the first axis, got a single number.`);
  if (sizeOf(shape) !== data.length) throw new ShapeError(`${where}: ${data.length} elements do not fill the shape ${showShape(shape)}.`);
  if (shape[0] === 0) throw new ValueError(`${where}: expected at least one example, got none: shape ${showShape(shape)}.`);
  return { data, count: shape[0]!, shape: shape.slice(1) };
}

/** The examples from `begin` up to, not including, `end`; shares the memory. */
export function sliceRows({ data, shape }: Rows, begin: number, end: number): Rows {
  const width = sizeOf(shape);
  return { data: data.subarray(begin * width, end * width), count: end - begin, shape };
}

/** Inputs as a model takes them: float32 or uint8, finite, of its input shape. Throws ShapeError or ValueError. */
export function checkInputs(rows: Rows, expected: Shape, where: string): Rows {
  if (!sameShape(rows.shape, expected)) {
    const single = sameShape([rows.count, ...rows.shape], expected);
    const cure = single ? " Is it one example? Give it an axis for the batch: [x], or expandDims(x, 0)." : sizeOf(rows.shape) === sizeOf(expected) ? " The sizes agree: reshape it." : "";
    throw new ShapeError(`${where}: expected shape ${showBatch(expected)}, got ${showShape([rows.count, ...rows.shape])}.${cure}`);
  }
  if (rows.data instanceof Uint8Array) return rows;
  const floats = asFloat32(rows);
  checkFinite(floats, where);
  return floats;
}

/**
 * Labels as a loss takes them, for predictions of shape [batch, ...output].
 *
 * classes: int32 [batch, …], each in 0 … classes − 1, or `ignored`   probabilities: float32 of the predictions' shape, in [0, 1]
 * values: finite float32 of the predictions' shape   any: as they are
 * Throws ShapeError or ValueError that names the first label that does not fit.
 */
export function checkLabels(rows: Rows, kind: LabelKind, output: Shape, where: string, ignored?: number): Rows {
  if (kind === "any") {
    const plain = rows.data instanceof Int32Array ? rows : asFloat32(rows);
    checkNoNaN(plain, where);
    return plain;
  }
  const lead = output.slice(0, -1);
  if (kind === "classes") {
    if (!sameShape(rows.shape, lead) && !sameShape(rows.shape, [...lead, 1])) {
      const cure = sameShape(rows.shape, output) ? ' For one-hot labels use loss "categoricalCrossentropy".' : "";
      throw new ShapeError(`${where}: expected class numbers of shape ${showBatch(lead)}, got ${showShape([rows.count, ...rows.shape])}.${cure}`);
    }
    return asClasses(rows, lead, output[output.length - 1]!, where, ignored);
  }
  const narrow = output[output.length - 1] === 1 && sameShape(rows.shape, lead);
  if (!narrow && !sameShape(rows.shape, output)) {
    const cure =
      kind === "probabilities" && sameShape(rows.shape, lead) ? ' For class numbers use loss "sparseCategoricalCrossentropy".'
      : rows.shape.length < output.length && output.length > 1 ? " Does the model lack a flatten or a global pooling?"
      : ""; // prettier-ignore
    throw new ShapeError(`${where}: expected labels of the model's output shape ${showBatch(output)}, got ${showShape([rows.count, ...rows.shape])}.${cure}`);
  }
  const floats = { ...asFloat32(rows), shape: output };
  checkFinite(floats, where);
  if (kind === "probabilities") {
    const bad = floats.data.findIndex((x) => x < 0 || x > 1);
    if (bad >= 0) throw new ValueError(`${where}: expected labels between 0 and 1, got ${floats.data[bad]} ${placeOf(floats, bad)}.`);
  }
  return floats;
}

/** Throws ShapeError when inputs, labels and weights differ in count. */
export function checkCounts(inputs: readonly Rows[], others: readonly Rows[], where: string, what = "labels"): void {
  const { count } = inputs[0]!;
  const odd = inputs.findIndex((rows) => rows.count !== count);
  if (odd >= 0) throw new ShapeError(`${where}: expected as many examples of each input, got ${count} of the first and ${inputs[odd]!.count} of number ${odd + 1}.`);
  const other = others.find((rows) => rows.count !== count);
  if (other) throw new ShapeError(`${where}: expected as many ${what} as inputs, got ${count} inputs and ${other.count} ${what}.`);
}

/** A buffer that batches are gathered into. The tensors it gives are views of it: valid until the next gather. */
export class BatchBuffer {
  private readonly buffer: TypedArray;
  private readonly width: number;
  /** One tensor a batch size: the full one and the remainder. */
  private readonly tensors = new Map<number, Tensor>();

  /** widen: float32 even for uint8 rows, for someone who changes the batch in place. */
  constructor(private readonly rows: Rows, capacity: number, widen = false) {
    this.width = sizeOf(rows.shape);
    const length = capacity * this.width;
    this.buffer = widen ? new Float32Array(length) : likeArray(rows.data, length);
  }

  /** Copies the examples order[begin], … (begin, … without an order) into the buffer. */
  gather(order: Uint32Array | undefined, begin: number, count: number): Tensor {
    const { buffer, width, rows } = this;
    if (order === undefined) {
      buffer.set(rows.data.subarray(begin * width, (begin + count) * width));
    } else if (width < 16) {
      for (let i = 0; i < count; i++) {
        const from = order[begin + i]! * width;
        for (let j = 0; j < width; j++) buffer[i * width + j] = rows.data[from + j]!;
      }
    } else {
      for (let i = 0; i < count; i++) {
        const from = order[begin + i]! * width;
        buffer.set(rows.data.subarray(from, from + width), i * width);
      }
    }
    return this.tensor(count);
  }

  /** The elements of the batch gathered last. */
  elements(count: number): TypedArray {
    return this.buffer.subarray(0, count * this.width);
  }

  private tensor(count: number): Tensor {
    let known = this.tensors.get(count);
    if (known === undefined) {
      known = borrowedTensor(this.elements(count), [count, ...this.rows.shape]);
      this.tensors.set(count, known);
    }
    return known;
  }
}

/** All rows as one tensor over their memory, which it does not copy. */
export function borrow({ data, count, shape }: Rows): Tensor {
  return borrowedTensor(data, [count, ...shape]);
}

function borrowedTensor(data: TypedArray, shape: Shape): Tensor {
  return borrowed(data, shape, data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "uint8");
}

function elementsOf(given: DataLike, where: string): { data: TypedArray; shape: Shape } {
  if (given instanceof Tensor) return { data: given.dataSync(), shape: given.shape };
  if (typeof given === "object" && given !== null && "data" in given && "shape" in given) {
    if (!isNumbers(given.data)) throw new DTypeError(`${where}: expected data to be an array of numbers, got ${Object.prototype.toString.call(given.data).slice(8, -1)}.`);
    if (!Array.isArray(given.shape)) throw new ShapeError(`${where}: expected a shape such as [100, 28, 28], got ${JSON.stringify(given.shape)}.`);
    return { data: Array.isArray(given.data) ? Float32Array.from(given.data) : (given.data as TypedArray), shape: given.shape };
  }
  if (given === undefined || given === null) throw new ValueError(`${where}: expected a tensor, arrays or { data, shape }, got ${String(given)}.`);
  // Arrays of numbers are float32 even where all are whole: they are measurements, or labels that are checked later.
  const values = named(where, () => (ArrayBuffer.isView(given) ? tensor(given) : tensor(given as TensorLike, undefined, "float32")));
  return { data: values.dataSync(), shape: values.shape };
}

/** Big integers are no numbers: they take part in no arithmetic with them. */
function isNumbers(data: unknown): boolean {
  return Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView) && !(data instanceof BigInt64Array) && !(data instanceof BigUint64Array));
}

/** What `make` gives; its errors say which argument is meant. */
function named<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof DTypeError || error instanceof ShapeError) error.message = error.message.replace(/^tensor/, where);
    throw error;
  }
}

function asFloat32(rows: Rows): Rows {
  return rows.data instanceof Float32Array ? rows : { ...rows, data: Float32Array.from(rows.data) };
}

function asClasses(rows: Rows, lead: Shape, classes: number, where: string, ignored: number | undefined): Rows {
  const bad = rows.data.findIndex((label: number) => !(Number.isInteger(label) && label >= 0 && label < classes) && label !== ignored);
  if (bad >= 0) {
    throw new ValueError(`${where}: expected class numbers from 0 to ${classes - 1}, since the model has ${classes} outputs; got ${rows.data[bad]} ${placeOf(rows, bad)}.`);
  }
  return { ...rows, shape: lead, data: rows.data instanceof Int32Array ? rows.data : Int32Array.from(rows.data) };
}

/** Nothing can be learned from a label that is NaN, whatever the loss. */
function checkNoNaN(rows: Rows, where: string): void {
  const bad = rows.data.findIndex((x: number) => x !== x);
  if (bad >= 0) throw new ValueError(`${where}: expected numbers, got NaN ${placeOf(rows, bad)}. Leave it out by a sampleWeight of 0 and some number in its place?`);
}

function checkFinite(rows: Rows, where: string): void {
  const { data } = rows;
  if (!(data instanceof Float32Array) || isFiniteArray(data)) return;
  const bad = data.findIndex((x) => x - x !== 0);
  throw new ValueError(`${where}: expected finite numbers, got ${data[bad]} ${placeOf(rows, bad)}.`);
}

/** x − x is 0 for finite numbers and NaN for the rest, and NaN survives every sum. Four sums, so that none waits for the last. */
function isFiniteArray(data: Float32Array): boolean {
  let a = 0, b = 0, c = 0, d = 0;
  const whole = data.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += data[i]! - data[i]!;
    b += data[i + 1]! - data[i + 1]!;
    c += data[i + 2]! - data[i + 2]!;
    d += data[i + 3]! - data[i + 3]!;
  }
  for (let i = whole; i < data.length; i++) a += data[i]! - data[i]!;
  return a + b + c + d === 0;
}

function placeOf({ shape }: Rows, index: number): string {
  const width = sizeOf(shape);
  return `in example ${Math.floor(index / width)}${width === 1 ? "" : `, element ${index % width}`}`;
}

function likeArray(data: TypedArray, length: number): TypedArray {
  return data instanceof Float32Array ? new Float32Array(length) : data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
