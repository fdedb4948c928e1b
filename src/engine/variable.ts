// Variables: the only tensors that change. Each assignment makes a new version; a reader of an older one keeps what it saw.
import { allocate, computed, isFloat, type DType, type TypedArray } from "../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { toHalves } from "../base/half.js";
import { checkOptions } from "../base/options.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import { stateLeaf, type Value } from "../graph/value.js";
import { cast } from "../ops/cast.js";
import type { Executor, StateBuffer } from "../runtime/executor.js";
import { device, isReady } from "./device.js";
import { evaluate, remember } from "./evaluate.js";
import { dataLeaf, fromProgram, givenOut } from "./source.js";
import { tensor, Tensor, valueOf, type NestedArray, type TensorLike } from "./tensor.js";
import { currentTrace, refuseInBody } from "./trace.js";

let nextId = 0;

/** Memory of variables that were collected goes back to the device. */
const collected = new FinalizationRegistry<{ executor: Executor; buffer: StateBuffer }>(({ executor, buffer }) => executor.free(buffer));

/** Options of variable(). */
export interface VariableOptions {
  /** Whether variableGrads and optimizers see it. Default true. */
  readonly trainable?: boolean;
  readonly name?: string;
  readonly dtype?: DType;
}

/** A tensor that can be assigned: a weight, a counter, a state. Readers of an older value keep what they saw. */
export class Variable extends Tensor {
  readonly id = nextId++;
  /** In messages, files and pictures. A model calls its weights by their places in it. */
  name: string;
  trainable: boolean;
  /** What the variable holds until its memory exists. */
  private initial: TypedArray | null;
  private state: { executor: Executor; buffer: StateBuffer } | null = null;
  /** The leaf that eager code reads this version by, while anyone still holds it. */
  private leaf: WeakRef<Value> | null = null;
  /** An assignment that waits for the engine to start. */
  private pending: Value | null = null;

  constructor(data: TypedArray, shape: readonly number[], dtype: DType, options: VariableOptions) {
    super(dataLeaf(data, shape, dtype));
    this.initial = data;
    this.name = options.name ?? `variable_${this.id}`;
    this.trainable = options.trainable ?? true;
  }

  /** The current version: inside a trace the traced one, else a leaf over this variable's memory. */
  override get value(): Value {
    const trace = currentTrace();
    if (trace !== null) return trace.read(this);
    if (this.pending !== null) return this.pending;
    const known = this.leaf?.deref();
    if (known !== undefined) return known;
    const leaf = stateLeaf({ shape: this.shape, dtype: this.dtype }, this);
    this.leaf = new WeakRef(leaf);
    return leaf;
  }

  /**
   * Sets a new value of the same shape and dtype. Inside compile(), the assignment becomes part of the program and happens at the end of each call.
   * Throws ShapeError or DTypeError when the value does not fit.
   */
  assign(x: TensorLike): this {
    // Bare arrays of whole numbers fit a float variable.
    const given = Array.isArray(x) && isFloat(this.dtype) ? tensor(x as NestedArray, undefined, "float32").value : valueOf(x, computed(this.dtype));
    // A narrow variable takes what is computed from it.
    const value = given.dtype === computed(this.dtype) ? cast(given, { dtype: this.dtype }) : given;
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(`assign: variable ${this.name} is ${showShape(this.shape)}, got ${showShape(value.shape)}. A variable keeps its shape.`);
    }
    if (value.dtype !== this.dtype) throw new DTypeError(`assign: variable ${this.name} is ${this.dtype}, got ${value.dtype}. Cast first.`);
    refuseInBody(`assign: variable ${this.name} was assigned`, "Return the new value and assign it outside.");
    const trace = currentTrace();
    if (trace !== null) {
      trace.assign(this, value);
    } else if (!isReady()) {
      this.pending = value;
    } else {
      const [data] = evaluate([value]);
      this.store(data!);
    }
    return this;
  }

  /** Adds x to the variable. */
  assignAdd(x: TensorLike): this {
    return this.assign(this.add(x));
  }

  /** Subtracts x from the variable. */
  assignSub(x: TensorLike): this {
    return this.assign(this.sub(x));
  }

  /** Overwrites the memory with data of the right length; float16 takes float32 too. */
  store(given: TypedArray): void {
    const data = fromProgram(given, this.dtype);
    this.beforeOverwrite();
    this.pending = null;
    if (this.state === null) this.initial = data.slice();
    else this.state.executor.write(this.state.buffer, data);
  }

  /** A copy of what the variable holds, as it is stored. Needs the engine only when an assignment is pending. */
  snapshot(): TypedArray {
    this.settle();
    if (this.state === null) return this.initial!.slice();
    return this.state.executor.read(this.state.buffer, this.dtype, sizeOf(this.shape));
  }

  override dataSync(): TypedArray {
    return currentTrace() === null ? givenOut(this.snapshot(), this.dtype) : super.dataSync();
  }

  override async data(): Promise<TypedArray> {
    if (this.pending !== null) await super.data();
    else await this.state?.executor.idle();
    return this.dataSync();
  }

  /** The device memory, made on first use. */
  buffer(executor: Executor): StateBuffer {
    this.settle();
    if (this.state === null) {
      const data = this.initial!;
      this.state = { executor, buffer: executor.allocate(data.byteLength) };
      executor.write(this.state.buffer, data);
      collected.register(this, this.state);
      this.initial = null;
    }
    return this.state.buffer;
  }

  /** Lets pending readers of this version keep what they saw. */
  beforeOverwrite(): void {
    const leaf = this.leaf?.deref();
    this.leaf = null;
    if (leaf !== undefined) remember(leaf, this.snapshot());
  }

  private settle(): void {
    const value = this.pending;
    if (value === null) return;
    device(`variable ${this.name}`);
    // What it computes may read this variable, as it was before.
    this.pending = null;
    try {
      this.store(evaluate([value])[0]!);
    } catch (error) {
      this.pending = value;
      throw error;
    }
  }
}

/**
 * A variable that starts as a copy of `initial`; float32 when that is a bare number or array of them.
 * Throws DTypeError when a tensor has another dtype than asked for, and ValueError in a later trace of a compiled function.
 */
export function variable(initial: TensorLike, options: VariableOptions = {}): Variable {
  // A bare `false`, trainable as TensorFlow.js has it, would leave the variable trainable without a word.
  checkOptions(options, ["trainable", "name", "dtype"], "variable");
  if (currentTrace()?.creates === false) {
    throw new ValueError(`variable: ${options.name ?? "one"} was made in a later trace of a compiled function, which may make variables on its first trace only. Make it outside, or keep the first one.`);
  }
  // Bare numbers are there to be trained, whole or not.
  const bare = typeof initial === "number" || Array.isArray(initial);
  const start = initial instanceof Tensor ? initial : tensor(initial, undefined, options.dtype ?? (bare && !isBoolean(initial as NestedArray) ? "float32" : undefined));
  const dtype = options.dtype ?? start.dtype;
  if (dtype !== start.dtype) throw new DTypeError(`variable: ${start.dtype} given for dtype ${dtype}. Cast first.`);
  const data = start.dataSync();
  const copy = allocate(dtype, data.length);
  copy.set(dtype === "float16" ? toHalves(data) : data);
  return new Variable(copy, start.shape, dtype, options);
}

function isBoolean(values: NestedArray): boolean {
  return Array.isArray(values) ? values.some((item: NestedArray) => isBoolean(item)) : typeof values === "boolean";
}
