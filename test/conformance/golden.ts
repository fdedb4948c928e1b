// Golden cases: numbers that PyTorch computed, in one JSON file each, run through the public functions and compared, values and gradients.
// What function a case means stands in calls.ts; nothing is told by a case's name.
import { callOf } from "./calls.js";
import { MissingFunction, type Attributes, type Library, type Outputs, type Run } from "./context.js";
import type { Tensor } from "../../src/engine/tensor.js";
import type * as edgegrad from "../../src/index.js";

export interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Little-endian, C order. */
  readonly b64: string;
}

export interface GoldenCase {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly call: string;
  readonly attrs: Attributes;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly outputs?: Readonly<Record<string, Stored>>;
  /** Of an optimizer: a parameter's values before the first step and after each one, and the losses. */
  readonly trajectory?: Readonly<Record<string, Stored>>;
  readonly loss?: Stored;
  readonly grad_outputs?: Readonly<Record<string, Stored>>;
  readonly grads?: Readonly<Record<string, Stored>>;
  readonly tol: { readonly rtol: number; readonly atol: number };
}

export type Verdict = { readonly state: "passed" } | { readonly state: "failed" | "missing"; readonly reason: string };

/** Runs a case. The library is edgegrad's public names; a case that needs one that is not there is missing. Needs a started engine. */
export function runCase(golden: GoldenCase, library: Library): Verdict {
  try {
    const call = callOf(golden);
    if (call === undefined) return { state: "missing", reason: `${golden.group}: no function for "${golden.call}"` };
    const reason = difference(golden, library, call);
    return reason === null ? { state: "passed" } : { state: "failed", reason };
  } catch (error) {
    if (error instanceof MissingFunction) return { state: "missing", reason: error.message };
    return { state: "failed", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** The first number that lies outside the tolerance, in words. */
function difference(golden: GoldenCase, library: Library, call: Run): string | null {
  const names = Object.keys(golden.inputs);
  const leaves = names.map((name) => tensorOf(golden.inputs[name]!, library));
  const inputs = Object.fromEntries(names.map((name, i) => [name, leaves[i]!]));
  const expected = { ...golden.outputs, ...golden.trajectory, ...(golden.loss && { loss: golden.loss }) };
  const steps = Object.values(expected)[0]?.shape[0] ?? 1;
  const outputs = call({ inputs, attrs: golden.attrs, call: golden.call, library, wanted: Object.keys(expected), steps });
  // Gradients are graph, taken before anything is looked at: what was looked at is data.
  const grads = gradientsOf(golden, outputs, inputs, library);
  for (const [name, wanted] of Object.entries(expected)) {
    const told = compare(`output ${name}`, outputs[name], wanted, golden.tol);
    if (told !== null) return told;
  }
  for (const [name, wanted] of Object.entries(golden.grads ?? {})) {
    const told = compare(`gradient of ${name}`, grads[name], wanted, golden.tol);
    if (told !== null) return told;
  }
  return null;
}

/** The gradient of Σ grad_outputs · outputs for every input that has one. */
function gradientsOf(golden: GoldenCase, outputs: Outputs, inputs: Readonly<Record<string, Tensor>>, library: Library): Record<string, Tensor> {
  const names = Object.keys(golden.grads ?? {});
  if (names.length === 0) return {};
  const f = library as Pick<typeof edgegrad, "gradients" | "mul" | "sum" | "zerosLike" | "add" | "reshape">;
  const terms = Object.entries(golden.grad_outputs ?? {}).map(([name, weight]) => f.sum(f.mul(outputs[name]!, f.reshape(tensorOf(weight, library), outputs[name]!.shape))));
  const found = f.gradients(terms.reduce((sum, term) => f.add(sum, term)), names.map((name) => inputs[name]!));
  return Object.fromEntries(names.map((name, i) => [name, found[i] ?? f.zerosLike(inputs[name]!)]));
}

function tensorOf(stored: Stored, library: Library): Tensor {
  const { tensor } = library as Pick<typeof edgegrad, "tensor">;
  const values = valuesOf(stored);
  const dtype = stored.dtype.startsWith("float") ? "float32" : stored.dtype === "bool" ? "bool" : "int32";
  return tensor(dtype === "float32" ? Float32Array.from(values) : Int32Array.from(values), [...stored.shape], dtype);
}

const READERS: Readonly<Record<string, (bytes: ArrayBuffer) => ArrayLike<number>>> = {
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  int64: (bytes) => Array.from(new BigInt64Array(bytes), Number),
  uint8: (bytes) => new Uint8Array(bytes),
  bool: (bytes) => new Uint8Array(bytes),
};

function valuesOf({ dtype, b64 }: Stored): ArrayLike<number> {
  const reader = READERS[dtype];
  if (reader === undefined) throw new Error(`golden: dtype ${dtype} is not known`);
  return reader(new Uint8Array(Buffer.from(b64, "base64")).buffer);
}

function compare(what: string, got: Tensor | undefined, wanted: Stored, { rtol, atol }: GoldenCase["tol"]): string | null {
  if (got === undefined) return `${what} is not there`;
  // A scalar is stored as [1].
  const shape = got.shape.length === 0 ? [1] : got.shape;
  const wantedShape = wanted.shape.length === 0 ? [1] : wanted.shape;
  if (shape.join() !== wantedShape.join()) return `${what} is [${shape.join(", ")}], expected [${wantedShape.join(", ")}]`;
  const values = got.dataSync();
  const expected = valuesOf(wanted);
  for (let i = 0; i < expected.length; i++) {
    const [has, want] = [values[i]!, expected[i]!];
    const close = Object.is(has, want) || has === want || Math.abs(has - want) <= atol + rtol * Math.abs(want) || (Number.isNaN(has) && Number.isNaN(want));
    if (!close) return `${what}: element ${i} is ${has}, expected ${want} (rtol ${rtol}, atol ${atol})`;
  }
  return null;
}

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly missing: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Runs all files of a folder's listing, { name: text }, in order. `tell` gets a line a group, and one for each case that did not pass. */
export function runAll(files: Readonly<Record<string, string>>, library: Library, tell: (line: string) => void): Report {
  const groups = new Map<string, Record<Verdict["state"], number>>();
  const skipped: { name: string; reason: string }[] = [];
  for (const [file, text] of Object.entries(files)) {
    const golden = JSON.parse(text) as GoldenCase;
    if (typeof golden.group !== "string" || typeof golden.kind !== "string") {
      skipped.push({ name: file, reason: "no case: it has no group" });
      continue;
    }
    const verdict = runCase(golden, library);
    const counts = groups.get(golden.group) ?? { passed: 0, failed: 0, missing: 0 };
    groups.set(golden.group, { ...counts, [verdict.state]: counts[verdict.state] + 1 });
    if (verdict.state !== "passed") tell(`${verdict.state}  ${golden.group}  ${golden.name}: ${verdict.reason}`);
  }
  const total = { passed: 0, failed: 0, missing: 0 };
  for (const [group, counts] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    tell(`${group.padEnd(16)} ${counts.passed} passed, ${counts.failed} failed, ${counts.missing} missing`);
    for (const state of ["passed", "failed", "missing"] as const) total[state] += counts[state];
  }
  return { ...total, skipped };
}
