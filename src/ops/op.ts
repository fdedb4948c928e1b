// The contract of an op: one record with its shape rule, gradient rule and lowering, which is also the function that applies it.
import { BYTES, type DType } from "../base/dtype.js";
import { InternalError, ShapeError } from "../base/errors.js";
import { userLine, wantsOrigin } from "../base/origin.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import { node, PART, type Attrs, type TensorType, type Value } from "../graph/value.js";
import type { Kernel } from "../program/kernels.js";
import type { Micro } from "../program/micro.js";
import type { Address, Word } from "../program/program.js";

/** Where an operand of a step lies: an address, and strides in elements. */
export interface Operand extends TensorType {
  readonly address: Address;
  readonly strides: readonly number[];
}

/** Words the compiler fills in: bytes from the start of the step's workspace, the program's status slot, the step's number. */
export interface WorkspaceAddress {
  readonly workspace: number;
}
export const WORKSPACE: WorkspaceAddress = { workspace: 0 };
export const STATUS_ADDRESS = Symbol("status");
export const STEP_INDEX = Symbol("step");
export type LoweredWord = Word | WorkspaceAddress | typeof STATUS_ADDRESS | typeof STEP_INDEX;

export interface Lowering {
  readonly kernel: Kernel;
  readonly words: readonly LoweredWord[];
  /** Bytes of scratch while the step runs, a thread. */
  readonly workspace?: number;
  /**
   * How threads may share the step; see Split in program/program.ts. outputs and inputs: bytes a unit of each operand that unit u touches only in
   * [u · bytes, (u + 1) · bytes), or null.
   */
  readonly split?: { readonly units: number; readonly outputs: readonly (number | null)[]; readonly inputs: readonly (number | null)[] };
}

/** "reproducible": the same bits everywhere; "fast": what is quicker and within its stated error. */
export type Numerics = "reproducible" | "fast";

/** What a lowering may know of where the program will run. */
export interface Target {
  readonly numerics: Numerics;
}

