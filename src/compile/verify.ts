// The verifiers, for those who want every compilation checked: tests. Handed in rather than built in, so that pages do not load them.
import type { Graph } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import type { Program } from "../program/program.js";
import { verifyProgram } from "../program/verify.js";

export interface Verifiers {
  /** Throws InternalError, naming the stage, when the graph is none. */
  graph(graph: Graph, stage: string): void;
  /** Throws FormatError when the program is none. */
  program(program: Program): void;
}

export const VERIFIERS: Verifiers = { graph: verifyGraph, program: verifyProgram };
