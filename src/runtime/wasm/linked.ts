// A program bound to memory: its words with all addresses, and the calls they belong to. Runs on one thread, or hands its steps to a team.
import { BYTES, viewOf, type TypedArray } from "../../base/dtype.js";
import { DeviceError } from "../../base/errors.js";
import { fromBase64 } from "../../base/base64.js";
import { isLasting } from "../../base/lasting.js";
import { scratchLives } from "../../program/lives.js";
import { STATUS, STATUS_WORDS, type KernelStep, type Program, type Space, type Step } from "../../program/program.js";
import { ALL_UNITS, isShareable } from "../../program/split.js";
import { kernelSteps, stepsInside } from "../../program/walk.js";
import { countWords } from "../../program/words.js";
import type { Finished, Linked, Status, StepWatch } from "../executor.js";
import type { WasmExecutor, WasmState } from "./executor.js";
import type { Pace } from "./pace.js";
import type { Team } from "./team.js";
import type { ThreadLists } from "./threads.js";
import type { KernelFunction } from "./walk.js";

/** A step with its addresses resolved: call, branch or loop; or bytes that poison fills. */
type Linkage =
  | { readonly kind: "call"; readonly kernel: KernelFunction; readonly words: number }
  | { readonly kind: "poison"; readonly address: number; readonly bytes: number }
  | { readonly kind: "branch"; readonly condition: number; readonly steps: readonly Linkage[]; readonly otherwise: readonly Linkage[] }
  | { readonly kind: "loop"; readonly count: number; readonly condition?: number; readonly steps: readonly Linkage[] };

const OWN_SPACES = ["input", "output", "constant", "derived"] as const satisfies readonly Space[];

export class LinkedProgram implements Linked {
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
  /** What inputs hold that need not be copied in when it is given again. Steps write no input. */
  private readonly fed: (WeakRef<TypedArray> | undefined)[] = [];
  private released = false;
  /** Only where threads could take part: they have no use for steps that one thread runs alone, and hinder watches. */
  private readonly pace: Pace | null;
  private lists: ThreadLists | null = null;

  constructor(
    private readonly executor: WasmExecutor,
    private readonly program: Program,
    states: readonly WasmState[],
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
    this.pace = executor.threading && executor.canThread && watch === undefined && isShareable(program.steps) ? new executor.threading.Pace() : null;
    program.slots.forEach(({ data }, i) => {
      if (data !== undefined) new Uint8Array(executor.buffer).set(fromBase64(data), this.slotAddress[i]!);
    });
  }

  run(inputs: readonly TypedArray[]): Status {
    this.executor.land();
    const team = this.teamOf(true);
    const derived = this.begin(inputs, team);
    const start = this.pace && performance.now();
    if (team) team.run(this.lists!.ranges, this.pace!.aloneMs);
    else execute(this.steps, this.executor.buffer);
    if (start !== null) this.pace!.ran(team !== null, performance.now() - start);
    return this.end(team, derived);
  }

  async start(inputs: readonly TypedArray[]): Promise<Finished> {
    this.executor.land();
    const team = this.teamOf(false);
    if (team === null) {
      const status = this.run(inputs);
      return { status, outputs: this.outputs() };
    }
    const derived = this.begin(inputs, team);
    const start = performance.now();
    return this.executor.fly(team, this.lists!.ranges, this.pace!.aloneMs, (error) => {
      if (error) throw error;
      this.pace!.ran(true, performance.now() - start);
      return { status: this.end(team, derived), outputs: this.outputs() };
    });
  }

  output(i: number): TypedArray {
    const slot = this.program.outputs[i]!;
    const { dtype, bytes } = this.program.slots[slot]!;
    return viewOf(dtype, this.executor.buffer, this.slotAddress[slot]!, bytes / BYTES[dtype]).slice();
  }

  release(): void {
    if (this.released) return;
    // It may be under way.
    this.executor.land();
    this.released = true;
    this.executor.giveBack(this.base, this.bytes);
    this.lists?.release();
    this.onRelease();
  }

  /** The threads for the next run. On a page they work for start() only: it must not wait for them. */
  private teamOf(blocking: boolean): Team | null {
    return this.pace && this.executor.blocks === blocking ? this.executor.teamFor(this.pace) : null;
  }

