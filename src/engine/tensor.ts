// Tensors: lazy, immutable, garbage-collected. A tensor is a node of a graph; nothing runs until somebody looks at it.
import { BYTES, computed, DTYPES, type DType, type TypedArray } from "../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { toHalves } from "../base/half.js";
import { nest, printArray, type NestedOf } from "../base/print.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "../ops/add.js";
import { argMax } from "../ops/argMax.js";
import { cast } from "../ops/cast.js";
import { div } from "../ops/div.js";
import { exp } from "../ops/exp.js";
import { log } from "../ops/log.js";
import { matmul } from "../ops/matmul.js";
import { max } from "../ops/max.js";
import { mean } from "../ops/mean.js";
import { min } from "../ops/min.js";
import { mul } from "../ops/mul.js";
import { neg } from "../ops/neg.js";
import { pow } from "../ops/pow.js";
import { relu } from "../ops/relu.js";
import { reshape } from "../ops/reshape.js";
import { sigmoid } from "../ops/sigmoid.js";
import { slice } from "../ops/slice.js";
import { sliceText } from "../ops/sliceText.js";
import { sqrt } from "../ops/sqrt.js";
import { square } from "../ops/square.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { tanh } from "../ops/tanh.js";
import { transpose } from "../ops/transpose.js";
import { isReady, start } from "./device.js";
import { evaluate, evaluateAsync, hold } from "./evaluate.js";
import { borrowedLeaf, dataLeaf, dataOf, givenOut } from "./source.js";
import { currentTrace, refuseInBody } from "./trace.js";

/** Numbers or booleans in arrays of arrays, as many in each as in its neighbours. */
export type NestedArray = number | boolean | readonly NestedArray[];
/** What functions take for a tensor: one, nested arrays, a typed array or a number. */
export type TensorLike = Tensor | NestedArray | TypedArray | Float64Array | Int8Array | Int16Array | Uint32Array | Uint8ClampedArray;
/** One axis or several; negative ones count from the last. */
export type Axes = number | readonly number[];

/** What a canvas' ImageData holds, or anything of its form: RGBA bytes, row by row. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Longer chains of pending ops are run, so that a loop that never looks stays bounded. */
const FLUSH_DEPTH = 2000;

/** By these, runtimes ask how an object is to be shown. */
const INSPECT = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");
const DENO_INSPECT = /* @__PURE__ */ Symbol.for("Deno.customInspect");

let recordings = 0;
let tapes = 0;

/** Runs fn with everything kept differentiable: a tensor that is looked at keeps the graph behind it, and long chains are not cut. */
export function recorded<T>(fn: () => T): T {
  recordings++;
  try {
    return fn();
  } finally {
    recordings--;
  }
}

/** As recorded(), and what fn makes stays differentiable afterwards, looked at or not. */
export function taped<T>(fn: () => T): T {
  tapes++;
  try {
    return recorded(fn);
  } finally {
    tapes--;
  }
}

/** Numbers in a shape: a node of a lazy graph that is computed when somebody looks. It never changes, and is collected like any object. */
export class Tensor {
  /** Sizes of the axes. */
  readonly shape: Shape;
  /** What the elements are. */
  readonly dtype: DType;
  private node: Value;
  /** Keeps the result of a heavy node worth keeping. */
  protected held: object | null = null;

  /** Made on a tape, which may be asked for its gradient after it was looked at. */
  private readonly onTape = tapes > 0;

  constructor(value: Value) {
    this.node = value;
    this.shape = value.shape;
    this.dtype = value.dtype;
    if (currentTrace() !== null) return;
    if (value.depth > FLUSH_DEPTH && isReady() && recordings === 0) this.node = dataLeaf(evaluate([value])[0]!, value.shape, value.dtype);
    else this.held = hold(value);
  }

