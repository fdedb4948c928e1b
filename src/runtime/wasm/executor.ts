// The WASM executor: kernels of instantiated modules over one memory, and the threads that share it. Programs stand in linked.ts.
import { instantiate, instantiateSync } from "@assemblyscript/loader";
import { viewOf, type DType, type TypedArray } from "../../base/dtype.js";
import { DeviceError } from "../../base/errors.js";
import { KERNELS, MODULES } from "../../program/kernels.js";
import type { Program } from "../../program/program.js";
import type { Executor, Linked, MemoryUsage, StateBuffer, StepWatch } from "../executor.js";
import { onPage } from "./host.js";
import { LinkedProgram } from "./linked.js";
import { WasmMemory } from "./memory.js";
import type { ModuleSource, WasmModules } from "./module.js";
import type { Pace } from "./pace.js";
import type { Job } from "./signals.js";
import type { Team } from "./team.js";
import type * as threading from "./threading.js";
import { enterKernels, type KernelFunction } from "./walk.js";

export class WasmState implements StateBuffer {
  version = 0;
  constructor(
    readonly bytes: number,
    readonly address: number,
  ) {}
}

/** What threading.ts exports. */
export type Threading = typeof threading;

export interface WasmOptions {
  /** Modules at hand. */
  readonly modules?: WasmModules;
  /** Where the others come from; none: there are no others. With threads, it gives modules for a shared memory. */
  readonly source?: ModuleSource;
  /** Modules to load at once. */
  readonly preload?: readonly string[];
  /** Threads for long programs, this one included; default 1. More need `source` and `threading`. */
  readonly threads?: number;
  /** The module threading.ts, loaded by who wants threads. */
  readonly threading?: Threading;
  /** Fill scratch with NaN before every run, and every slot of it again behind its last reader: what reads too early or too late shows. One thread only. */
  readonly poison?: boolean;
  /** Told when threads are given up: why, and whether they had been at work. */
  readonly onThreadsLost?: (reason: string, started: boolean) => void;
}

const PAGES_MOST = 65536;
/** By number. */
const KERNEL_NAMES = Object.keys(KERNELS);

export class WasmExecutor implements Executor {
  readonly name = "wasm";
  readonly poison: boolean;
  private readonly kernels: KernelFunction[] = [];
  private readonly loaded = new Map<string, WebAssembly.Module>();
  private readonly memory: WasmMemory;
  private readonly source: ModuleSource | undefined;
  readonly threading: Threading | null;
  private readonly programs = new Set<LinkedProgram>();
  private arena = { address: 0, bytes: 0 };
  /** Workspaces of the threads after the first. */
  private readonly workspaces: { address: number; bytes: number }[] = [];
  /** Changes whenever the arena or a workspace moves. */
  private layout = 0;
  private stateBytes = 0;
  private threadCount: number;
  private team: Team | null = null;
  private readonly onThreadsLost: (reason: string, started: boolean) => void;
  private flight: Promise<void> | null = null;

  private constructor(memory: WebAssembly.Memory, { source, threads = 1, threading, poison = false, onThreadsLost = () => {} }: WasmOptions) {
    this.memory = new WasmMemory(memory);
    this.source = source;
    this.threading = threading ?? null;
    this.threadCount = threading ? threads : 1;
    this.poison = poison;
    this.onThreadsLost = onThreadsLost;
  }

  /** Instantiates modules over one new memory. */
  static async create(options: WasmOptions): Promise<WasmExecutor> {
    const memory = newMemory((options.threads ?? 1) > 1);
    const executor = new WasmExecutor(memory, options);
    for (const [name, module] of Object.entries(options.modules ?? {})) executor.enter(name, module, (await instantiate(module, { env: { memory } })).exports);
    await executor.prepare(options.preload ?? []);
    return executor;
  }

  get buffer(): ArrayBuffer {
    return this.memory.memory.buffer;
  }

  get modules(): readonly string[] {
    return this.source === undefined ? [...this.loaded.keys()] : MODULES;
  }

