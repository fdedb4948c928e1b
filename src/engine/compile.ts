// compile(fn): traces a function once per signature into one program that holds all it does, updates of variables included.
import type { TypedArray } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { rebuild } from "../compile/rebuild.js";
import { topological, type Graph } from "../graph/graph.js";
import { inputLeaf, isLeaf, type Value } from "../graph/value.js";
import { STATUS, type Program } from "../program/program.js";
import type { Status } from "../runtime/executor.js";
import { device } from "./device.js";
import { evaluate } from "./evaluate.js";
import { bind, runBound, stepOf, throwOnFailure, type Bound } from "./programs.js";
import { ArgumentSource, dataLeaf, dataOf, type Source } from "./source.js";
import { finishRandom } from "./random.js";
import { tensor, Tensor, valueOf, type TensorLike } from "./tensor.js";
import { currentTrace, Trace } from "./trace.js";
import { Variable } from "./variable.js";

/** Arguments: tensors and what becomes one, numbers (fed), strings, booleans, null and variables (static). */
export type Argument = TensorLike | string | null | undefined;
export type Outputs = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

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

export interface CompiledFunction<A extends readonly Argument[], R extends Outputs> {
  (...args: A): R;
  /** How the last call went. A guard that held updates back is no error: it stands here. */
  readonly lastStatus: RunStatus;
  /** The program for these arguments; compiles it when there is none yet, runs nothing. */
  programFor(...args: A): Program;
  /** Frees all programs of this function. */
  release(): void;
}

/** Signatures a function keeps programs for. */
const SIGNATURES = 8;

interface Entry<R> {
  readonly bound: Bound;
  readonly sources: readonly Source[];
  readonly pack: (tensors: readonly Tensor[]) => R;
  readonly types: readonly Value[];
}

const OK: RunStatus = { code: "ok", note: "", tensor: 0, element: 0 };

/**
 * A function that runs as one program. Traced once per signature (shapes and dtypes of tensors, values of strings and booleans); its JavaScript side effects
 * happen at the trace only. Numbers passed as arguments are fed; numbers captured from outside are constants; tensors captured are inputs. Assignments to
 * variables happen at the end of each call. Variables may be created on the first trace only.
 * Calling it throws DeviceError before init().
 */
export function compile<A extends readonly Argument[], R extends Outputs>(fn: (...args: A) => R, settings: CompileSettings = {}): CompiledFunction<A, R> {
  const entries = new Map<string, Entry<R>>();
  let traces = 0;
  let last = OK;

  const entryFor = (args: A): Entry<R> => {
    const key = signature(args);
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = traceFunction(fn, args, traces++ === 0, settings);
      if (entries.size >= SIGNATURES) {
        const [oldest, old] = entries.entries().next().value!;
        entries.delete(oldest);
        old.bound.linked.release();
      }
    } else entries.delete(key);
    entries.set(key, entry);
    return entry;
  };

  const call = (...args: A): R => {
    if (currentTrace() !== null) return fn(...args.map((arg) => (isFed(arg) ? new Tensor(valueOf(arg)) : arg)) as readonly Argument[] as A);
    device("compile");
    const entry = entryFor(args);
    const fed = args.flatMap((arg) => (isFed(arg) ? [dataFor(arg)] : []));
    const status = runBound(entry.bound, entry.sources, fed);
    last = describe(status, entry.bound.program);
    throwOnFailure(status, entry.bound.program);
    return entry.pack(entry.types.map((type, i) => new Tensor(dataLeaf(entry.bound.linked.output(i), type.shape, type.dtype))));
  };
  const release = (): void => {
    for (const { bound } of entries.values()) bound.linked.release();
    entries.clear();
  };
  const compiled = Object.assign(call, { programFor: (...args: A) => entryFor(args).bound.program, release, lastStatus: OK });
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

function dataFor(arg: TensorLike): TypedArray {
  if (typeof arg === "number") return Float32Array.of(arg);
  const value = arg instanceof Tensor ? arg.value : tensor(arg).value;
  return dataOf(value) ?? evaluate([value])[0]!;
}

function traceFunction<A extends readonly Argument[], R extends Outputs>(fn: (...args: A) => R, args: A, first: boolean, settings: CompileSettings): Entry<R> {
  const trace = new Trace(first);
  const result = trace.write(() => {
    let fed = 0;
    const given = args.map((arg) => {
      if (!isFed(arg)) return arg;
      const type = typeof arg === "number" ? { shape: [], dtype: "float32" as const } : arg instanceof Tensor ? arg : tensor(arg);
      return new Tensor(inputLeaf({ shape: type.shape, dtype: type.dtype }, new ArgumentSource(fed++)));
    });
    const out = fn(...(given as readonly Argument[] as A));
    finishRandom(trace);
    return out;
  });
  const { tensors, pack } = flatten(result);
  const graph = bindCaptured({ outputs: trace.write(() => tensors.map(({ value }) => value)), updates: trace.updates() }, trace.firstId);
  return { ...bind(graph, settings.foldStates), pack, types: graph.outputs };
}

/** Eager work captured by the function is done now, once; what it gave is bound as an input. */
function bindCaptured(graph: Graph, firstId: number): Graph {
  const roots = [...graph.outputs, ...graph.updates.flatMap(({ value, guard }) => (guard ? [value, guard] : [value]))];
  const isCaptured = (value: Value): boolean => value.id < firstId;
  const order = topological(roots, isCaptured);
  const pending = order.filter((value) => isCaptured(value) && dataOf(value) === null && !isBaked(value));
  const data = evaluate(pending);
  const map = new Map<Value, Value>();
  pending.forEach((value, i) => map.set(value, dataLeaf(data[i]!, value.shape, value.dtype)));
  for (const value of order) {
    if (map.has(value)) continue;
    const inputs = value.inputs.map((input) => map.get(input)!);
    map.set(value, inputs.some((input, i) => input !== value.inputs[i]) ? rebuild(value, inputs) : value);
  }
  const of = (value: Value): Value => map.get(value)!;
  return {
    outputs: graph.outputs.map(of),
    updates: graph.updates.map(({ state, value, guard }) => ({ state, value: of(value), ...(guard && { guard: of(guard) }) })),
  };
}

/** Constants, and scalars that are asked for at every run, stay as they are. */
function isBaked(value: Value): boolean {
  return isLeaf(value) && !(value.source instanceof Variable);
}

function flatten<R extends Outputs>(result: R): { tensors: Tensor[]; pack: (tensors: readonly Tensor[]) => R } {
  if (result instanceof Tensor) return { tensors: [result], pack: ([only]) => only as Tensor as R };
  const entries = Object.entries(result as Readonly<Record<string, Tensor>>);
  for (const [name, item] of entries) {
    if (!(item instanceof Tensor)) throw new ValueError(`compile: the function returned ${typeof item} at "${name}"; return a tensor, or an array or object of tensors.`);
  }
  const tensors = entries.map(([, item]) => item);
  if (Array.isArray(result)) return { tensors, pack: (list) => [...list] as readonly Tensor[] as R };
  return { tensors, pack: (list) => Object.fromEntries(entries.map(([name], i) => [name, list[i]])) as Outputs as R };
}

/** Elements of a guard's report: which tensor, in the high bits, and which element. See docs/kernels.md. */
const ELEMENT_BITS = 24;

function describe(status: Status, program: Program): RunStatus {
  if (status.code !== STATUS.notFinite) return OK;
  const note = stepOf(program, status.step)?.note ?? "";
  return { code: "notFinite", note, tensor: status.element >> ELEMENT_BITS, element: status.element & (2 ** ELEMENT_BITS - 1) };
}

