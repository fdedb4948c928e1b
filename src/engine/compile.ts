// compile(fn): traces a function once per signature into one program that holds all it does, updates of variables included.
import type { TypedArray } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { rebuild } from "../graph/rebuild.js";
import { mapped, topological, type Graph } from "../graph/graph.js";
import { inputLeaf, isLeaf, type TensorType, type Value } from "../graph/value.js";
import { costOf, type Cost } from "../program/cost.js";
import { STATUS, type Program } from "../program/program.js";
import type { Status } from "../runtime/executor.js";
import { device } from "./device.js";
import { evaluate } from "./evaluate.js";
import { bind, runBound, startBound, type Bound } from "./programs.js";
import { stepOf, throwOnFailure } from "./status.js";
import { ArgumentSource, dataLeaf, dataOf, fromProgram, inProgram, type Source } from "./source.js";
import { finishRandom } from "./random.js";
import { tensor, Tensor, valueOf, type TensorLike } from "./tensor.js";
import { currentTrace, Trace } from "./trace.js";
import { Variable } from "./variable.js";

/** What a compiled function can take: tensors and numbers, which reach it as tensors; strings, booleans, null and variables, which are static. */
export type Parameter = Tensor | string | boolean | null | undefined;
/** What it is called with: anything tensor-like where it takes a tensor. */
export type Arguments<P extends readonly Parameter[]> = { [K in keyof P]: P[K] extends Variable ? P[K] : P[K] extends Tensor ? TensorLike : P[K] };
export type Argument = TensorLike | string | null | undefined;
/** What a compiled function may return: a tensor, a list or an object of them. */
export type Outputs = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

/** How the last call of a compiled function went. */
export interface RunStatus {
  readonly code: "ok" | "notFinite";
  /** What the failing step computes. */
  readonly note: string;
  /** For a guard: which of its tensors, and which element of it. */
  readonly tensor: number;
  readonly element: number;
}

export interface CompileSettings {
  /** Compute what depends on variables only once, and again when one changes. For functions that are called many times between updates. */
  readonly foldStates?: boolean;
}

/** A function made by compile(): call it with tensors, arrays and numbers like the one it was made from. */
export interface CompiledFunction<P extends readonly Parameter[], R extends Outputs> {
  (...args: Arguments<P>): R;
  /** The same for callers that can wait. On a page threads then do the work, and the page goes on; elsewhere it is no different. */
  callAsync(...args: Arguments<P>): Promise<R>;
  /** How the last call went. A guard that held updates back is no error: it stands here. */
  readonly lastStatus: RunStatus;
  /** The program for these arguments; compiles it when there is none yet, runs nothing. */
  programFor(...args: Arguments<P>): Program;
  /** What a call with these arguments costs; runs nothing. */
  cost(...args: Arguments<P>): Cost;
  /** Frees all programs of this function. */
  release(): void;
}

/** Signatures a function keeps programs for. */
const SIGNATURES = 8;

interface Traced<R> {
  readonly graph: Graph;
  readonly pack: (tensors: readonly Tensor[]) => R;
  readonly types: readonly TensorType[];
}

interface Entry<R> extends Omit<Traced<R>, "graph"> {
  readonly bound: Bound;
  readonly sources: readonly Source[];
}

/** Programs of functions that were collected go the same way. */
const collected = new FinalizationRegistry<ReadonlyMap<string, Entry<Outputs>>>(releaseAll);

function releaseAll(entries: ReadonlyMap<string, Entry<Outputs>>): void {
  for (const { bound } of entries.values()) bound.release();
}

const OK: RunStatus = { code: "ok", note: "", tensor: 0, element: 0 };

/**
 * A function that runs as one program. Traced once per signature (shapes and dtypes of tensors, values of strings and booleans); its JavaScript side effects
 * happen at the trace only. Numbers passed as arguments are fed, and fn sees them as float32 scalars; numbers captured from outside are constants; tensors
 * captured are inputs, with the values they have at the trace. Assignments to
 * variables happen at the end of each call. Variables may be created on the first trace only.
 * Calling it throws DeviceError before init().
 */
export function compile<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, settings: CompileSettings = {}): CompiledFunction<P, R> {
  const entries = new Map<string, Entry<R>>();
  let traces = 0;
  let last = OK;

  const entryFor = (args: readonly Argument[]): Entry<R> => {
    const key = signature(args);
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = traceFunction(fn, args, traces === 0, settings);
      traces++;
      if (entries.size >= SIGNATURES) {
        const [oldest, old] = entries.entries().next().value!;
        entries.delete(oldest);
        old.bound.release();
      }
    } else entries.delete(key);
    entries.set(key, entry);
    return entry;
  };

  const inlined = (args: readonly Argument[]): R => fn(...(args.map((arg) => (isFed(arg) ? new Tensor(valueOf(arg)) : arg)) as readonly Parameter[] as P));
  const finish = ({ bound, pack, types }: Entry<R>, status: Status, output: (i: number) => TypedArray): R => {
    last = describe(status, bound.program);
    throwOnFailure(status, bound);
    return pack(types.map((type, i) => new Tensor(dataLeaf(fromProgram(output(i), type.dtype), type.shape, type.dtype))));
  };
  const call = (...args: readonly Argument[]): R => {
    if (currentTrace() !== null) return inlined(args);
    device("compile");
    const entry = entryFor(args);
    const status = runBound(entry.bound, entry.sources, fedData(args));
    return finish(entry, status, (i) => entry.bound.linked.output(i));
  };
  const callAsync = async (...args: readonly Argument[]): Promise<R> => {
    if (currentTrace() !== null) return inlined(args);
    device("compile");
    const entry = entryFor(args);
    const { status, outputs } = await startBound(entry.bound, entry.sources, fedData(args));
    return finish(entry, status, (i) => outputs[i]!);
  };
  const release = (): void => {
    releaseAll(entries);
    entries.clear();
  };
  const programFor = (...args: readonly Argument[]): Program => {
    device("programFor");
    return entryFor(args).bound.program;
  };
  const compiled = Object.assign(call, { callAsync, programFor, cost: (...args: readonly Argument[]) => costOf(programFor(...args)), release, lastStatus: OK });
  collected.register(compiled, entries);
  return Object.defineProperty(compiled, "lastStatus", { get: () => last });
}

