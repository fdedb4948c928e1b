// Kernel modules: where the .wasm files lie, how they are loaded, and which variant this engine can run.
import { DeviceError } from "../../base/errors.js";
import { readNow } from "./host.js";

export type Variant = "simd" | "relaxed";

/** Compiled modules by name. Edge runtimes pass them in, because they only instantiate modules that were imported. */
export type WasmModules = Readonly<Record<string, WebAssembly.Module>>;

/** Where an executor gets modules from when a program needs one. */
export interface ModuleSource {
  /** Throws DeviceError, with the place, when the module cannot be loaded. */
  load(name: string): Promise<WebAssembly.Module>;
  /** The same at once, where files can be read at once; null elsewhere. */
  loadNow(name: string): WebAssembly.Module | null;
}

/** The modules dist/wasm/<name>.<variant>.wasm next to this package. change: what to make of their bytes; threads need withSharedMemory. */
export function packagedModules(variant: Variant, change = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => bytes): ModuleSource {
  const loadNow = (name: string): WebAssembly.Module | null => {
    const url = urlOf(name, variant);
    try {
      const bytes = readNow(url);
      // A module of this size takes less time than a task of its own would.
      return bytes && new WebAssembly.Module(change(bytes));
    } catch (error) {
      throw cannotLoad(url, error);
    }
  };
  const load = async (name: string): Promise<WebAssembly.Module> => {
    const url = urlOf(name, variant);
    try {
      return await WebAssembly.compile(change(await readBytes(url)));
    } catch (error) {
      throw cannotLoad(url, error);
    }
  };
  return { load, loadNow };
}

function urlOf(name: string, variant: Variant): URL {
  return new URL(`../../../dist/wasm/${name}.${variant}.wasm`, import.meta.url);
}

function cannotLoad(url: URL, error: unknown): DeviceError {
  return new DeviceError(
    `wasm: cannot load kernels from ${url.href}: ${error instanceof Error ? error.message : String(error)}. Copy the package's dist/wasm to there (a bundle in one file leaves it behind), or, where files or compilation are not allowed, pass init({ modules: { core, train } }).`,
  );
}

async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
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
