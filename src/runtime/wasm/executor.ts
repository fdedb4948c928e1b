// The WASM executor: kernels of instantiated modules, called step by step over one memory, on one thread.
import { instantiate } from "@assemblyscript/loader";
import { BYTES, viewOf, type DType, type TypedArray } from "../../base/dtype.js";
import { DeviceError } from "../../base/errors.js";
import { fromBase64 } from "../../base/base64.js";
import { scratchLives } from "../../program/lives.js";
import { STATUS, STATUS_WORDS, type KernelStep, type Program, type Space, type Step } from "../../program/program.js";
import { ALL_UNITS } from "../../program/split.js";
import type { Executor, Linked, MemoryUsage, StateBuffer, Status, StepWatch } from "../executor.js";
import { WasmMemory } from "./memory.js";
import type { WasmModules } from "./module.js";

type KernelFunction = (words: number) => void;

class WasmState implements StateBuffer {
  version = 0;
  constructor(
    readonly bytes: number,
    readonly address: number,
  ) {}
}

export interface WasmOptions {
  readonly modules: WasmModules;
  /** Fill scratch with NaN before every run, and every slot of it again behind its last reader: what reads too early or too late shows. */
  readonly poison?: boolean;
}

export class WasmExecutor implements Executor {
  readonly name = "wasm";
  private readonly kernels = new Map<string, KernelFunction>();
  private readonly memory: WasmMemory;
  private readonly loaded: readonly string[];
  private arena = { address: 0, bytes: 0 };
  private stateBytes = 0;
  private readonly programs = new Set<LinkedProgram>();

  private constructor(memory: WebAssembly.Memory, loaded: readonly string[], private readonly poison: boolean) {
    this.memory = new WasmMemory(memory);
    this.loaded = loaded;
  }

  /** Instantiates the modules over one new memory. */
  static async create({ modules, poison = false }: WasmOptions): Promise<WasmExecutor> {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
    const executor = new WasmExecutor(memory, Object.keys(modules), poison);
    for (const module of Object.values(modules)) {
      const { exports } = await instantiate<Record<string, unknown>>(module, { env: { memory } });
      for (const [name, entry] of Object.entries(exports)) {
        if (typeof entry === "function" && !executor.kernels.has(name)) executor.kernels.set(name, entry as KernelFunction);
      }
    }
    return executor;
  }

  get buffer(): ArrayBuffer {
    return this.memory.memory.buffer;
  }

  allocate(bytes: number): StateBuffer {
    const address = this.memory.allocate(bytes);
    new Uint8Array(this.buffer, address, bytes).fill(0);
    this.stateBytes += bytes;
    return new WasmState(bytes, address);
  }

  free(buffer: StateBuffer): void {
    const { address, bytes } = buffer as WasmState;
    this.memory.release(address, bytes);
    this.stateBytes -= bytes;
  }

  write(buffer: StateBuffer, data: TypedArray): void {
    const { address, bytes } = buffer as WasmState;
    if (data.byteLength !== bytes) throw new DeviceError(`wasm: a variable of ${bytes} B cannot take ${data.byteLength} B`);
    new Uint8Array(this.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);
    buffer.version++;
  }

  read(buffer: StateBuffer, dtype: DType, length: number): TypedArray {
    return viewOf(dtype, this.buffer, (buffer as WasmState).address, length).slice();
  }