  get threads(): { wanted: number; ready: number } {
    return { wanted: this.threadCount, ready: this.team?.isReady ? this.threadCount : 1 };
  }

  // --- variables ---

  allocate(bytes: number): StateBuffer {
    const address = this.memory.allocate(bytes);
    new Uint8Array(this.buffer, address, bytes).fill(0);
    this.stateBytes += bytes;
    return new WasmState(bytes, address);
  }

  free(buffer: StateBuffer): void {
    const { address, bytes } = buffer as WasmState;
    this.giveBack(address, bytes);
    this.stateBytes -= bytes;
  }

  write(buffer: StateBuffer, data: TypedArray): void {
    const { address, bytes } = buffer as WasmState;
    if (data.byteLength !== bytes) throw new DeviceError(`wasm: a variable of ${bytes} B cannot take ${data.byteLength} B`);
    this.land();
    new Uint8Array(this.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);
    buffer.version++;
  }

  read(buffer: StateBuffer, dtype: DType, length: number): TypedArray {
    this.land();
    return viewOf(dtype, this.buffer, (buffer as WasmState).address, length).slice();
  }

  // --- programs ---

  async prepare(modules: readonly string[]): Promise<void> {
    const { source, memory } = this;
    if (source === undefined) return;
    // At once where that can be: Node takes 20 ms for what the loader's other way has to look at first.
    const missing = modules.filter((name) => !this.loaded.has(name) && !this.loadNow(name));
    await Promise.all(missing.map(async (name) => {
      const module = await source.load(name);
      const { exports } = await instantiate(module, { env: { memory: memory.memory } });
      if (!this.loaded.has(name)) this.enter(name, module, exports);
    }));
  }

  link(program: Program, states: readonly StateBuffer[], watch?: StepWatch): Linked {
    for (const name of program.modules) if (!this.loaded.has(name) && !this.loadNow(name)) throw this.missing(name);
    const linked: LinkedProgram = new LinkedProgram(this, program, states as readonly WasmState[], () => this.programs.delete(linked), watch);
    this.programs.add(linked);
    return linked;
  }

  /** Whether a module could be loaded without waiting. */
  private loadNow(name: string): boolean {
    const module = this.source?.loadNow(name) ?? null;
    if (module === null) return false;
    this.enter(name, module, instantiateSync(module, { env: { memory: this.memory.memory } }).exports);
    return true;
  }

  private missing(name: string): DeviceError {
    const cure = this.source === undefined ? `Give it to init({ modules: { ${name} } }).` : `Await init({ preload: ["${name}"] }) first, or use the asynchronous data().`;
    return new DeviceError(`wasm: the program needs the kernel module ${name}; loaded are ${[...this.loaded.keys()].join(", ") || "none"}. ${cure}`);
  }

  private enter(name: string, module: WebAssembly.Module, exports: object): void {
    this.loaded.set(name, module);
    enterKernels(this.kernels, KERNEL_NAMES, exports as Readonly<Record<string, unknown>>);
    // Its threads lack the module; the next long program starts new ones.
    this.team?.close();
    this.team = null;
  }

  /** Number of a step's kernel, and the kernel. */
  kernel(name: string): { number: number; call: KernelFunction } {
    const number = KERNEL_NAMES.indexOf(name);
    const call = this.kernels[number];
    if (call === undefined) throw new DeviceError(`wasm: kernel ${name} is in none of the loaded modules (${[...this.loaded.keys()].join(", ")}).`);
    return { number, call };
  }

  usage(): MemoryUsage {
    return {
      totalBytes: this.buffer.byteLength,
      wasmPages: this.memory.pages,
      arenaBytes: this.arena.bytes,
      stateBytes: this.stateBytes,
      programs: this.programs.size,
    };
  }

  // --- memory of programs ---

