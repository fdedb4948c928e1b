// Programs by graph: compiles what has not been compiled, links it, keeps the recent ones.
import { debugLevel, isOff } from "../base/debug.js";
import { ValueError } from "../base/errors.js";
import type { TypedArray } from "../base/dtype.js";
import { compileGraph, type PassName } from "../compile/index.js";
import { linearise, printGraph, type Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { STATUS, type KernelStep, type Program, type Step } from "../program/program.js";
import type { Finished, Linked, Status } from "../runtime/executor.js";
import { device, numerics } from "./device.js";
import type { Source } from "./source.js";
import type { Variable } from "./variable.js";
import { watchProgram, type ProgramWatch } from "./watch.js";

const SWITCHES = ["SIMPLIFY", "CSE", "LAYOUT", "FUSE", "FOLD", "SCHEDULE", "PLAN"] as const satisfies readonly PassName[];

/** A program bound to its variables; linked when it first runs. */
export class Bound {
  /** Variables the program overwrites. */
  readonly updated: readonly Variable[];
  private link: Linked | null = null;

  constructor(
    readonly program: Program,
    /** What feeds each input: an index into the sources of the graph it was made from. */
    readonly inputs: readonly number[],
    private readonly variables: readonly Variable[],
    /** With DEBUG only. */
    readonly watch: ProgramWatch | undefined,
  ) {
    this.updated = program.updates.map((slot) => variables[program.states.indexOf(slot)]!);
  }

  get linked(): Linked {
    const executor = device("run");
    return (this.link ??= executor.link(this.program, this.variables.map((variable) => variable.buffer(executor)), this.watch?.step));
  }

  release(): void {
    this.link?.release();
    this.link = null;
  }
}

/** Compiles a graph. */
export function bind(graph: Graph, foldStates = false): { bound: Bound; sources: readonly Source[] } {
  const leaves = linearise(graph);
  return { bound: bindLeaves(graph, leaves.states, foldStates), sources: leaves.inputs.map(({ source }) => source as Source) };
}

function bindLeaves(graph: Graph, stateLeaves: readonly Value[], foldStates: boolean): Bound {
  const off = new Set(SWITCHES.filter(isOff));
  const trace = debugLevel() >= 4 ? (stage: string, g: Graph): void => console.error(`--- ${stage}\n${printGraph(g)}`) : undefined;
  const start = performance.now();
  const { program, inputs, states } = compileGraph(graph, { off, foldStates, numerics: numerics(), verify: debugLevel() >= 1, ...(trace && { trace }) });
  const watch = watchProgram(program, performance.now() - start);
  const variables = states.map((index) => stateLeaves[index]!.source as Variable);
  return new Bound(program, inputs, variables, watch);
}

/** Runs a bound program: feeds its inputs, keeps what others still read of the variables it overwrites. */
export function runBound(bound: Bound, sources: readonly Source[], args: readonly TypedArray[]): Status {
  const { linked, watch } = bound;
  const inputs = feed(bound, sources, args);
  const start = watch && performance.now();
  const status = linked.run(inputs);
  if (start !== undefined) watch!.run(performance.now() - start);
  return status;
}

/** As runBound, for callers that can wait: a page goes on meanwhile, and modules that are missing are loaded. */
export async function startBound(bound: Bound, sources: readonly Source[], args: readonly TypedArray[]): Promise<Finished> {
  const executor = device("run");
  await executor.prepare(bound.program.modules);
  for (let busy = executor.idle(); busy !== null; busy = executor.idle()) await busy;
  const { linked, watch } = bound;
  const inputs = feed(bound, sources, args);
  const start = watch && performance.now();
  const finished = await linked.start(inputs);
  if (start !== undefined) watch!.run(performance.now() - start);
  return finished;
}

/** What the program is fed; readers of what it overwrites have then got what they still need. */
function feed(bound: Bound, sources: readonly Source[], args: readonly TypedArray[]): TypedArray[] {
  for (const variable of bound.updated) variable.beforeOverwrite();
  return bound.inputs.map((index) => sources[index]!.feed(args));
}

/** How many programs of eager code stay linked. */
const CACHE_SIZE = 128;
const cache = new Map<string, Bound>();

/** The program for an eager graph: equal graphs over the same variables share one. */
export function cachedProgram(graph: Graph): { bound: Bound; sources: readonly Source[] } {
  const leaves = linearise(graph);
  const key = `${leaves.key}\n${leaves.states.map(({ source }) => (source as Variable).id).join()}`;
  const sources = leaves.inputs.map(({ source }) => source as Source);
  const known = cache.get(key);
  if (known !== undefined) {
    // Most recently used last.
    cache.delete(key);
    cache.set(key, known);
    return { bound: known, sources };
  }
  const bound = bindLeaves(graph, leaves.states, false);
  cache.set(key, bound);
  if (cache.size > CACHE_SIZE) {
    const [oldest, old] = cache.entries().next().value!;
    cache.delete(oldest);
    old.release();
  }
  return { bound, sources };
}

/** The step a status names. */
export function stepOf(program: Program, id: number): KernelStep | null {
  const find = (steps: readonly Step[]): KernelStep | null => {
    for (const step of steps) {
      const found = step.kind === "kernel" ? (step.id === id ? step : null) : find([...step.steps, ...(step.kind === "branch" ? step.otherwise : [])]);
      if (found !== null) return found;
    }
    return null;
  };
  return find([...program.prologue, ...program.steps]);
}

/** Throws ValueError for failures that make results wrong; a guard that held updates back is no such failure. */
export function throwOnFailure(status: Status, program: Program): void {
  if (status.code === STATUS.ok || status.code === STATUS.notFinite) return;
  const note = stepOf(program, status.step)?.note ?? "?";
  if (status.code === STATUS.indexOutOfRange) {
    throw new ValueError(`${note}: the index at position ${status.element} is out of range (step ${status.step} of the program).`);
  }
  throw new ValueError(`${note}: failed with code ${status.code} at element ${status.element} (step ${status.step} of the program).`);
}
