// Programs: what the compiler emits and an executor runs. Plain data: kernels and words, no ops, no code. Can be printed, saved, shipped.
import type { DType } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";

/**
 * Where a slot's bytes live.
 * input: written by the caller before a run; output: read after it; state: a variable, lives between runs, shared by programs;
 * constant: baked bytes; derived: filled by the prologue; scratch: intermediates in one arena shared by all programs.
 */
export type Space = "input" | "output" | "state" | "constant" | "derived" | "scratch";

export interface Slot {
  readonly space: Space;
  /** Bytes from the start of the space; for state, 0: each state slot is bound to a buffer of its own. */
  readonly offset: number;
  readonly bytes: number;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly name?: string;
  /** Content of a constant slot: base64 of little-endian bytes. */
  readonly data?: string;
}

/** A word of a step: a 32-bit number as it is, or the address of a slot plus bytes. The executor adds the bases once, when it links. */
export type Word = number | Address;

export interface Address {
  /** Index into Program.slots. */
  readonly slot: number;
  /** Bytes from the slot's start. */
  readonly offset: number;
}

/**
 * How threads may share a step: its work is `units` equal parts, and a thread computes the range [begin, end) of them. Any cut gives the same bits.
 * What a thread needs beyond its operands (the workspace) is its own.
 */
export interface Split {
  readonly units: number;
  /**
   * Bytes a unit, of slots that unit u touches only in [u · bytes, (u + 1) · bytes): steps with equal units and bytes need no barrier between them.
   * A written slot that is not named is written in parts that do not overlap; a read one is read anywhere.
   */
  readonly slices: { readonly [slot: number]: number };
}

export interface KernelStep {
  readonly kind: "kernel";
  /** Number of the step, as the status slot reports it. */
  readonly id: number;
  readonly kernel: string;
  readonly words: readonly Word[];
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Scratch used only while the step runs. */
  readonly workspace?: number;
  /** Absent: one thread runs the step alone. */
  readonly split?: Split;
  /** Threads wait for each other before this step: it touches what an earlier one, since the last such wait, has touched elsewhere. */
  readonly barrier?: true;
  /** Floating-point operations, for reports. */
  readonly flops?: number;
  /** What the step computes, for people: "relu(dense/kernel · x)". */
  readonly note?: string;
}

/** Runs `steps` when the first int32 of slot `condition` is not 0, else `otherwise`. */
export interface BranchStep {
  readonly kind: "branch";
  readonly condition: number;
  readonly steps: readonly Step[];
  readonly otherwise: readonly Step[];
  /** As of a kernel step: all threads read the condition. */
  readonly barrier?: true;
}

/** Runs `steps` `count` times; with a condition, only as long as its first int32 is not 0, which is looked at before every round. */
export interface LoopStep {
  readonly kind: "loop";
  readonly count: number;
  readonly condition?: number;
  readonly steps: readonly Step[];
  /** As of a kernel step, once, before the first round. */
  readonly barrier?: true;
}

export type Step = KernelStep | BranchStep | LoopStep;

/** A compiled program: plain data, which an executor runs any number of times and a file can hold. */
export interface Program {
  readonly format: "edgegrad-program";
  readonly version: typeof PROGRAM_VERSION;
  /** Kernel modules it needs: names of MODULES in kernels.ts. */
  readonly modules: readonly string[];
  readonly slots: readonly Slot[];
  /** Slots in the order arguments are fed, results are returned, states are bound. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly states: readonly number[];
  /** Slots that the steps (not the prologue) overwrite among the states. */
  readonly updates: readonly number[];
  /** Output-space slot of STATUS_WORDS int32: see Status. */
  readonly status: number;
  readonly prologue: readonly Step[];
  readonly steps: readonly Step[];
  /** Bytes each space needs (states not counted). */
  readonly bytes: Readonly<Record<Exclude<Space, "state">, number>>;
}

/** Changes with the words of any kernel: a program of another version would compute something else. */
export const PROGRAM_VERSION = 2;

/** Where a model file keeps its planned predict program, among its metadata. */
export const PROGRAM_KEY = "edgegrad.program";

/** Where it keeps what the program's inputs and outputs are called, in their order; left out where there is one of each. */
export const NAMES_KEY = "edgegrad.names";

/** int32 words of the status slot: code, step index, element index, reserved. All 0 when nothing failed. */
export const STATUS_WORDS = 4;

/** What a kernel can report. The first failure of a run stays. */
export const STATUS = { ok: 0, indexOutOfRange: 1, notFinite: 2, singular: 3, notPositiveDefinite: 4 } as const;

/** Every slot starts at a multiple of this and is followed by at least PADDING readable bytes. */
export const ALIGNMENT = 64;
export const PADDING = 16;

/** Room that so many bytes take in memory. */
export function paddedBytes(bytes: number): number {
  return Math.ceil((bytes + PADDING) / ALIGNMENT) * ALIGNMENT;
}

/** The bits of a float32, as a word. */
export function f32Word(value: number): number {
  SCRATCH_F32[0] = value;
  return SCRATCH_U32[0]!;
}
const SCRATCH = new ArrayBuffer(4);
const SCRATCH_F32 = new Float32Array(SCRATCH);
const SCRATCH_U32 = new Uint32Array(SCRATCH);