  /** The one scratch arena, at least `bytes` long. It moves when it grows; programs notice by its address. */
  scratch(bytes: number): number {
    this.arena = this.grown(this.arena, bytes);
    return this.arena.address;
  }

  /** The workspaces of the threads after the first, at least `bytes` long each. They move when they grow. */
  workspacesOf(bytes: number): readonly number[] {
    for (let i = 0; i < this.threadCount - 1; i++) this.workspaces[i] = this.grown(this.workspaces[i] ?? { address: 0, bytes: 0 }, bytes);
    return this.workspaces.map(({ address }) => address);
  }

  get layoutVersion(): number {
    return this.layout;
  }

  private grown(block: { address: number; bytes: number }, bytes: number): { address: number; bytes: number } {
    if (bytes <= block.bytes) return block;
    if (block.bytes > 0) this.giveBack(block.address, block.bytes);
    // Should the new one not fit, there is none.
    block.bytes = 0;
    block.address = 0;
    this.layout++;
    return { address: this.memory.allocate(bytes), bytes };
  }

  reserve(bytes: number): number {
    return this.memory.allocate(bytes);
  }

  giveBack(address: number, bytes: number): void {
    this.memory.release(address, bytes);
  }

  // --- threads ---

  /** Whether the calling thread may wait for others, and is one of them. */
  readonly blocks = !onPage();

  get canThread(): boolean {
    return this.threadCount > 1 && !this.poison;
  }

  /** The threads for a program's next run; null: this one alone. A program that is long enough starts them. */
  teamFor(pace: Pace): Team | null {
    if (!pace.isLong || this.threadCount === 1 || this.threading === null) return null;
    if (this.team === null) this.gatherTeam(this.threading);
    return pace.together && this.team?.isReady ? this.team : null;
  }

  private gatherTeam({ Team, signalBytes }: Threading): void {
    const threads = this.threadCount;
    const address = this.memory.allocate(signalBytes(threads));
    new Uint8Array(this.buffer, address, signalBytes(threads)).fill(0);
    try {
      const team = new Team({
        memory: this.memory.memory,
        modules: [...this.loaded.values()],
        names: KERNEL_NAMES,
        kernels: this.kernels,
        threads,
        address,
        onLost: (reason, started) => {
          if (this.team === team) this.giveUpThreads(reason, started);
        },
      });
      this.team = team;
    } catch (error) {
      this.giveUpThreads(error instanceof Error ? error.message : String(error), false);
    }
  }

  private giveUpThreads(reason: string, started: boolean): void {
    this.threadCount = 1;
    this.team = null;
    this.onThreadsLost(reason, started);
  }

  /** Gives a program's steps to the threads. settle: called when they are done, before anything else can run; throws what the run failed with. */
  fly<T>(team: Team, ranges: Job["ranges"], aloneMs: number, settle: (error: Error | null) => T): Promise<T> {
    const run = new Promise<T>((resolve, reject) => {
      team.start(ranges, aloneMs, (error) => {
        this.flight = null;
        try {
          resolve(settle(error));
        } catch (failure) {
          reject(failure as Error);
        }
      });
    });
    this.flight = run.then(() => {}, () => {});
    return run;
  }

  idle(): Promise<void> | null {
    return this.flight;
  }

  /** Ends the run under way, if there is one, by waiting for it here and now. */
  land(): void {
    if (this.flight !== null) this.team?.landNow();
  }

  close(): void {
    this.land();
    this.team?.close();
    this.team = null;
    this.threadCount = 1;
  }
}

/** Shared memory is reserved as a whole, which small address spaces refuse. */
function newMemory(shared: boolean): WebAssembly.Memory {
  if (!shared) return new WebAssembly.Memory({ initial: 2, maximum: PAGES_MOST });
  for (let maximum = PAGES_MOST; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: 2, maximum, shared });
    } catch (error) {
      if (maximum <= 1024) throw new DeviceError(`wasm: no shared memory, not even of ${maximum} pages: ${(error as Error).message}. Use init({ threads: 1 }).`);
    }
  }
}
