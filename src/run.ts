// edgegrad/run: runs saved programs. No ops, no compiler, no training: what a page or an edge function ships to predict.
import { allocate, type DType, type TypedArray } from "./base/dtype.js";
import { DTypeError, FormatError, ShapeError, ValueError } from "./base/errors.js";
import { sizeOf, showShape, type Shape } from "./base/shape.js";
import { readSafetensors } from "./formats/safetensors.js";
import { PROGRAM_KEY, STATUS, type Program, type Slot } from "./program/program.js";
import { verifyProgram } from "./program/verify.js";
import type { Linked, Status } from "./runtime/executor.js";
import { WasmExecutor } from "./runtime/wasm/executor.js";
import { packagedModules, type WasmModules } from "./runtime/wasm/module.js";

export type { WasmModules } from "./runtime/wasm/module.js";
export type { Program } from "./program/program.js";

/** Options of loadProgram(). */
export interface LoadOptions {
  /** Compiled kernel modules, where files cannot be read or compiled (edge runtimes, bundles). Only "core" is needed. */
  readonly modules?: WasmModules;
  /** The file's name, for errors. */
  readonly name?: string;
}

/** A model that predicts. */
export interface ProgramModel {
  /** Shape of one batch of inputs, as the program was planned: [batch, …]. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Predictions for exactly one batch, row-major. Numbers of any kind are taken where the program reads float32.
   * Throws ShapeError when the number of values differs, DTypeError for an array of another kind than the program reads.
   */
  run(x: TypedArray): Float32Array;
  release(): void;
}

/**
 * Loads a saved model (one safetensors file) and its predict program.
 * Throws FormatError when the file is damaged, holds no program, or a weight the program needs is missing or of another size.
 */
export async function loadProgram(bytes: Uint8Array, options: LoadOptions = {}): Promise<ProgramModel> {
  const { name = "model" } = options;
  const { tensors, metadata } = readSafetensors(bytes, name);
  const program = parseProgram(metadata[PROGRAM_KEY], name);
  const executor = await WasmExecutor.create(options.modules ? { modules: options.modules } : { source: packagedModules("simd"), preload: program.modules });
  const states = program.states.map((index) => {
    const slot = program.slots[index]!;
    const weight = tensors.get(slot.name ?? "");
    if (weight === undefined) throw new FormatError(`${name}: the program reads the weight ${slot.name}, which the file does not hold.`);
    if (weight.dtype !== STORED[slot.dtype] || weight.data.byteLength !== slot.bytes) {
      throw new FormatError(`${name}: weight ${slot.name} is ${weight.dtype} ${showShape(weight.shape)}, the program expects ${STORED[slot.dtype]} ${showShape(slot.shape)}.`);
    }
    const buffer = executor.allocate(slot.bytes);
    executor.write(buffer, weight.data);
    return buffer;
  });
  const linked = executor.link(program, states);
  const input = program.slots[program.inputs[0]!]!;
  const output = program.slots[program.outputs[0]!]!;
  return {
    inputShape: input.shape,
    outputShape: output.shape,
    metadata,
    run: (x) => {
      if (x.length !== sizeOf(input.shape)) throw new ShapeError(`${name}: got ${x.length} values, expected ${showShape(input.shape)} (${sizeOf(input.shape)}).`);
      const { code, step, element } = runOrTrap(linked, asInput(x, input, name), name);
      if (code !== STATUS.ok) throw new ValueError(`${name}: step ${step} of the program failed with code ${code} at element ${element}. Is an index or label out of range?`);
      return linked.output(0) as Float32Array;
    },
    release: () => linked.release(),
  };
}

/** Kernels trust their words: those that no compiler wrote can lead a kernel out of the memory, where it is stopped. */
function runOrTrap(linked: Linked, input: TypedArray, name: string): Status {
  try {
    return linked.run([input]);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "RuntimeError") throw cause; // WebAssembly's own
    throw new FormatError(`${name}: its program is damaged, a kernel stopped with: ${cause.message}.`, { cause });
  }
}

/** How a safetensors file calls the dtypes. */
const STORED: Readonly<Record<DType, string>> = { float32: "F32", int32: "I32", bool: "I32", uint8: "U8", float16: "F16" };

function asInput(x: TypedArray, { dtype }: Slot, name: string): TypedArray {
  const own = allocate(dtype, 0);
  if (x.constructor === own.constructor) return x;
  if (dtype === "float32") return Float32Array.from(x);
  throw new DTypeError(`${name}: got a ${x.constructor.name}, the program reads ${dtype}.`);
}

function parseProgram(text: string | undefined, name: string): Program {
  if (text === undefined) throw new FormatError(`${name}: holds no predict program ("${PROGRAM_KEY}" is missing from its metadata). Save the model with saveModel or modelToBytes.`);
  let program: Program;
  try {
    program = JSON.parse(text) as Program;
  } catch {
    throw new FormatError(`${name}: its predict program is not valid JSON.`);
  }
  try {
    verifyProgram(program);
  } catch (error) {
    throw new FormatError(`${name}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (program.inputs.length !== 1 || program.outputs.length !== 1) {
    throw new FormatError(`${name}: its program has ${program.inputs.length} inputs and ${program.outputs.length} outputs; one of each is expected.`);
  }
  const { dtype } = program.slots[program.outputs[0]!]!;
  if (dtype !== "float32") throw new FormatError(`${name}: its program gives ${dtype}; float32 is expected.`);
  return program;
}