  link(program: Program, states: readonly StateBuffer[], watch?: StepWatch): Linked {
    const missing = program.modules.filter((name) => !this.loaded.includes(name));
    if (missing.length > 0) {
      throw new DeviceError(`wasm: the program needs the kernel module ${missing.join(", ")}; loaded are ${this.loaded.join(", ")}.`);
    }
    const linked: LinkedProgram = new LinkedProgram(this, program, states as readonly WasmState[], this.poison, () => this.programs.delete(linked), watch);
    this.programs.add(linked);
    return linked;
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

  /** The one scratch arena, at least `bytes` long. It moves when it grows; programs notice by its address. */
  scratch(bytes: number): number {
    if (bytes > this.arena.bytes) {
      if (this.arena.bytes > 0) this.memory.release(this.arena.address, this.arena.bytes);
      // Should the new one not fit, there is none.
      this.arena = { address: 0, bytes: 0 };
      this.arena = { address: this.memory.allocate(bytes), bytes };
    }
    return this.arena.address;
  }

  reserve(bytes: number): number {
    return this.memory.allocate(bytes);
  }

  giveBack(address: number, bytes: number): void {
    this.memory.release(address, bytes);
  }

  kernel(step: KernelStep): KernelFunction {
    const entry = this.kernels.get(step.kernel);
    if (entry === undefined) throw new DeviceError(`wasm: kernel ${step.kernel} is in none of the loaded modules (${this.loaded.join(", ")}).`);
    return entry;
  }
}

/** A step with its addresses resolved: call, branch or loop; or bytes that poison fills. */
type Linkage =
  | { readonly kind: "call"; readonly kernel: KernelFunction; readonly words: number }
  | { readonly kind: "poison"; readonly address: number; readonly bytes: number }
  | { readonly kind: "branch"; readonly condition: number; readonly steps: readonly Linkage[]; readonly otherwise: readonly Linkage[] }
  | { readonly kind: "loop"; readonly count: number; readonly steps: readonly Linkage[] };

const OWN_SPACES = ["input", "output", "constant", "derived"] as const satisfies readonly Space[];

class LinkedProgram implements Linked {
  /** One block of memory: words, then the program's own spaces. */
  private readonly base: number;
  private readonly bytes: number;
  private readonly spaces: Record<Space, number>;
  private readonly slotAddress: number[];
  private prologue: readonly Linkage[] = [];
  private steps: readonly Linkage[] = [];
  private arena = -1;
  /** Variables that the prologue reads, and their versions when it last ran. */
  private readonly prologueStates: readonly WasmState[];
  private prologueVersions: number[] | null = null;
  private readonly updated: readonly WasmState[];
  private released = false;

  constructor(
    private readonly executor: WasmExecutor,
    private readonly program: Program,
    states: readonly WasmState[],
    private readonly poison: boolean,
    private readonly onRelease: () => void,
    private readonly watch?: StepWatch,
  ) {
    const wordBytes = align(4 * countWords([...program.prologue, ...program.steps]));
    const own = OWN_SPACES.map((space) => align(program.bytes[space]));
    this.bytes = wordBytes + own.reduce((sum, bytes) => sum + bytes, 0);
    this.base = executor.reserve(this.bytes);
    this.spaces = { input: 0, output: 0, state: 0, constant: 0, derived: 0, scratch: 0 };
    let address = this.base + wordBytes;
    OWN_SPACES.forEach((space, i) => {
      this.spaces[space] = address;
      address += own[i]!;
    });
    // Padding is read by kernels: no stray NaN may sit there.
    new Uint8Array(executor.buffer, this.base, this.bytes).fill(0);
    this.slotAddress = program.slots.map(({ space, offset }) => (space === "state" ? 0 : this.spaces[space] + offset));
    program.states.forEach((slot, i) => (this.slotAddress[slot] = states[i]!.address));
    const stateAt = new Map(program.states.map((slot, i) => [slot, states[i]!] as const));
    this.prologueStates = [...readBy(program.prologue)].flatMap((slot) => stateAt.get(slot) ?? []);
    this.updated = program.updates.map((slot) => stateAt.get(slot)!);
    program.slots.forEach(({ data }, i) => {
      if (data !== undefined) new Uint8Array(executor.buffer).set(fromBase64(data), this.slotAddress[i]!);
    });
  }

