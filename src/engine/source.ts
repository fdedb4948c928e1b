// Sources of leaves: what is fed to a program's inputs when it runs.
import type { TypedArray } from "../base/dtype.js";
import type { DType } from "../base/dtype.js";
import { sizeOf, type Shape } from "../base/shape.js";
import { inputLeaf, type Value } from "../graph/value.js";
import { fourBytes } from "../ops/cast.js";

export interface Source {
  /** The bytes to feed now. `args` are the tensors of the call, where there is one. */
  feed(args: readonly TypedArray[]): TypedArray;
}

/** A tensor's own data. Never changes. */
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
  if (data.length !== sizeOf(shape)) throw new RangeError(`data of ${data.length} elements for shape [${shape.join(", ")}]`);
  return inputLeaf({ shape, dtype }, new DataSource(data));
}

/** The data behind a leaf that holds its own, or a reshape of one; null for other values. */
export function dataOf(value: Value): TypedArray | null {
  let root = value;
  while (root.op.name === "reshape") root = root.inputs[0]!;
  return root.source instanceof DataSource ? root.source.data : null;
}

/** A result as programs can give it: bytes travel as int32, because kernels write four bytes an element. */
export function inProgram(value: Value): Value {
  return fourBytes(value);
}

/** The data of a result in its own dtype; see inProgram. */
export function fromProgram(data: TypedArray, dtype: DType): TypedArray {
  return dtype === "uint8" ? Uint8Array.from(data) : data;
}