/** Whether an argument is fed to the program; the others are part of the signature. */
function isFed(arg: Argument): arg is TensorLike {
  return arg !== null && arg !== undefined && typeof arg !== "string" && typeof arg !== "boolean" && !(arg instanceof Variable);
}

function signature(args: readonly Argument[]): string {
  return args
    .map((arg) => {
      if (arg instanceof Variable) return `variable ${arg.id}`;
      if (!isFed(arg)) return JSON.stringify(arg) ?? "undefined";
      if (typeof arg === "number") return "number";
      const { shape, dtype } = arg instanceof Tensor ? arg : tensor(arg);
      return `${dtype}[${shape.join()}]`;
    })
    .join("|");
}

/** What a call with these arguments feeds its program. */
export function fedData(args: readonly Argument[]): TypedArray[] {
  return args.flatMap((arg) => (isFed(arg) ? [dataFor(arg)] : []));
}

function dataFor(arg: TensorLike): TypedArray {
  if (typeof arg === "number") return Float32Array.of(arg);
  const value = arg instanceof Tensor ? arg.value : tensor(arg).value;
  return dataOf(value) ?? evaluate([value])[0]!;
}

/** What fn computes for arguments like these, as a graph; captured work is done. `first`: whether it may make variables. */
export function traceGraph<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, args: readonly Argument[], first: boolean): Traced<R> {
  const trace = new Trace(first);
  const result = trace.write(() => {
    let fed = 0;
    const given = args.map((arg) => {
      if (!isFed(arg)) return arg;
      const type = typeof arg === "number" ? { shape: [], dtype: "float32" as const } : arg instanceof Tensor ? arg : tensor(arg);
      return new Tensor(inputLeaf({ shape: type.shape, dtype: type.dtype }, new ArgumentSource(fed++)));
    });
    const out = fn(...(given as readonly Parameter[] as P));
    finishRandom(trace);
    return out;
  });
  const { tensors, pack } = flatten(result);
  const outputs = trace.write(() => tensors.map(({ value }) => inProgram(value)));
  const types = tensors.map(({ shape, dtype }) => ({ shape, dtype }));
  return { graph: bindCaptured({ outputs, updates: trace.updates() }, trace.firstId), pack, types };
}

function traceFunction<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, args: readonly Argument[], first: boolean, settings: CompileSettings): Entry<R> {
  const { graph, pack, types } = traceGraph(fn, args, first);
  return { ...bind(graph, settings.foldStates), pack, types };
}

/** Eager work captured by the function is done now, once; what it gave is bound as an input. */
function bindCaptured(graph: Graph, firstId: number): Graph {
  const roots = [...graph.outputs, ...graph.updates.flatMap(({ value, guard }) => (guard ? [value, guard] : [value]))];
  const isCaptured = (value: Value): boolean => value.id < firstId;
  const order = topological(roots, isCaptured);
  const pending = order.filter((value) => isCaptured(value) && !isBaked(value));
  const data = evaluate(pending);
  const map = new Map<Value, Value>();
  pending.forEach((value, i) => map.set(value, dataLeaf(data[i]!, value.shape, value.dtype)));
  for (const value of order) {
    if (map.has(value)) continue;
    const inputs = value.inputs.map((input) => map.get(input)!);
    map.set(value, inputs.some((input, i) => input !== value.inputs[i]) ? rebuild(value, inputs) : value);
  }
  return mapped(graph, (value) => map.get(value) ?? value);
}

/** Constants, and scalars that are asked for at every run, stay as they are. */
function isBaked(value: Value): boolean {
  return isLeaf(value) && !(value.source instanceof Variable);
}

/** The tensors of a result, and how to put others in their places. */
export function flatten<R extends Outputs>(result: R): { tensors: readonly Tensor[]; pack: (tensors: readonly Tensor[]) => R } {
  if (result instanceof Tensor) return { tensors: [result], pack: ([only]) => only as Tensor as R };
  if (typeof result !== "object" || result === null) throw new ValueError(`compile: the function returned ${String(result)}; return a tensor, or an array or object of tensors.`);
  const entries = Object.entries(result as Readonly<Record<string, Tensor>>);
  for (const [name, item] of entries) {
    if (!(item instanceof Tensor)) throw new ValueError(`compile: the function returned ${typeof item} at "${name}"; return a tensor, or an array or object of tensors.`);
  }
  const tensors = entries.map(([, item]) => item);
  if (Array.isArray(result)) return { tensors, pack: (list) => [...list] as readonly Tensor[] as R };
  // The names only: the traced tensors need not outlive the trace.
  const names = entries.map(([name]) => name);
  return { tensors, pack: (list) => Object.fromEntries(names.map((name, i) => [name, list[i]])) as Outputs as R };
}

/** Elements of a guard's report: which tensor, in the high bits, and which element. See docs/kernels.md. */
const ELEMENT_BITS = 24;

function describe(status: Status, program: Program): RunStatus {
  if (status.code !== STATUS.notFinite) return OK;
  const note = stepOf(program, status.step)?.note ?? "";
  return { code: "notFinite", note, tensor: status.element >> ELEMENT_BITS, element: status.element & (2 ** ELEMENT_BITS - 1) };
}

