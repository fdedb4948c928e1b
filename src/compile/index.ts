// The compiler: from a graph to a program, through a visible list of passes. Read this first.
import { inBodies } from "../graph/body.js";
import { linearise, nodesOf, type Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Numerics } from "../ops/op.js";
import type { Program } from "../program/program.js";
import type { ControlOp } from "./nesting.js";
import { cse } from "./cse.js";
import { emit } from "./emit.js";
import { epilogue } from "./epilogue.js";
import { expand } from "./expand.js";
import { derivedValues } from "./fold.js";
import { fuse } from "./fuse.js";
import { layout } from "./layout.js";
import { lower, type Origins } from "./lower.js";
import { mergeSteps } from "./merge.js";
import { schedule } from "./schedule.js";
import { simplify } from "./simplify.js";
import { sink } from "./sink.js";
import type { Verifiers } from "./verify.js";
import { planUpdates } from "./updates.js";

/** What can be switched off, for comparison. */
export type PassName = "SIMPLIFY" | "CSE" | "LAYOUT" | "FUSE" | "FOLD" | "SCHEDULE" | "PLAN";

export interface CompileOptions {
  readonly off?: ReadonlySet<PassName>;
  /** Fold what depends on variables only into the prologue; see fold.ts. */
  readonly foldStates?: boolean;
  /** What lowerings may choose; "reproducible" when absent. */
  readonly numerics?: Numerics;
  /** Checks of graph and program between the passes: VERIFIERS of verify.ts, where they are wanted. */
  readonly verify?: Verifiers;
  /** Called with the graph after each pass, for printing. */
  readonly trace?: (stage: string, graph: Graph) => void;
}

export interface Compiled {
  readonly program: Program;
  /** For each of the program's inputs and states, its index among the leaves of the linearised graph. */
  readonly inputs: readonly number[];
  readonly states: readonly number[];
  readonly origins: Origins;
}

interface Pass {
  readonly name: string;
  readonly switch: PassName;
  readonly run: (graph: Graph) => Graph;
}

/** The passes over the graph, in order. Dead code needs none: a graph is what its results reach. */
const PASSES: readonly Pass[] = [
  { name: "cse", switch: "CSE", run: cse },
  { name: "sink", switch: "SIMPLIFY", run: sink },
  { name: "simplify", switch: "SIMPLIFY", run: simplify },
  // Simplifying makes nodes equal that were not.
  { name: "cse again", switch: "CSE", run: cse },
  { name: "epilogue", switch: "FUSE", run: epilogue },
  { name: "layout", switch: "LAYOUT", run: layout },
  { name: "merge", switch: "FUSE", run: mergeSteps },
];

export function compileGraph(traced: Graph, options: CompileOptions = {}): Compiled {
  const { off = new Set<PassName>(), foldStates = false, numerics = "reproducible", verify, trace } = options;
  const leaves = linearise(traced);
  const check = (stage: string, graph: Graph): Graph => {
    verify?.graph(graph, stage);
    trace?.(stage, graph);
    return graph;
  };

  let graph = check("expand", expand(inBodies(pruned(check("trace", traced)), expand)));
  for (const pass of PASSES) if (!off.has(pass.switch)) graph = check(pass.name, pass.run(inBodies(graph, pass.run)));
  const folded = (of: Graph): Set<Value> => (off.has("FOLD") ? new Set() : derivedValues(of, foldStates));
  const chains = !off.has("FUSE");
  graph = inBodies(graph, (body) => fuse(body, new Set(), chains));
  graph = check("fuse", fuse(graph, folded(graph), chains));

  const updates = planUpdates(graph);
  const final = linearise(graph);
  const draft = lower({
    graph,
    updates,
    order: schedule(graph, updates.writers, !off.has("SCHEDULE")),
    inputs: final.inputs,
    states: final.states,
    derived: folded(graph),
    inPlace: !off.has("PLAN"),
    target: { numerics },
  });
  const program = emit(draft, !off.has("PLAN"));
  verify?.program(program);
  return { program, inputs: positions(final.inputs, leaves.inputs), states: positions(final.states, leaves.states), origins: draft.origins };
}

/** Without results that nobody reads, where there is control flow. */
function pruned(graph: Graph): Graph {
  const op = nodesOf(graph).find(({ bodies }) => bodies)?.op as ControlOp | undefined;
  return op ? op.prune(graph) : graph;
}

/** Where each leaf stands in a list; leaves are told by their sources. */
function positions(leaves: readonly Value[], list: readonly Value[]): number[] {
  const index = new Map(list.map(({ source }, i) => [source, i] as const));
  return leaves.map(({ source }) => index.get(source)!);
}
