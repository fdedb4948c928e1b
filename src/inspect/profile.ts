// Profiles: where the time of a function goes, step by step, and how near each step is to what the machine was seen to do just before.
import { compileGraph } from "../compile/index.js";
import { fedData, traceGraph, type Argument, type Arguments, type Outputs, type Parameter } from "../engine/compile.js";
import { device, numerics } from "../engine/device.js";
import { add, matmul } from "../engine/functions.js";
import { throwOnFailure } from "../engine/status.js";
import type { Source } from "../engine/source.js";
import { tensor, type Tensor } from "../engine/tensor.js";
import type { Variable } from "../engine/variable.js";
import { ValueError } from "../base/errors.js";
import { linearise } from "../graph/graph.js";
import { bytesOf } from "../program/cost.js";
import type { KernelStep } from "../program/program.js";
import { count } from "./units.js";

/** One step of a profile. */
export interface ProfileRow {
  readonly step: number;
  readonly kernel: string;
  readonly note: string;
  /** Median milliseconds over the runs, on one thread. */
  readonly ms: number;
  readonly bytes: number;
  readonly flops: number;
  /** The time its work or its bytes, whichever takes longer, would take at the speeds of `limits`, over the time it took. */
  readonly ofLimit: number;
}

/** What this machine did in a large matrix product and in a large sum. */
export interface Limits {
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
}

interface Run {
  readonly step: KernelStep;
  readonly start: number;
  readonly ms: number;
}

/** Where the time of a function went, step by step; prints as a table. */
export class Profile {
  constructor(
    readonly rows: readonly ProfileRow[],
    readonly limits: Limits,
    /** The steps of the last run, in order, with their starts in milliseconds. */
    private readonly last: readonly Run[],
  ) {}

  /** Milliseconds of all steps together. */
  get totalMs(): number {
    return this.rows.reduce((sum, { ms }) => sum + ms, 0);
  }

  /** A table for people: one line a step, in order. */
  toString(): string {
    const total = this.totalMs;
    const head = ["step", "kernel", "ms", "share", "bytes", "work", "of limit", "computes"];
    const lines = this.rows.map(({ step, kernel, ms, bytes, flops, ofLimit, note }) => [
      String(step), kernel, ms.toFixed(4), `${((100 * ms) / total).toFixed(1)} %`, `${count(bytes)}B`, flops > 0 ? `${count(flops)}FLOP` : "", ofLimit.toFixed(2), note,
    ]); // prettier-ignore
    const widths = head.map((_, i) => Math.max(...[head, ...lines].map((row) => row[i]!.length)));
    const shown = [head, ...lines].map((row) => row.map((cell, i) => (i === 1 || i === 7 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ").trimEnd());
    const { gflops, gigabytesPerSecond } = this.limits;
    return [...shown, `${total.toFixed(3)} ms in ${this.rows.length} steps; limits seen: ${gflops.toFixed(1)} GFLOP/s, ${gigabytesPerSecond.toFixed(1)} GB/s`].join("\n");
  }

  /** The last run in Chrome's trace format: JSON text for chrome://tracing or Perfetto. */
  toChromeTrace(): string {
    const events = this.last.map(({ step, start, ms }) => ({
      name: step.note ?? step.kernel, cat: step.kernel, ph: "X", ts: start * 1000, dur: ms * 1000, pid: 1, tid: 1, args: { step: step.id, kernel: step.kernel, flops: step.flops ?? 0 },
    })); // prettier-ignore
    return JSON.stringify({ traceEvents: events, displayTimeUnit: "ms" });
  }
}

/** Runs that are not counted: the engine's compiler is still at work. */
const WARM_UP = 3;

/**
 * Runs fn and times every step of its program, on one thread. Variables that fn updates have their values back afterwards.
 *
 * runs: how many are measured (20).   Throws ValueError for a number below 1, and what fn throws.
 */
export function profile<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, args: Arguments<P>, { runs = 20 }: { runs?: number } = {}): Profile {
  if (!(Number.isInteger(runs) && runs >= 1)) throw new ValueError(`profile: runs is ${runs}; expected a whole number of at least 1.`);
  const limits = measureLimits();
  const { measured, program } = run(fn, args, runs);
  const times = new Map<KernelStep, number[]>();
  for (const { step, ms } of measured.flat()) times.set(step, [...(times.get(step) ?? []), ms]);
  const rows = [...times].map(([step, list]): ProfileRow => {
    const [ms, bytes, flops] = [median(list), bytesOf(step, program), step.flops ?? 0];
    const least = Math.max(flops / (limits.gflops * 1e6), bytes / (limits.gigabytesPerSecond * 1e6));
    return { step: step.id, kernel: step.kernel, note: step.note ?? "", ms, bytes, flops, ofLimit: ms > 0 ? least / ms : 0 };
  });
  return new Profile(rows, limits, measured[measured.length - 1]!);
}

function run<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, args: readonly Argument[], runs: number) {
  const executor = device("profile");
  const { graph } = traceGraph(fn, args, true);
  const leaves = linearise(graph);
  const { program, inputs, states, origins } = compileGraph(graph, { numerics: numerics() });
  const variables = states.map((index) => leaves.states[index]!.source as Variable);
  const before = variables.map((variable) => variable.snapshot());
  let current: Run[] = [];
  let began = 0;
  const watch = (step: KernelStep, ms: number): void => void current.push({ step, ms, start: performance.now() - ms - began });
  const linked = executor.link(program, variables.map((variable) => variable.buffer(executor)), watch);
  const measured: Run[][] = [];
  try {
    const fed = fedData(args);
    for (let i = 0; i < runs + WARM_UP; i++) {
      current = [];
      began = performance.now();
      throwOnFailure(linked.run(inputs.map((index) => (leaves.inputs[index]!.source as Source).feed(fed))), { program, origins });
      if (i >= WARM_UP) measured.push(current);
    }
  } finally {
    linked.release();
    program.updates.forEach((slot) => {
      const i = program.states.indexOf(slot);
      variables[i]!.store(before[i]!);
    });
  }
  return { measured, program };
}

const PRODUCT_SIZE = 384;
const SUM_SIZE = 1 << 20;

function measureLimits(): Limits {
  const square = tensor(new Float32Array(PRODUCT_SIZE * PRODUCT_SIZE).fill(0.5), [PRODUCT_SIZE, PRODUCT_SIZE]);
  const long = tensor(new Float32Array(SUM_SIZE).fill(0.5));
  const best = (fn: (x: Tensor) => Tensor, x: Tensor): number => Math.min(...run(fn, [x], 8).measured.map((steps) => steps.reduce((sum, { ms }) => sum + ms, 0)));
  return {
    gflops: (2 * PRODUCT_SIZE ** 3) / best((x) => matmul(x, x), square) / 1e6,
    gigabytesPerSecond: (8 * SUM_SIZE) / best((x) => add(x, 1), long) / 1e6,
  };
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
