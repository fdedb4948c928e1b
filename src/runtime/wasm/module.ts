// Kernel modules: where the .wasm files lie, and which variant this engine can run.
import { DeviceError } from "../../base/errors.js";

export type Variant = "simd" | "relaxed";

/** Compiled modules by name. Edge runtimes pass them in, because they only instantiate modules that were imported. */
export type WasmModules = Readonly<Record<string, WebAssembly.Module>>;

/** Reads and compiles dist/wasm/<name>.<variant>.wasm next to this package. Throws DeviceError, with the place, when that fails. */
export async function loadModule(name: string, variant: Variant): Promise<WebAssembly.Module> {
  const url = new URL(`../../../dist/wasm/${name}.${variant}.wasm`, import.meta.url);
  try {
    return await WebAssembly.compile(await readBytes(url));
  } catch (error) {
    throw new DeviceError(
      `wasm: cannot load kernels from ${url.href}: ${error instanceof Error ? error.message : String(error)}. Where files or compilation are not allowed, pass init({ modules: { core, train } }).`,
    );
  }
}

async function readBytes(url: URL): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>> {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.arrayBuffer();
}

/** A module with one i32x4 instruction, one with one relaxed instruction: (func (drop (…))) . */
const SIMD_PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 17, 26, 11];
const RELAXED_PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11];

export function supportsSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(SIMD_PROBE));
}

export function supportsRelaxedSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(RELAXED_PROBE));
}