  private outputs(): TypedArray[] {
    return this.program.outputs.map((_, i) => this.output(i));
  }

  /** All that comes before the steps. Returns whether the prologue was well. */
  private begin(inputs: readonly TypedArray[], team: Team | null): boolean {
    if (this.released) throw new DeviceError("wasm: the program was released, so it cannot run. Load or compile it again.");
    const { program, executor } = this;
    this.relink();
    if (team) this.lists = executor.threading!.ThreadLists.current(this.lists, executor, program, this.slotAddress, team.threads);
    this.lists?.clear();
    if (inputs.length !== program.inputs.length) throw new DeviceError(`wasm: ${inputs.length} inputs given, expected ${program.inputs.length}`);
    const bytes = new Uint8Array(executor.buffer);
    program.inputs.forEach((slot, i) => {
      const data = inputs[i]!;
      const wanted = program.slots[slot]!.bytes;
      if (data.byteLength !== wanted) throw new DeviceError(`wasm: input ${i} has ${data.byteLength} B, expected ${wanted} B`);
      if (this.fed[i]?.deref() === data) return;
      this.fed[i] = isLasting(data) ? new WeakRef(data) : undefined;
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), this.slotAddress[slot]!);
    });
    if (executor.poison) bytes.fill(255, this.arena, this.arena + program.bytes.scratch);
    const status = this.status();
    status.fill(0);
    if (this.isStale()) {
      execute(this.prologue, executor.buffer);
      // One that failed runs again, and fails again: what it derived is of no use.
      this.prologueVersions = status[0] === STATUS.ok ? this.prologueStates.map(({ version }) => version) : null;
    }
    return status[0] === STATUS.ok;
  }

  /** All that comes after the steps. */
  private end(team: Team | null, derived: boolean): Status {
    for (const state of this.updated) state.version++;
    const [code, step, element] = this.status();
    const own = { code: code!, step: step!, element: element! };
    return team && derived ? this.lists!.firstFailure(own) : own;
  }

  private status(): Int32Array {
    return new Int32Array(this.executor.buffer, this.slotAddress[this.program.status]!, STATUS_WORDS);
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
      if (step.kind === "loop") return { kind: "loop", count: step.count, ...(step.condition !== undefined && { condition: this.slotAddress[step.condition]! }), steps: link(step.steps, nothing) };
      if (step.kind === "branch") {
        return { kind: "branch", condition: this.slotAddress[step.condition]!, steps: link(step.steps, after), otherwise: link(step.otherwise, after) };
      }
      // One thread computes all units.
      words[next++] = 0;
      words[next++] = step.split?.units ?? ALL_UNITS;
      const first = next;
      for (const word of step.words) words[next++] = typeof word === "number" ? word : this.slotAddress[word.slot]! + word.offset;
      const kernel = this.executor.kernel(step.kernel).call;
      return { kind: "call", kernel: this.watch ? watched(kernel, step, this.watch) : kernel, words: this.base + 4 * first };
    };
    this.prologue = link(this.program.prologue, nothing);
    this.steps = link(this.program.steps, this.executor.poison ? this.freedSlots() : nothing);
  }

  /** For poison: the scratch that nobody touches any more once a step, or a loop, has run. Asked for step by step, in order. */
  private freedSlots(): (step: Step) => readonly Linkage[] {
    const { slots, steps } = this.program;
    const waiting = [...scratchLives(slots, steps)].map(([slot, { last }]) => ({ slot, last })).sort((a, b) => b.last - a.last);
    let time = 0;
    return (step) => {
      // The steps of a branch were asked for themselves.
      time += step.kind === "branch" ? 0 : kernelSteps([step]).length;
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
    else for (let i = 0; i < step.count && (step.condition === undefined || new Int32Array(buffer, step.condition, 1)[0] !== 0); i++) execute(step.steps, buffer);
  }
}

/** Slots that steps read. */
function readBy(steps: readonly Step[]): Set<number> {
  return new Set(steps.flatMap((step) => (step.kind === "kernel" ? step.reads : [step.condition ?? [], ...readBy(stepsInside(step))].flat())));
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
