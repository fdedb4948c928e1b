// edgegrad/run: runs saved programs. No ops, no compiler, no training: what a page or an edge function ships to predict.
import { allocate, type DType, type TypedArray } from "./base/dtype.js";
import { DTypeError, FormatError, ShapeError, ValueError } from "./base/errors.js";
import { sizeOf, showShape, type Shape } from "./base/shape.js";
import { readSafetensors } from "./formats/safetensors.js";
import { NAMES_KEY, PROGRAM_KEY, STATUS, type Program, type Slot } from "./program/program.js";
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

/** What goes into a program, or comes out: its name in the model, and its shape as the program was planned, [batch, …]. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
}

/** A model that predicts. */
export interface ProgramModel {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Of the first input. */
  readonly inputShape: Shape;
  /** Of the first output. */
  readonly outputShape: Shape;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Predictions for exactly one batch, row-major. Numbers of any kind are taken where the program reads float32.
   * Throws ShapeError when the number of values differs, DTypeError for an array of another kind than the program reads, ValueError for a model of
   * several inputs or outputs: see runAll().
   */
  run(x: TypedArray): Float32Array;
  /** run() for several inputs, as a list in the order of `inputs` or by their names, and several outputs, which it gives by their names. */
  runAll(xs: readonly TypedArray[] | Readonly<Record<string, TypedArray>>): Readonly<Record<string, Float32Array>>;
  /** Gives the program's memory back; it cannot run again. */
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
  const names = namesOf(metadata[NAMES_KEY], program, name);
  const [inputs, outputs] = (["inputs", "outputs"] as const).map((side) => program[side].map((slot, i): Port => ({ name: names[side][i]!, shape: program.slots[slot]!.shape }))) as [Port[], Port[]];
  const called = (ports: readonly Port[]): string => ports.map((port) => port.name).join(", ");
  const compute = (xs: readonly TypedArray[]): void => {
    if (xs.length !== inputs.length) throw new ShapeError(`${name}: expected the inputs ${called(inputs)}, got ${xs.length}.`);
    const given = xs.map((x, i) => asInput(x, program.slots[program.inputs[i]!]!, inputs.length === 1 ? name : `${name}: ${inputs[i]!.name}`));
    const { code, step, element } = runOrTrap(linked, given, name);
    if (code !== STATUS.ok) throw new ValueError(`${name}: step ${step} of the program failed with code ${code} at element ${element}. Is an index or label out of range?`);
  };
  return {
    inputs,
    outputs,
    inputShape: inputs[0]!.shape,
    outputShape: outputs[0]!.shape,
    metadata,
    run: (x) => {
      if (inputs.length > 1 || outputs.length > 1) throw new ValueError(`${name}: has the inputs ${called(inputs)} and the outputs ${called(outputs)}. Use runAll(), which takes and gives all of them by name.`);
      compute([x]);
      return linked.output(0) as Float32Array;
    },
    runAll: (xs) => {
      compute(isList(xs) ? xs : byNames(xs, inputs, name));
      return Object.fromEntries(outputs.map((port, i) => [port.name, linked.output(i) as Float32Array]));
    },
    release: () => linked.release(),
  };
}

function isList(xs: object): xs is readonly TypedArray[] {
  return Array.isArray(xs);
}

/** Arrays in the order of the inputs. */
function byNames(xs: Readonly<Record<string, TypedArray>>, inputs: readonly Port[], name: string): readonly TypedArray[] {
  const expected = inputs.map((port) => port.name);
  const odd = [...expected.filter((one) => !Object.hasOwn(xs, one)), ...Object.keys(xs).filter((one) => !expected.includes(one))];
  if (odd.length > 0) throw new ValueError(`${name}: expected the inputs ${expected.join(", ")}, got ${Object.keys(xs).join(", ")}.`);
  return expected.map((one) => xs[one]!);
}

/** What inputs and outputs are called: as the file says, which it does where there are several. */
function namesOf(text: string | undefined, program: Program, name: string): Readonly<Record<"inputs" | "outputs", readonly string[]>> {
  const numbered = (slots: readonly number[], word: string): string[] => slots.map((_, i) => (slots.length === 1 ? word : `${word}_${i}`));
  if (text === undefined) return { inputs: numbered(program.inputs, "input"), outputs: numbered(program.outputs, "output") };
  let names: Partial<Record<"inputs" | "outputs", unknown>> | null;
  try {
    names = JSON.parse(text) as typeof names;
  } catch {
    names = null;
  }
  const [inputs, outputs] = [names?.inputs, names?.outputs];
  const fit = (list: unknown, { length }: readonly number[]): list is readonly string[] => Array.isArray(list) && list.length === length && list.every((one) => typeof one === "string");
  if (fit(inputs, program.inputs) && fit(outputs, program.outputs)) return { inputs, outputs };
  throw new FormatError(`${name}: "${NAMES_KEY}" names not the ${program.inputs.length} inputs and ${program.outputs.length} outputs of its program: ${text.slice(0, 80)}.`);
}

/** Kernels trust their words: those that no compiler wrote can lead a kernel out of the memory, where it is stopped. */
function runOrTrap(linked: Linked, inputs: readonly TypedArray[], name: string): Status {
  try {
    return linked.run(inputs);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "RuntimeError") throw cause; // WebAssembly's own
    throw new FormatError(`${name}: its program is damaged, a kernel stopped with: ${cause.message}.`, { cause });
  }
}

/** How a safetensors file calls the dtypes. */
const STORED: Readonly<Record<DType, string>> = { float32: "F32", int32: "I32", bool: "I32", uint8: "U8", float16: "F16" };

function asInput(x: TypedArray, { dtype, shape }: Slot, name: string): TypedArray {
  if (x.length !== sizeOf(shape)) throw new ShapeError(`${name}: got ${x.length} values, expected ${showShape(shape)} (${sizeOf(shape)}).`);
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
  if (program.inputs.length === 0 || program.outputs.length === 0) {
    throw new FormatError(`${name}: its program has ${program.inputs.length} inputs and ${program.outputs.length} outputs; one of each or more are expected.`);
  }
  const other = program.outputs.map((output) => program.slots[output]!.dtype).find((dtype) => dtype !== "float32");
  if (other !== undefined) throw new FormatError(`${name}: its program gives ${other}; float32 is expected.`);
  return program;
}
