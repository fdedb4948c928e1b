// The device: the one executor that tensors run on. init() starts it; until then nothing can run synchronously.
import { DeviceError, ValueError } from "../base/errors.js";
import { debugLevel, isOn } from "../base/debug.js";
import type { Executor, MemoryUsage } from "../runtime/executor.js";
import { WasmExecutor } from "../runtime/wasm/executor.js";
import { loadModule, supportsRelaxedSimd, supportsSimd, type WasmModules } from "../runtime/wasm/module.js";

export type Numerics = "reproducible" | "fast";

export interface InitOptions {
  /** "reproducible" (default): the same seed gives the same bits everywhere. "fast": may use relaxed SIMD, where the engine has it. */
  readonly numerics?: Numerics;
  /** Threads to run on. This build runs on one. */
  readonly threads?: number;
  /** Compiled kernel modules, where files cannot be read or compiled (edge runtimes, bundles). */
  readonly modules?: WasmModules;
}

let executor: Executor | null = null;
let starting: Promise<Executor> | null = null;
let chosen: Numerics = "reproducible";

/** Starts the engine. May be called again with the same options. Throws DeviceError where WebAssembly SIMD is missing or kernels cannot be loaded. */
export async function init(options: InitOptions = {}): Promise<void> {
  await start(options);
}

/** The running executor, started now if need be. */
export async function start(options: InitOptions = {}): Promise<Executor> {
  const { numerics, threads = 1 } = options;
  if (threads !== 1) throw new ValueError(`init: threads is ${threads}, but this build runs on 1 thread. Leave it out.`);
  if (numerics !== undefined && numerics !== "reproducible" && numerics !== "fast") {
    throw new ValueError(`init: numerics is "${String(numerics)}"; expected "reproducible" or "fast".`);
  }
  if (starting !== null) {
    if (numerics !== undefined && numerics !== chosen) {
      throw new DeviceError(`init: the engine already runs with numerics "${chosen}" and cannot change to "${numerics}". Call init first, once.`);
    }
    return starting;
  }
  chosen = numerics ?? "reproducible";
  starting = create(chosen, options.modules);
  try {
    return (executor = await starting);
  } catch (error) {
    starting = null;
    throw error;
  }
}

/** The running executor. Throws DeviceError before init() has finished. */
export function device(what: string): Executor {
  if (executor === null) throw new DeviceError(`${what}: the engine has not started. Await init() first, or use the asynchronous data().`);
  return executor;
}

export function isReady(): boolean {
  return executor !== null;
}

/** Memory held by the engine. arenaBytes: scratch of the largest program; stateBytes: variables. */
export function memory(): MemoryUsage {
  return device("memory").usage();
}

async function create(numerics: Numerics, given: WasmModules | undefined): Promise<Executor> {
  if (!supportsSimd()) throw new DeviceError("wasm: this JavaScript engine has no WebAssembly SIMD. Needed: Chrome 91, Firefox 89, Safari 16.4, Node 20 or later.");
  const relaxed = numerics === "fast" && supportsRelaxedSimd();
  if (numerics === "fast" && !relaxed && debugLevel() > 0) console.error('init: relaxed SIMD is missing here, numerics "fast" runs plain SIMD');
  const variant = relaxed ? "relaxed" : "simd";
  const modules = given ?? { core: await loadModule("core", variant), train: await loadModule("train", variant), extra: await loadModule("extra", variant) };
  return WasmExecutor.create({ modules, poison: isOn("POISON") });
}
