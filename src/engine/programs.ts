// Programs by graph: compiles what has not been compiled, links it, keeps the recent ones.
import { debugLevel, isOff } from "../base/debug.js";
import type { TypedArray } from "../base/dtype.js";
import { compileGraph, type PassName } from "../compile/index.js";
import type { Origins } from "../compile/lower.js";
import { linearise, nodesOf, printGraph, type Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Program } from "../program/program.js";
import type { Finished, Linked, Status } from "../runtime/executor.js";
import { device, HOME, named, numerics, watcher } from "./device.js";
import type { Source } from "./source.js";
import type { Variable } from "./variable.js";
import type { ProgramWatch } from "./watch.js";

const SWITCHES = ["SIMPLIFY", "CSE", "LAYOUT", "FUSE", "FOLD", "SCHEDULE", "PLAN"] as const satisfies readonly PassName[];

/** A program bound to its variables. */
export interface Bound {
  readonly program: Program;
  /** What feeds each input: an index into the sources of the graph it was made from. */
  readonly inputs: readonly number[];
  /** Variables the program overwrites. */
  readonly updated: readonly Variable[];
  /** Lines of the user's code, for errors. */
  readonly origins: Origins;
  /** With DEBUG only. */
  readonly watch: ProgramWatch | undefined;
  /** Ready to run; made when it is first asked for. */
  readonly linked: Linked;
  release(): void;
}

/** Compiles one part of a graph for its device. */
export type PartBinder = (graph: Graph, stateLeaves: readonly Value[], place: string) => Bound;

class ProgramBound implements Bound {
  readonly updated: readonly Variable[];
  private link: Linked | null = null;

  constructor(
    readonly program: Program,
    readonly inputs: readonly number[],
    private readonly variables: readonly Variable[],
    readonly watch: ProgramWatch | undefined,
    private readonly place: string,
    readonly origins: Origins,
  ) {
    this.updated = program.updates.map((slot) => variables[program.states.indexOf(slot)]!);
  }

  get linked(): Linked {
    const executor = named(this.place, "run");
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
  const bindPart: PartBinder = (part, states, place) => bindWhole(part, states, foldStates, place);
  return spread?.(graph, bindPart) ?? bindPart(graph, stateLeaves, HOME);
}

/** Binds graphs that run on several devices, and says null to others. There is none before there is a second device. */
let spread: ((graph: Graph, bind: PartBinder) => Bound | null) | null = null;

export function spreadBy(binder: NonNullable<typeof spread>): void {
  spread = binder;
}

function bindWhole(graph: Graph, stateLeaves: readonly Value[], foldStates: boolean, place: string): Bound {
  const off = new Set(SWITCHES.filter(isOff));
  const trace = debugLevel() >= 4 ? (stage: string, g: Graph): void => console.error(`--- ${stage}\n${printGraph(g)}`) : undefined;
  const start = performance.now();
  const { program, inputs, states, origins } = compileGraph(graph, { off, foldStates, numerics: numerics(), ...(trace && { trace }) });
  const watch = watcher()?.(program, performance.now() - start);
  const variables = states.map((index) => stateLeaves[index]!.source as Variable);
  return new ProgramBound(program, inputs, variables, watch, place, origins);
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
  // With DEBUG, errors name lines of the user's code, so those are part of the graph.
  const lines = debugLevel() > 0 ? nodesOf(graph).map(({ origin }) => origin) : [];
  const key = `${leaves.key}\n${leaves.states.map(({ source }) => (source as Variable).id).join()}\n${lines.join("")}`;
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