  run(inputs: readonly TypedArray[]): Status {
    if (this.released) throw new DeviceError("wasm: the program was released");
    const { program, executor } = this;
    this.relink();
    const bytes = new Uint8Array(executor.buffer);
    if (inputs.length !== program.inputs.length) throw new DeviceError(`wasm: ${inputs.length} inputs given, expected ${program.inputs.length}`);
    program.inputs.forEach((slot, i) => {
      const data = inputs[i]!;
      const wanted = program.slots[slot]!.bytes;
      if (data.byteLength !== wanted) throw new DeviceError(`wasm: input ${i} has ${data.byteLength} B, expected ${wanted} B`);
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), this.slotAddress[slot]!);
    });
    if (this.poison) bytes.fill(255, this.arena, this.arena + program.bytes.scratch);
    const status = new Int32Array(executor.buffer, this.slotAddress[program.status]!, STATUS_WORDS);
    status.fill(0);
    if (this.isStale()) {
      execute(this.prologue, executor.buffer);
      // One that failed runs again, and fails again: what it derived is of no use.
      this.prologueVersions = status[0] === STATUS.ok ? this.prologueStates.map(({ version }) => version) : null;
    }
    execute(this.steps, executor.buffer);
    for (const state of this.updated) state.version++;
    return { code: status[0]!, step: status[1]!, element: status[2]! };
  }

  output(i: number): TypedArray {
    const slot = this.program.outputs[i]!;
    const { dtype, bytes } = this.program.slots[slot]!;
    return viewOf(dtype, this.executor.buffer, this.slotAddress[slot]!, bytes / BYTES[dtype]).slice();
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.executor.giveBack(this.base, this.bytes);
    this.onRelease();
  }

  private isStale(): boolean {
    if (this.program.prologue.length === 0) return false;
    const seen = this.prologueVersions;
    return seen === null || this.prologueStates.some(({ version }, i) => version !== seen[i]);
  }

  /** Writes the words, with all addresses, whenever the arena has moved. */
  private relink(): void {
    const arena = this.executor.scratch(this.program.bytes.scratch);
    if (arena === this.arena) return;
    this.arena = arena;
    this.program.slots.forEach(({ space, offset }, i) => {
      if (space === "scratch") this.slotAddress[i] = arena + offset;
    });
    const words = new Uint32Array(this.executor.buffer, this.base, this.bytes / 4);
    let next = 0;
    const link = (steps: readonly Step[], after: (step: Step) => readonly Linkage[]): Linkage[] =>
      steps.flatMap((step): readonly Linkage[] => [one(step, after), ...after(step)]);
    const one = (step: Step, after: (step: Step) => readonly Linkage[]): Linkage => {
      if (step.kind === "loop") return { kind: "loop", count: step.count, steps: link(step.steps, nothing) };
      if (step.kind === "branch") {
        return { kind: "branch", condition: this.slotAddress[step.condition]!, steps: link(step.steps, after), otherwise: link(step.otherwise, after) };
      }
      // The range of units: one thread computes them all.
      words[next++] = 0;
      words[next++] = step.split?.units ?? ALL_UNITS;
      const first = next;
      for (const word of step.words) words[next++] = typeof word === "number" ? word : this.slotAddress[word.slot]! + word.offset;
      const kernel = this.executor.kernel(step);
      return { kind: "call", kernel: this.watch ? watched(kernel, step, this.watch) : kernel, words: this.base + 4 * first };
    };
    this.prologue = link(this.program.prologue, nothing);
    this.steps = link(this.program.steps, this.poison ? this.freedSlots() : nothing);
  }

  /** For poison: the scratch that nobody touches any more once a step, or a loop, has run. Asked for step by step, in order. */
  private freedSlots(): (step: Step) => readonly Linkage[] {
    const { slots, steps } = this.program;
    const waiting = [...scratchLives(slots, steps)].map(([slot, { last }]) => ({ slot, last })).sort((a, b) => b.last - a.last);
    let time = 0;
    return (step) => {
      // The steps of a branch were asked for themselves.
      time += step.kind === "branch" ? 0 : countKernels([step]);
      const freed: Linkage[] = [];
      while (waiting.length > 0 && waiting[waiting.length - 1]!.last < time) {
        const { slot } = waiting.pop()!;
        freed.push({ kind: "poison", address: this.slotAddress[slot]!, bytes: slots[slot]!.bytes });
      }
      return freed;
    };
  }
}

const nothing = (): readonly Linkage[] => [];

function watched(kernel: KernelFunction, step: KernelStep, watch: StepWatch): KernelFunction {
  return (words) => {
    const start = performance.now();
    kernel(words);
    watch(step, performance.now() - start);
  };
}

function execute(steps: readonly Linkage[], buffer: ArrayBuffer): void {
  for (const step of steps) {
    if (step.kind === "call") step.kernel(step.words);
    else if (step.kind === "poison") new Uint8Array(buffer, step.address, step.bytes).fill(255);
    else if (step.kind === "branch") execute(new Int32Array(buffer, step.condition, 1)[0] !== 0 ? step.steps : step.otherwise, buffer);
    else for (let i = 0; i < step.count; i++) execute(step.steps, buffer);
  }
}

/** Words before a step's own: the first unit, and the one behind the last. */
const RANGE_WORDS = 2;

function countWords(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => {
    if (step.kind === "kernel") return sum + RANGE_WORDS + step.words.length;
    return sum + countWords(step.steps) + (step.kind === "branch" ? countWords(step.otherwise) : 0);
  }, 0);
}

function countKernels(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => {
    if (step.kind === "kernel") return sum + 1;
    return sum + countKernels(step.steps) + (step.kind === "branch" ? countKernels(step.otherwise) : 0);
  }, 0);
}

/** Slots that steps read. */
function readBy(steps: readonly Step[]): Set<number> {
  return new Set(steps.flatMap((step) => (step.kind === "kernel" ? step.reads : [...readBy(step.steps), ...(step.kind === "branch" ? [step.condition, ...readBy(step.otherwise)] : [])])));
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
