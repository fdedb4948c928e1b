// The device: the one executor that tensors run on. init() starts it; until then nothing can run synchronously.
import { DeviceError, ValueError } from "../base/errors.js";
import { debugLevel, debugLog, isOn } from "../base/debug.js";
import { MODULES, type Module } from "../program/kernels.js";
import type { Numerics } from "../ops/op.js";
import type { Executor, MemoryUsage } from "../runtime/executor.js";
import { WasmExecutor } from "../runtime/wasm/executor.js";
import type { watchProgram } from "./watch.js";
import { canShareMemory, coreCount, onPage } from "../runtime/wasm/host.js";
import { packagedModules, supportsRelaxedSimd, supportsSimd, type WasmModules } from "../runtime/wasm/module.js";

/** Options of init(). */
export interface InitOptions {
  /** "reproducible" (default): the same seed gives the same bits everywhere. "fast": may use relaxed SIMD, where the engine has it, and convolve by algorithms that lose a decimal digit (4e-5 of a usual result). */
  readonly numerics?: Numerics;
  /**
   * Threads for programs that take long enough, this one included. "auto" (default): as many as there are cores, 8 at most. They start when the first such
   * program has run a few times, and change no bit of any result. On a page they need the headers that make it cross-origin isolated, and work
   * for what is awaited: data(), fit() and the like.
   */
  readonly threads?: number | "auto";
  /** Kernel modules to load now rather than when a program needs them. Pages, where that takes a request each, start with core and train. */
  readonly preload?: readonly Module[];
  /** Compiled kernel modules, where files cannot be read or compiled (edge runtimes, bundles). One thread then. */
  readonly modules?: WasmModules;
}

/** More threads than this seldom pay for networks of the size that fits here. */
const AUTO_THREADS = 8;
export const MOST_THREADS = 64;

let executor: Executor | null = null;
let watching: typeof watchProgram | null = null;
let starting: Promise<Executor> | null = null;
let chosen: Numerics = "reproducible";
let chosenThreads: number | "auto" = "auto";

/** Starts the engine. May be called again with the same options. Throws DeviceError where WebAssembly SIMD is missing or kernels cannot be loaded. */
export async function init(options: InitOptions = {}): Promise<void> {
  const running = await start(options);
  if (options.preload) await running.prepare(options.preload);
}

/** The running executor, started now if need be. */
export async function start(options: InitOptions = {}): Promise<Executor> {
  const { numerics, threads } = options;
  check(options);
  if (starting !== null) {
    if (numerics !== undefined && numerics !== chosen) {
      throw new DeviceError(`init: the engine already runs with numerics "${chosen}" and cannot change to "${numerics}". Call init first, once.`);
    }
    if (threads !== undefined && threads !== chosenThreads) {
      throw new DeviceError(`init: the engine already runs with threads ${chosenThreads} and cannot change to ${threads}. Call init first, once.`);
    }
    return starting;
  }
  chosen = numerics ?? "reproducible";
  chosenThreads = threads ?? "auto";
  starting = create(chosen, chosenThreads, options.modules);
  try {
    return (executor = await starting);
  } catch (error) {
    starting = null;
    throw error;
  }
}

function check({ numerics, threads, preload = [] }: InitOptions): void {
  if (numerics !== undefined && numerics !== "reproducible" && numerics !== "fast") {
    throw new ValueError(`init: numerics is "${String(numerics)}"; expected "reproducible" or "fast".`);
  }
  if (threads !== undefined && threads !== "auto" && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw new ValueError(`init: threads is ${JSON.stringify(threads)}; expected a whole number from 1 to ${MOST_THREADS}, or "auto".`);
  }
  for (const name of preload) if (!MODULES.includes(name)) throw new ValueError(`init: preload names "${String(name)}"; expected ${MODULES.join(", ")}.`);
}

/** The running executor. Throws DeviceError before init() has finished. */
export function device(what: string): Executor {
  if (executor === null) throw new DeviceError(`${what}: the engine has not started. Await init() first, or use the asynchronous data().`);
  return executor;
}

export function isReady(): boolean {
  return executor !== null;
}

