// What the mappings of golden cases share: a case's inputs and attributes, PyTorch's names and ours, its layouts and ours (channels last).
import type { Tensor } from "../../src/engine/tensor.js";
import { evaluateFormulas } from "./expression.js";

export type Attributes = Readonly<Record<string, unknown>>;
export type Inputs = Readonly<Record<string, Tensor>>;
export type Outputs = Readonly<Record<string, Tensor>>;
export type Library = Readonly<Record<string, unknown>>;

export interface Context {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly call: string;
  readonly library: Library;
  /** Names of the outputs. */
  readonly wanted: readonly string[];
  /** Length of the outputs along their first axis, for what goes on step by step. */
  readonly steps: number;
}

/** A public function that is not there. */
export class MissingFunction extends Error {}

export type Run = (context: Context) => Outputs;
export type Fn = (...args: readonly unknown[]) => Tensor;

/** A public function, or one of linear algebra's. */
export function get({ library }: Context, name: string): Fn {
  const found = library[name] ?? (library["linalg"] as Library | undefined)?.[name];
  if (typeof found !== "function") throw new MissingFunction(`${name} is not built`);
  return found as Fn;
}

/** Functions that take part in every second mapping. */
export function basics(context: Context): Record<"add" | "mul" | "div" | "reshape" | "transpose" | "mean", Fn> {
  const f = (name: string): Fn => get(context, name);
  return { add: f("add"), mul: f("mul"), div: f("div"), reshape: f("reshape"), transpose: f("transpose"), mean: f("mean") };
}

// --- names and attributes ---

/** Names that differ by more than spelling. */
export const NAMES: Readonly<Record<string, string>> = {
  amax: "max", amin: "min", bmm: "matmul", cat: "concat", clamp: "clip", concatenate: "concat", detach: "stopGradient", heaviside: "step", mm: "matmul", mv: "matmul", negative: "neg",
  permute: "transpose", power: "pow", subtract: "sub", swish: "silu", t: "transpose", truedivide: "div", unsqueeze: "expandDims", var: "variance",
};

/** The public name of a function as PyTorch writes it: log_softmax is logSoftmax, F.hardtanh hardTanh. */
export function nameIn(library: Library, word: string): string {
  const bare = word.replaceAll("_", "").toLowerCase();
  return NAMES[bare] ?? Object.keys(library).find((name) => typeof library[name] === "function" && name.toLowerCase() === bare) ?? word;
}

/** The first word of a call, without its module: "F.glu(dim=-1): …" is glu. */
export function wordOf(call: string): string {
  return /^(?:(?:F|torch|nn|x|functional)\.)*([A-Za-z_]\w*)/.exec(call)?.[1] ?? "";
}

export function numbers(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).map(Number);
}

/** A number an axis, from one number or a list. */
export function each(value: unknown, rank: number, otherwise: number): number[] {
  const list = numbers(value ?? otherwise);
  return list.length === 1 ? Array.from({ length: rank }, () => list[0]!) : list;
}

/** The axis of the attributes, or of the text: "F.glu(dim=-1)", "logsumexp(1)", "cumsum". */
export function axisOf({ attrs, call }: Context, otherwise = -1): number {
  const given = attrs["axis"] ?? attrs["dim"];
  if (given !== undefined) return Number(given);
  const told = /(?:dim|axis)\s*=\s*(-?\d+)/.exec(call) ?? /^\S*?\w\((-?\d+)\)/.exec(call);
  return told ? Number(told[1]) : otherwise;
}

export function attr(attrs: Attributes, ...names: string[]): unknown {
  return names.map((name) => attrs[name]).find((value) => value !== undefined);
}

// --- layouts ---

/** [N, C, …] as [N, …, C]. */
export function channelsLast(context: Context, x: Tensor): Tensor {
  return basics(context).transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]);
}

/** [N, …, C] as [N, C, …]. */
export function channelsFirst(context: Context, x: Tensor): Tensor {
  return basics(context).transpose(x, [0, x.shape.length - 1, ...x.shape.slice(2).map((_, i) => i + 1)]);
}

/** A vector of channels, to be used beside [N, C, …]. */
export function alongChannels(context: Context, vector: Tensor, rank: number): Tensor {
  return basics(context).reshape(vector, [vector.shape[0]!, ...Array.from({ length: rank - 2 }, () => 1)]);
}

export function rankOf(call: string): number {
  return Number(/(\d)d/i.exec(call)?.[1] ?? 2);
}

export function formula(context: Context): Outputs {
  const { inputs, attrs, call, library } = context;
  return understood(() => evaluateFormulas<Tensor>(call, {
    name: (name) => inputs[name] ?? (typeof attrs[name] === "number" ? get(context, "tensor")(attrs[name], [], "float32") : undefined),
    number: (value) => get(context, "tensor")(value, [], "float32"),
    call: (name, args) => get(context, nameIn(library, name))(...args),
  }));
}

/** A text that is no formula is a call that nobody has mapped. */
function understood(run: () => Outputs): Outputs {
  try {
    return run();
  } catch (error) {
    if (error instanceof SyntaxError) throw new MissingFunction(error.message);
    throw error;
  }
}