  /** The graph node behind this tensor. */
  get value(): Value {
    return this.node;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The elements, row-major, as a typed array of their own (bool: Int32Array of 0 and 1). Starts the engine when needed. */
  async data(): Promise<TypedArray> {
    const value = this.value;
    if (dataOf(value) !== null || currentTrace() !== null) return this.dataSync();
    await start();
    const [data] = await evaluateAsync([value]);
    return givenOut(this.becomes(data!), this.dtype);
  }

  /** As data(), at once. Throws DeviceError before init(), and ValueError inside compile(). */
  dataSync(): TypedArray {
    const value = this.value;
    const known = dataOf(value);
    if (known !== null) return givenOut(known, this.dtype);
    refuseInBody("data: a value was read", "Return it, or compute with tensors instead.");
    if (currentTrace() !== null) {
      throw new ValueError("data: a value was read inside compile(), where none exists yet. Return it, or compute with tensors instead.");
    }
    const [data] = evaluate([value]);
    return givenOut(this.becomes(data!), this.dtype);
  }

  /** The chain behind is not needed any more: the tensor becomes its data. */
  private becomes(data: TypedArray): TypedArray {
    if (recordings === 0 && !this.onTape) {
      this.node = dataLeaf(data, this.shape, this.dtype);
      this.held = null;
    }
    return data;
  }

  /** Nested arrays of numbers (booleans for bool); a number for a scalar. */
  async array(): Promise<NestedOf<number | boolean>> {
    return this.nested(await this.data());
  }

  /** array() without waiting. Throws DeviceError before init(). */
  arraySync(): NestedOf<number | boolean> {
    return this.nested(this.dataSync());
  }

  /** The one element of a tensor of one element. Throws ShapeError for others, DeviceError before init(). */
  item(): number | boolean {
    if (this.size !== 1) throw new ShapeError(`item: a tensor of shape ${showShape(this.shape)} has ${this.size} elements, expected 1. Use arraySync()?`);
    const [value] = this.dataSync();
    return this.dtype === "bool" ? value !== 0 : value!;
  }

  private nested(data: TypedArray): NestedOf<number | boolean> {
    return nest<number | boolean>(data, this.shape, this.dtype === "bool" ? (x) => x !== 0 : (x) => x);
  }

  /** Values as NumPy prints them, with shape and dtype; a pending tensor shows only those. */
  toString(): string {
    const about = `shape ${showShape(this.shape)}, ${this.dtype}`;
    if (currentTrace() !== null || (dataOf(this.value) === null && !isReady())) return `Tensor(${about}, not computed)`;
    return `Tensor(${printArray(this.dataSync(), this.shape, this.dtype, "Tensor(".length)}, ${about})`;
  }

  /** What console.log shows in Node and Bun: toString(). */
  [INSPECT](): string {
    return this.toString();
  }

  /** What console.log shows in Deno: toString(). */
  [DENO_INSPECT](): string {
    return this.toString();
  }

  /** Does nothing, and need not be called: a tensor that nobody refers to is garbage-collected. */
  dispose(): void {}

  /** Prints toString(). */
  print(): void {
    console.log(this.toString());
  }

  /** this + y; shapes broadcast. */
  add(y: TensorLike): Tensor {
    return new Tensor(add(this.value, valueOf(y, this.dtype)));
  }
  /** this − y; shapes broadcast. */
  sub(y: TensorLike): Tensor {
    return new Tensor(sub(this.value, valueOf(y, this.dtype)));
  }
  /** this · y; shapes broadcast. */
  mul(y: TensorLike): Tensor {
    return new Tensor(mul(this.value, valueOf(y, this.dtype)));
  }
  /** this / y, a float; shapes broadcast. */
  div(y: TensorLike): Tensor {
    return new Tensor(div(this.value, valueOf(y, this.dtype)));
  }
  /** this to the power of y; shapes broadcast. */
  pow(y: TensorLike): Tensor {
    return new Tensor(pow(this.value, valueOf(y, this.dtype)));
  }
  /** −this. */
  neg(): Tensor {
    return new Tensor(neg(this.value));
  }
  /** this². */
  square(): Tensor {
    return new Tensor(square(this.value));
  }
  /** √this. */
  sqrt(): Tensor {
    return new Tensor(sqrt(this.value));
  }
  /** e to the power of this. */
  exp(): Tensor {
    return new Tensor(exp(this.value));
  }
  /** The natural logarithm. */
  log(): Tensor {
    return new Tensor(log(this.value));
  }
  /** max(this, 0). */
  relu(): Tensor {
    return new Tensor(relu(this.value));
  }
  /** 1 / (1 + e to the power of −this). */
  sigmoid(): Tensor {
    return new Tensor(sigmoid(this.value));
  }
  /** The hyperbolic tangent. */
  tanh(): Tensor {
    return new Tensor(tanh(this.value));
  }
  /** The matrix product with y; leading axes broadcast. */
  matmul(y: TensorLike): Tensor {
    return new Tensor(matmul(this.value, valueOf(y, "float32")));
  }
  /** Sum over `axes`, all when absent. */
  sum(axes?: Axes, keepDims = false): Tensor {
    return new Tensor(sum(this.value, { axes, keepDims }));
  }
  /** The mean over axes (all when absent). */
  mean(axes?: Axes, keepDims = false): Tensor {
    return new Tensor(mean(this.value, { axes, keepDims }));
  }
  /** The largest element over axes (all when absent). */
  max(axes?: Axes, keepDims = false): Tensor {
    return new Tensor(max(this.value, { axes, keepDims }));
  }
  /** The smallest element over axes (all when absent). */
  min(axes?: Axes, keepDims = false): Tensor {
    return new Tensor(min(this.value, { axes, keepDims }));
  }
  /** Index of the largest element along an axis, the last when absent. */
  argMax(axis = -1): Tensor {
    return new Tensor(argMax(this.value, { axis }));
  }
  /** The same elements in another shape; one size may be −1. */
  reshape(shape: Shape): Tensor {
    return new Tensor(reshape(this.value, { shape }));
  }
  /** With axes in the order `perm`; turned round when absent. */
  transpose(perm?: readonly number[]): Tensor {
    return new Tensor(transpose(this.value, { perm }));
  }
  /**
   * A part of this tensor, a view: by text as NumPy writes it, x.slice("10:100, :, 7:-7"), or from `begin`, `size` elements (−1 or none: to the end) along each axis, a number for the first one.
   * Throws ShapeError for text that is no slice and for a box that does not lie inside.
   */
  slice(begin: string | number | readonly number[], size?: number | readonly number[]): Tensor {
    if (typeof begin === "string") return new Tensor(sliceText(this.value, { text: begin }));
    return new Tensor(slice(this.value, { begin: [begin].flat(), ...(size !== undefined && { size: [size].flat() }) }));
  }
  /** The elements in another dtype. */
  cast(dtype: DType): Tensor {
    return new Tensor(cast(this.value, { dtype }));
  }

  /** Text is toString(). Throws ValueError where a number is wanted: x * 2 would be NaN without a word. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "number") throw new ValueError("tensor: JavaScript's operators do not compute with tensors. Use add, mul, less …, or read the value with dataSync().");
    return this.toString();
  }
}

/**
 * A tensor of given values: nested arrays, a typed array (copied), a number, another tensor, the pixels of an image (uint8 [height, width, 4]).
 * dtype when absent: int32 for integers that fit, bool for booleans, float32 for the rest and for mixtures; a typed array keeps its own, as near as there is
 * one. Values that a given dtype cannot hold become what cast() makes of them.
 * Throws ShapeError for ragged arrays or a shape that does not fit, DTypeError for values that are no numbers.
 */
export function tensor(values: TensorLike | Pixels, shape?: Shape, dtype?: DType): Tensor {
  if (dtype !== undefined && BYTES[dtype] === undefined) throw new DTypeError(`tensor: dtype "${String(dtype)}" is not known; expected ${DTYPES.join(", ")}.`);
  if (values instanceof Tensor) return new Tensor(dtype ? cast(values.value, { dtype }) : values.value).reshape(shape ?? values.shape);
  if (isPixels(values)) return tensor(values.data, shape ?? [values.height, values.width, 4], dtype);
  const read = ArrayBuffer.isView(values) ? readTyped(values, dtype) : readNested(values as NestedArray, dtype);
  const full = shape ?? read.shape;
  if (sizeOf(full) !== read.data.length) throw new ShapeError(`tensor: ${read.data.length} values do not fill the shape ${showShape(full)}.`);
  return new Tensor(dataLeaf(read.data, full, read.dtype));
}

/** The tensor itself, or one of the values given. */
export function tensorOf(x: TensorLike): Tensor {
  return x instanceof Tensor ? x : tensor(x);
}

/** A tensor over memory that stays the caller's: not copied, and read whenever a program runs. For feeding batches from one buffer. */
export function borrowed(data: TypedArray, shape: Shape, dtype: DType): Tensor {
  if (data.byteLength !== sizeOf(shape) * BYTES[dtype]) throw new ShapeError(`borrowed: ${data.byteLength} B do not fill ${dtype} ${showShape(shape)}.`);
  return new Tensor(borrowedLeaf(data, shape, dtype));
}

/** The node of anything tensor-like. A bare number takes the dtype of its partner where it fits; inside a trace it is a constant. */
export function valueOf(x: TensorLike, partner: DType = "float32"): Value {
  if (x instanceof Tensor) return x.value;
  if (typeof x === "number" || typeof x === "boolean") {
    const dtype: DType = typeof x === "boolean" ? "bool" : computed(partner) === "int32" && Number.isInteger(x) ? "int32" : "float32";
    return currentTrace() !== null ? constant(Number(x), dtype) : tensor(x, [], dtype).value;
  }
  return tensor(x).value;
}

interface Read {
  readonly data: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Typed arrays by the dtype that keeps their numbers; Float64Array and Uint32Array lose some. */
const TYPED: Readonly<Record<string, DType>> = {
  Float32Array: "float32", Float64Array: "float32", Int32Array: "int32", Uint32Array: "int32", Int16Array: "int32", Uint16Array: "int32", Int8Array: "int32", Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
}; // prettier-ignore

function readTyped(values: ArrayBufferView, dtype: DType | undefined): Read {
  // Subclasses, Node's Buffer for one, are what they derive from.
  const own = TYPED[Object.prototype.toString.call(values).slice(8, -1)];
  if (own === undefined) throw new DTypeError(`tensor: ${values.constructor.name} is not supported; use Float32Array, Int32Array or Uint8Array.`);
  const numbers = values as Float32Array;
  return { data: convert(numbers, dtype ?? own), shape: [numbers.length], dtype: dtype ?? own };
}

function readNested(values: NestedArray, dtype: DType | undefined): Read {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level); level = level[0] as NestedArray) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const flat: number[] = [];
  let floats = false;
  let booleans = true;
  const visit = (item: NestedArray, axis: number): void => {
    if (Array.isArray(item)) {
      if (item.length !== shape[axis]) throw new ShapeError(`tensor: ragged array, an item along axis ${axis} has ${item.length} elements, expected ${shape[axis] ?? "a number"}.`);
      for (const inner of item) visit(inner as NestedArray, axis + 1);
      return;
    }
    if (axis !== shape.length) throw new ShapeError(`tensor: ragged array, a number stands where ${shape[axis]} elements are expected.`);
    if (typeof item !== "number" && typeof item !== "boolean") throw new DTypeError(`tensor: expected numbers or booleans, got ${showItem(item)}.`);
    if (typeof item === "number") booleans = false;
    if (Number(item) !== (Number(item) | 0) || Object.is(item, -0)) floats = true;
    flat.push(Number(item));
  };
  visit(values, 0);
  const own: DType = flat.length === 0 || floats ? "float32" : booleans ? "bool" : "int32";
  return { data: convert(flat, dtype ?? own), shape, dtype: dtype ?? own };
}

function isPixels(values: unknown): values is Pixels {
  return typeof values === "object" && values !== null && "data" in values && "width" in values && "height" in values && ArrayBuffer.isView(values.data);
}

function showItem(item: unknown): string {
  const cure = typeof item === "string" ? ". Text has no dtype: convert it with Number(), or give each word a number" : item === undefined ? ". A tensor needs a value" : "";
  const text = typeof item === "bigint" ? `${item}n` : (JSON.stringify(item) ?? String(item));
  return `${text.slice(0, 40)} (${item === null ? "null" : typeof item})${cure}`;
}

/** The numbers as a dtype stores them: what cast() does. */
function convert(values: ArrayLike<number>, dtype: DType): TypedArray {
  return CONVERTERS[dtype](values);
}

const CONVERTERS: Readonly<Record<DType, (values: ArrayLike<number>) => TypedArray>> = {
  float32: (values) => Float32Array.from(values),
  float16: toHalves,
  // Typed arrays cut fractions off and make NaN 0 by themselves, but wrap what is too large.
  uint8: (values) => (values instanceof Uint8Array ? values.slice() : Uint8Array.from(values, (x) => Math.min(Math.max(x, 0), 255))),
  int32: (values) => (values instanceof Int32Array ? values.slice() : Int32Array.from(values, (x) => Math.min(Math.max(x, -2147483648), 2147483647))),
  bool: (values) => Int32Array.from(values, (x) => (x === 0 ? 0 : 1)),
};
