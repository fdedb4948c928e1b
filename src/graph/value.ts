// Values: the nodes of a lazy graph. Each says which op made it, from what, and its shape and dtype. Frozen data: no bytes, no device.
import type { DType } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";

/** Options of a node. Plain data, so that two nodes can be compared and printed. */
export type Attr = string | number | boolean | null | readonly Attr[] | { readonly [key: string]: Attr };
export type Attrs = { readonly [key: string]: Attr };

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** All the graph knows of an op; the contract stands in ops/op.ts. */
export interface OpLike {
  readonly name: string;
}

/** A graph of its own inside a node; see body.ts. */
export interface Body {
  readonly params: readonly Value[];
  readonly outputs: readonly Value[];
  /** What it computes, as text: equal texts, equal bodies. */
  readonly key: string;
}

export interface Value extends TensorType {
  /** Grows with creation, so an input always has a smaller id than its reader. */
  readonly id: number;
  readonly op: OpLike;
  readonly inputs: readonly Value[];
  readonly attrs: Attrs;
  /** Results of an op with several; `part` picks one. */
  readonly parts?: readonly TensorType[];
  /** What the rounds of a loop or the ways of a branch compute. */
  readonly bodies?: readonly Body[];
  /** The device it was marked for; absent: wherever the graph runs. */
  readonly device?: string;
  /** The line of the user's code that made it, where somebody asked for that. */
  readonly origin?: string;
  /** Where a leaf's bytes come from; only leaves have one. Opaque to graph, ops and compile. */
  readonly source?: object;
  /** Longest chain of pending ops behind this value. */
  readonly depth: number;
}

let nextId = 0;

/** The id that the next node will have: what is made from here on has it or a larger one. */
export function nextNodeId(): number {
  return nextId;
}

export interface NodeOptions {
  readonly parts?: readonly TensorType[];
  readonly bodies?: readonly Body[];
  readonly source?: object;
  readonly device?: string;
  readonly origin?: string;
}

let marked: string | undefined;

/** Runs fn; the nodes it makes are marked for the device. */
export function onDeviceNodes<T>(device: string | undefined, fn: () => T): T {
  const outer = marked;
  marked = device;
  try {
    return fn();
  } finally {
    marked = outer;
  }
}

/** Makes a node. Ops call it through ops/op.ts, which checks shapes first. */
export function node(op: OpLike, inputs: readonly Value[], attrs: Attrs, type: TensorType, options: NodeOptions = {}): Value {
  let depth = 0;
  for (const input of inputs) if (input.depth >= depth) depth = input.depth + 1;
  return Object.freeze({ id: nextId++, op, inputs, attrs, shape: type.shape, dtype: type.dtype, depth, ...(marked !== undefined && { device: marked }), ...options });
}

/** A leaf whose bytes are fed at run time: an argument, a tensor's data, a scalar. Its content is no part of a program. */
export const INPUT: OpLike = { name: "input" };
/** A leaf that reads a variable. */
export const STATE: OpLike = { name: "state" };
/** A leaf with one number in every element, baked into the program: only rules make these. */
export const CONSTANT: OpLike = { name: "constant" };
/** Picks one result of an op with several. */
export const PART: OpLike = { name: "part" };

export function inputLeaf(type: TensorType, source: object): Value {
  return node(INPUT, [], {}, type, { source });
}

export function stateLeaf(type: TensorType, source: object): Value {
  return node(STATE, [], {}, type, { source });
}

/** A constant: `value` in every element. */
export function constant(value: number, dtype: DType = "float32", shape: Shape = []): Value {
  return node(CONSTANT, [], { value: exactAttr(value) }, { shape, dtype });
}

/** The number of a constant leaf. */
export function constantValue(value: Value): number {
  const attr = value.attrs["value"];
  return typeof attr === "number" ? attr : Number(attr);
}

/** JSON has no NaN, infinities or −0: they are written as text. */
function exactAttr(value: number): Attr {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value);
}

/** Attributes as text: equal texts, equal attributes. */
export function attrsKey(attrs: Attrs): string {
  for (const _ in attrs) return JSON.stringify(attrs, exactNumber);
  return "";
}

/** JSON would write all of them as null or 0. */
function exactNumber(_key: string, attr: unknown): unknown {
  return typeof attr === "number" && (!Number.isFinite(attr) || Object.is(attr, -0)) ? `#${exactAttr(attr)}` : attr;
}

const opNumbers = new WeakMap<OpLike, number>();
let opCount = 0;

/** Name of an op, and a number: two ops may share a name, one of them the user's own. */
export function opKey(op: OpLike): string {
  let number = opNumbers.get(op);
  if (number === undefined) opNumbers.set(op, (number = opCount++));
  return `${op.name}.${number}`;
}

export function part(tuple: Value, index: number): Value {
  return node(PART, [tuple], { index }, tuple.parts![index]!);
}

export function isLeaf(value: Value): boolean {
  return value.op === INPUT || value.op === STATE || value.op === CONSTANT;
}