/** A way to see a tensor's memory: no step at all. Offset and strides in elements. */
export interface Layout {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

export type OpInputs = readonly Value[];

/**
 * The rules of an op. `I` lists its inputs, `A` its attributes.
 * Exactly one of `micro`, `lower`, `view`, `expand` says how it runs.
 */
export interface OpRule<I extends OpInputs, A extends object> {
  readonly name: string;
  /** Brings operands together (promotion, defaults) before the shape rule. */
  prepare?(inputs: I, attrs: A): readonly [I, A];
  /** Shape and dtype of the result; an array of them for an op with several results. Throws ShapeError or DTypeError. */
  shape(inputs: I, attrs: A): TensorType | readonly TensorType[];
  /**
   * Vector-Jacobian product: the gradient for each input (null: none flows), from the gradient dy of the result y.
   * A gradient that is larger than its input along broadcast axes is summed by the caller.
   */
  vjp?(dy: Value, y: Value, inputs: I, attrs: A): readonly (Value | null)[];
  /** The same for an op with several results: gradients dys of its results ys, null where none flows; at least one does. */
  vjpParts?(dys: readonly (Value | null)[], ys: readonly Value[], inputs: I, attrs: A): readonly (Value | null)[];
  /** Why there is no gradient rule. */
  readonly noGradient?: string;
  /** Elementwise: the micro-op for the dtype of its inputs. */
  micro?(inputs: { readonly [K in keyof I]: TensorType }, attrs: A): Micro;
  /** Anything else: a kernel and its words, or several in order. Outputs are contiguous; inputs too, unless `strided`. */
  lower?(outputs: readonly [Operand, ...Operand[]], inputs: { readonly [K in keyof I]: Operand }, attrs: A, target: Target): Lowering | readonly Lowering[];
  /** A view of the first input; null when this layout needs a copy first. */
  view?(input: Layout, attrs: A): Layout | null;
  /** The same value by other ops, which replaces the node once gradients are taken: for a composition with a gradient rule of its own. */
  expand?(inputs: I, attrs: A): Value;
  /** lower() reads inputs of any strides; or of those layouts for which this holds. Others are copied first. */
  readonly strided?: boolean | ((layout: Layout) => boolean);
  /** Inputs whose memory the (first) result may take over: those of the same size, read no later than the result is written. */
  readonly inPlace?: readonly number[];
  /** The same for an op with several results: pairs of input and result. */
  aliases?(attrs: A): readonly (readonly [input: number, result: number])[];
  /** Result k is input mutates[k] changed in place: the kernel reads and writes the same memory. */
  readonly mutates?: readonly number[];
  /** The same op over the inputs of `count` nodes, one after the other, but for the last input, which they share and which stands at the end. */
  many?(count: number): AnyOp;
  /** What it is given can make it fail when it runs: an index out of range, a singular matrix. The error then names the user's line. */
  readonly fails?: boolean;
  /** Worth keeping when looked at twice: a contraction, reduction or sort. */
  readonly heavy?: boolean;
  /** Floating-point operations, for reports; 1 an output element when absent. */
  flops?(output: TensorType, inputs: { readonly [K in keyof I]: TensorType }, attrs: A): number;
}

/** An op: its rules, and the function that makes a node. Attributes come last. */
export interface Op<I extends OpInputs, A extends object = Record<never, never>> extends OpRule<I, A> {
  (...args: Record<never, never> extends A ? [...I, A?] : [...I, A]): Value;
}

/** Any op, as the compiler sees it. */
export type AnyOp = OpRule<readonly Value[], Attrs>;

/** Makes an op from its rules. */
export function op<I extends OpInputs, A extends object = Record<never, never>>(rule: OpRule<I, A>): Op<I, A> {
  const apply = (...args: readonly unknown[]): Value => {
    const last = args[args.length - 1];
    const bare = args.length === 0 || isValue(last);
    const given = (bare ? args : args.slice(0, -1)) as OpInputs as I;
    const options = (bare || last === undefined ? {} : last) as A;
    const [inputs, attrs] = rule.prepare ? rule.prepare(given, options) : [given, options];
    const type = rule.shape(inputs, attrs);
    if (rule.view === undefined) for (const result of Array.isArray(type) ? (type as readonly TensorType[]) : [type as TensorType]) checkBytes(result, rule.name);
    const plain = attrs as Attrs;
    const line = wantsOrigin(rule.fails === true) ? userLine() : undefined;
    const origin = line === undefined ? {} : { origin: line };
    return Array.isArray(type)
      ? node(self, inputs, plain, type[0] as TensorType, { parts: type as readonly TensorType[], ...origin })
      : node(self, inputs, plain, type as TensorType, origin);
  };
  // A function's own `name` is read-only but configurable, so it is defined rather than assigned.
  const { name, ...rules } = rule;
  const self = Object.assign(Object.defineProperty(apply, "name", { value: name }), rules) as Op<I, A>;
  return self;
}

/** Throws ShapeError for what no memory of 32-bit addresses holds. Checked where the node is made, so that the error shows the user's line. */
export function checkBytes({ shape, dtype }: TensorType, where: string): void {
  const bytes = sizeOf(shape) * BYTES[dtype];
  if (bytes >= 2 ** 32) throw new ShapeError(`${where}: the result, ${dtype} ${showShape(shape)}, would take ${bytes} B; the memory ends at ${2 ** 32}. Work on parts of it?`);
}

function isValue(x: unknown): x is Value {
  return typeof x === "object" && x !== null && "op" in x && "inputs" in x;
}

/** The rules of the op that made a value. Every non-leaf node is made by op(), so the downcast holds. */
export function rulesOf(value: Value): AnyOp {
  const rule = value.op as AnyOp;
  if (typeof rule.shape !== "function") throw new InternalError(`ops: ${value.op.name} has no rules`);
  return rule;
}

/** The value whose memory a value lies in: views looked through. */
export function rootOf(value: Value): Value {
  let root = value;
  while (root.inputs.length > 0 && root.op !== PART && rulesOf(root).view !== undefined) root = root.inputs[0]!;
  return root;
}

/** The address of an operand, moved by elements. */
export function at(operand: Operand, elements = 0): Address {
  return { slot: operand.address.slot, offset: operand.address.offset + elements * BYTES[operand.dtype] };
}

export function like(x: TensorType, dtype: DType = x.dtype): TensorType {
  return { shape: x.shape, dtype };
}

/** Floating-point operations of a node, for reports: what its op says, else one an element of the result; none for leaves and views. */
export function flopsOf(value: Value): number {
  if (value.inputs.length === 0 || value.op === PART) return 0;
  const rules = rulesOf(value);
  if (rules.flops !== undefined) return rules.flops(value.parts?.[0] ?? value, value.inputs, value.attrs);
  return rules.view !== undefined || rules.micro === undefined ? 0 : sizeOf(value.shape);
}
