// Sources of leaves: what is fed to a program's inputs when it runs.
import { isNarrow, type DType, type TypedArray } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { fromHalves, toHalves } from "../base/half.js";
import { markLasting } from "../base/lasting.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import { inputLeaf, type Value } from "../graph/value.js";
import { fourBytes } from "../ops/cast.js";

export interface Source {
  /** The bytes to feed now. `args` are the tensors of the call, where there is one. */
  feed(args: readonly TypedArray[]): TypedArray;
}

/** A tensor's data. */
export class DataSource implements Source {
  constructor(readonly data: TypedArray) {}
  feed(): TypedArray {
    return this.data;
  }
}

/** Argument `index` of a compiled function. */
export class ArgumentSource implements Source {
  constructor(readonly index: number) {}
  feed(args: readonly TypedArray[]): TypedArray {
    return args[this.index]!;
  }
}

/** A float32 that is asked for at every run: a learning rate, a schedule. */
export class ScalarSource implements Source {
  private readonly cell = new Float32Array(1);
  constructor(private readonly get: () => number) {}
  feed(): TypedArray {
    this.cell[0] = this.get();
    return this.cell;
  }
}

/** A leaf over data that nobody changes from here on. */
export function dataLeaf(data: TypedArray, shape: Shape, dtype: DType): Value {
  markLasting(data);
  return borrowedLeaf(data, shape, dtype);
}

/** A leaf over data that may change between runs. */
export function borrowedLeaf(data: TypedArray, shape: Shape, dtype: DType): Value {
  if (data.length !== sizeOf(shape)) throw new ShapeError(`tensor: expected ${sizeOf(shape)} elements for shape ${showShape(shape)}, got ${data.length}.`);
  return inputLeaf({ shape, dtype }, new DataSource(data));
}

/** The data behind a leaf that holds its own, or a reshape of one; null for other values. */
export function dataOf(value: Value): TypedArray | null {
  let root = value;
  while (root.op.name === "reshape") root = root.inputs[0]!;
  return root.source instanceof DataSource ? root.source.data : null;
}

/** A result as programs can give it: only a cast stores narrow elements; views of them travel in four bytes. */
export function inProgram(value: Value): Value {
  return isNarrow(value.dtype) && value.op.name !== "cast" ? fourBytes(value) : value;
}

/** The data of a result as a tensor of its dtype keeps it; see inProgram. */
export function fromProgram(data: TypedArray, dtype: DType): TypedArray {
  if (dtype === "uint8") return data instanceof Uint8Array ? data : Uint8Array.from(data);
  if (dtype === "float16") return data instanceof Uint16Array ? data : toHalves(data);
  return data;
}

/** A tensor's data as its user gets it, in an array of his own: float16 as float32. */
export function givenOut(data: TypedArray, dtype: DType): TypedArray {
  return dtype === "float16" ? fromHalves(data) : data.slice();
}
