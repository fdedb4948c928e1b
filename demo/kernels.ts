// The kernels' files beside the page, fetched by relative address when they are needed and compiled once.
import { supportsSimd } from "../src/runtime/wasm/module.js";

export type KernelName = "core" | "train";

const compiled = new Map<KernelName, Promise<WebAssembly.Module>>();

/** The compiled module. Throws with the address when it cannot be fetched or compiled; a later call tries again. */
export function kernels(name: KernelName): Promise<WebAssembly.Module> {
  let module = compiled.get(name);
  if (!module) {
    module = load(name);
    module.catch(() => compiled.delete(name));
    compiled.set(name, module);
  }
  return module;
}

async function load(name: KernelName): Promise<WebAssembly.Module> {
  if (!supportsSimd()) throw new Error("this browser has no WebAssembly SIMD. Chrome 91, Firefox 89, Safari 16.4 and later have it.");
  // Not compileStreaming: it refuses hosts that do not know the type of .wasm files.
  return WebAssembly.compile(await fetchBytes(`${name}.simd.wasm`));
}

/** Bytes of a file beside the page. Throws with its address and what came. */
export async function fetchBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(file, import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: expected a file, got HTTP ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