/** Where everything runs that is not marked, and where variables live. */
export const HOME = "wasm";

/** Devices beside the first, by the names they were added under. */
const others = new Map<string, Executor>();

/** One more executor, with memory of its own. Throws DeviceError when the name is taken or it cannot start. */
export async function addExecutor(name: string, options: Pick<InitOptions, "threads" | "modules">): Promise<void> {
  await start();
  check(options);
  if (name === HOME || others.has(name)) throw new DeviceError(`addDevice: there is a device "${name}" already. Choose another name.`);
  others.set(name, await create(chosen, options.threads ?? 1, options.modules));
}

/** Ends a device that addDevice() made. What is compiled for it cannot run any more. Throws DeviceError when there is none of that name. */
export function removeDevice(name: string): void {
  named(name, "removeDevice").close();
  others.delete(name);
}

/** The devices there are, "wasm" first. */
export function devices(): string[] {
  return [HOME, ...others.keys()];
}

/** The executor of that name. Throws DeviceError, naming those there are, when there is none. */
export function named(name: string, what: string): Executor {
  if (name === HOME) return device(what);
  const found = others.get(name);
  if (found === undefined) throw new DeviceError(`${what}: there is no device "${name}"; there are ${devices().join(", ")}. Await addDevice("${name}") first.`);
  return found;
}

/** What shows programs and their times with DEBUG; null without. */
export function watcher(): typeof watchProgram | null {
  return watching;
}

/** What programs may be made of: fixed when the engine starts. */
export function numerics(): Numerics {
  return chosen;
}

/** Memory held by the engine. arenaBytes: scratch of the largest program; stateBytes: variables. */
export function memory(): MemoryUsage {
  return device("memory").usage();
}

/** Threads the engine may use, and those at work by now: 1 until a long program has started the others, and after one was lost. */
export function threads(): { readonly wanted: number; readonly ready: number } {
  return device("threads").threads;
}

/** Ends the other threads; what runs later runs on one. A program may end without: they do not keep it alive. */
export function shutdown(): void {
  executor?.close();
}

async function create(numerics: Numerics, threads: number | "auto", given: WasmModules | undefined): Promise<Executor> {
  // Printing is for those who ask for it.
  if (debugLevel() > 0) watching = (await import("./watch.js")).watchProgram;
  if (!supportsSimd()) throw new DeviceError("wasm: this JavaScript engine has no WebAssembly SIMD. Needed: Chrome 91, Firefox 89, Safari 16.4, Node 20 or later.");
  const relaxed = numerics === "fast" && supportsRelaxedSimd();
  if (numerics === "fast" && !relaxed) debugLog(1, () => 'init: relaxed SIMD is missing here, numerics "fast" runs plain SIMD');
  const poison = isOn("POISON");
  if (given) {
    if (typeof threads === "number" && threads > 1) console.warn(`init: ${threads} threads were asked for, one runs: threads need modules that the engine loads itself. Leave out \`modules\`.`);
    return WasmExecutor.create({ modules: given, poison });
  }
  const count = threadCount(threads);
  const threading = count > 1 ? await import("../runtime/wasm/threading.js") : undefined;
  return WasmExecutor.create({
    source: packagedModules(relaxed ? "relaxed" : "simd", threading?.withSharedMemory),
    preload: onPage() ? ["core", "train"] : ["core"],
    threads: count,
    ...(threading && { threading }),
    poison,
    onThreadsLost: (reason, started) => {
      if (started || typeof threads === "number" || debugLevel() > 0) console.warn(`edgegrad: one thread from here on, ${reason}.`);
    },
  });
}

/** How many threads there can be; says so where they were asked for and cannot be. */
function threadCount(wanted: number | "auto"): number {
  if (wanted === 1) return 1;
  if (!canShareMemory()) {
    if (wanted !== "auto") {
      console.warn(`init: ${wanted} threads were asked for, one runs: the page is not cross-origin isolated. Serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.`);
    }
    return 1;
  }
  return wanted === "auto" ? Math.min(coreCount(), AUTO_THREADS) : wanted;
}
