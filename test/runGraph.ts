// Runs a graph through the compiler and an executor of the test's own: no tensors, no cache, verifiers always on.
import { VERIFIERS } from "../src/compile/verify.js";
import { sizeOf, type Shape } from "../src/base/shape.js";
import type { DType, TypedArray } from "../src/base/dtype.js";
import { compileGraph, type CompileOptions, type PassName } from "../src/compile/index.js";
import { linearise, type Graph } from "../src/graph/graph.js";
import { inputLeaf, stateLeaf, type Value } from "../src/graph/value.js";
import { MODULES } from "../src/program/kernels.js";
import type { Program, Step } from "../src/program/program.js";
import { kernelSteps } from "../src/program/walk.js";
import type { Status } from "../src/runtime/executor.js";
import { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { packagedModules } from "../src/runtime/wasm/module.js";

/** Every pass that can be switched off; those of EXACT change no bit of the result. */
export const PASSES = ["SIMPLIFY", "CSE", "LAYOUT", "FUSE", "FOLD", "SCHEDULE", "PLAN"] as const satisfies readonly PassName[];
export const EXACT: ReadonlySet<PassName> = new Set(["CSE", "FOLD", "SCHEDULE", "PLAN"]);

/** What feeds a leaf of a test's graph. */
class Held {
  constructor(
    readonly name: string,
    public data: TypedArray,
  ) {}
}

export function input(data: TypedArray | readonly number[], shape: Shape = [data.length], dtype: DType = "float32"): Value {
  return inputLeaf({ shape, dtype }, new Held("x", typed(data, dtype)));
}

export function state(name: string, data: TypedArray | readonly number[], shape: Shape = [data.length], dtype: DType = "float32"): Value {
  return stateLeaf({ shape, dtype }, new Held(name, typed(data, dtype)));
}

function typed(data: TypedArray | readonly number[], dtype: DType): TypedArray {
  if (ArrayBuffer.isView(data)) return data;
  return dtype === "float32" ? Float32Array.from(data) : dtype === "uint8" ? Uint8Array.from(data) : Int32Array.from(data);
}

export async function newExecutor(poison = true): Promise<WasmExecutor> {
  return WasmExecutor.create({ source: packagedModules("simd"), preload: MODULES, poison });
}

export interface Ran {
  readonly program: Program;
  readonly status: Status;
  readonly outputs: readonly number[][];
  /** What each variable holds after the run, by name. */
  readonly states: Readonly<Record<string, readonly number[]>>;
}

/** Compiles and runs a graph once; `runs` times to see what later runs make of the first one's memory. */
export function runGraph(executor: WasmExecutor, graph: Graph, options: CompileOptions = {}, runs = 1): Ran {
  const leaves = linearise(graph);
  const { program, inputs, states } = compileGraph(graph, { verify: VERIFIERS, ...options });
  const held = states.map((index) => leaves.states[index]!.source as Held);
  const buffers = held.map(({ data }) => {
    const buffer = executor.allocate(data.byteLength);
    executor.write(buffer, data);
    return buffer;
  });
  const linked = executor.link(program, buffers);
  let status: Status = { code: 0, step: 0, element: 0 };
  for (let i = 0; i < runs; i++) status = linked.run(inputs.map((index) => (leaves.inputs[index]!.source as Held).data));
  const outputs = graph.outputs.map((value, i) => {
    const data = linked.output(i);
    if (data.length !== sizeOf(value.shape)) throw new Error(`output ${i} has ${data.length} elements for shape [${value.shape.join()}]`);
    return [...data];
  });
  const after = held.map((source, i) => [source.name, [...executor.read(buffers[i]!, program.slots[program.states[i]!]!.dtype, source.data.length)]] as const);
  linked.release();
  for (const buffer of buffers) executor.free(buffer);
  return { program, status, outputs, states: Object.fromEntries(after) };
}

/** Kernels of a program's steps, in order; those inside branches too. */
export function kernelsOf(steps: readonly Step[]): string[] {
  return kernelSteps(steps).map(({ kernel }) => kernel);
}
