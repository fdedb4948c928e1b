// Graphs to be looked at: what a function computes, as the user wrote it and after each pass of the compiler, in every form that people read.
import { compileGraph } from "../compile/index.js";
import { ValueError } from "../base/errors.js";
import type { Plan } from "../compile/partition.js";
import { deviceOf, isSpread, planFor } from "../engine/placement.js";
import { traceGraph, type Arguments, type Outputs, type Parameter } from "../engine/compile.js";
import { numerics } from "../engine/device.js";
import { printGraph, type Graph } from "../graph/graph.js";
import { isLeaf, type Value } from "../graph/value.js";
import { costOf, type Cost } from "../program/cost.js";
import { printProgram } from "../program/print.js";
import type { Program } from "../program/program.js";
import { toDot } from "./dot.js";
import { toHTML } from "./html.js";
import { toMermaid } from "./mermaid.js";
import { pictureOfGraph, pictureOfProgram, type Picture } from "./picture.js";
import { toSVG } from "./svg.js";
import { count } from "./units.js";

/** The graph after a pass. The first stage is "trace": what the user wrote. */
export interface Stage {
  readonly name: string;
  readonly graph: Graph;
}

/**
 * What fn computes for arguments like these, to be drawn and counted. Nothing runs but what fn captured; variables keep their values.
 *
 *   graphOf(step, images, labels).toHTML()
 *
 * fn: a function of tensors, or one that compile() made.
 */
export function graphOf<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, ...args: Arguments<P>): GraphView {
  const { graph } = traceGraph(fn, args, true);
  const stages: Stage[] = [];
  const { program } = compileGraph(graph, { numerics: numerics(), trace: (name, after) => void stages.push({ name, graph: after }) });
  return new GraphView(stages, program, isSpread(graph) ? planFor(graph) : null);
}

/** A graph to be looked at: as text, DOT, Mermaid, SVG or a page. */
export class GraphView {
  constructor(
    /** The graph as traced, and after each pass, in order. */
    readonly stages: readonly Stage[],
    readonly program: Program,
    /** Where the graph runs on several devices: its parts, and what travels between them. `program` is then what one device alone would run. */
    readonly plan: Plan | null,
  ) {}

  /**
   * One line a node: `%3 = matmul(%1, %2) float32[128, 512]`. stage: "trace" when absent, a pass, "program", or "plan" where there is one.
   * Throws ValueError for others.
   */
  toString(stage = "trace"): string {
    if (stage === "plan" && this.plan !== null) return printPlan(this.plan);
    return stage === "program" ? printProgram(this.program) : printGraph(this.at(stage).graph);
  }

  /** In the DOT language, for Graphviz. */
  toDot(stage?: string): string {
    return toDot(this.picture(stage));
  }

  /** As a Mermaid flowchart. */
  toMermaid(stage?: string): string {
    return toMermaid(this.picture(stage));
  }

  /** As an SVG image that needs nothing else. */
  toSVG(stage?: string): string {
    return toSVG(this.picture(stage));
  }

  /** One page that needs nothing else: every stage, the program's steps, its memory plan and its cost. */
  toHTML(title = "Computational graph"): string {
    const parts = this.plan?.parts.map(({ device, graph }, i) => pictureOfGraph(graph, `part ${i} · ${device}`)) ?? [];
    const pictures = [...this.stages.map(({ name }) => this.picture(name)), ...parts, pictureOfProgram(this.program, "program")];
    return toHTML(title, changed(pictures), this.program);
  }

  /** Operations, bytes and memory of a run. */
  cost(): Cost {
    return costOf(this.program);
  }

  private picture(stage = "trace"): Picture {
    if (stage === "program") return pictureOfProgram(this.program, stage);
    // Passes run on each part by itself: what they would make of the whole has no places.
    return pictureOfGraph(this.at(stage).graph, stage, this.plan !== null && stage === "trace" ? placeOf : undefined);
  }

  private at(stage: string): Stage {
    const found = this.stages.find(({ name }) => name === stage);
    if (found === undefined) throw new ValueError(`graph: no stage is called "${stage}"; expected ${this.stages.map(({ name }) => name).join(", ")} or program.`);
    return found;
  }
}

/** Passes that changed nothing need no picture of their own. */
function changed(pictures: readonly Picture[]): Picture[] {
  const text = ({ boxes, arrows }: Picture): string => JSON.stringify([boxes, arrows]);
  return pictures.filter((picture, i) => i === 0 || text(picture) !== text(pictures[i - 1]!));
}

function placeOf(value: Value): string | undefined {
  return isLeaf(value) ? undefined : deviceOf(value);
}

/** The parts with their graphs, and what each is sent. */
function printPlan({ parts, transfers }: Plan): string {
  return parts
    .map(({ device, graph }, i) => {
      const arrivals = transfers.filter(({ to }) => to === i).map(({ from, bytes }) => `  receives ${count(bytes)}B from part ${from}`);
      const leaving = transfers.filter(({ from }) => from === i).map(({ to, bytes }) => `  sends ${count(bytes)}B to part ${to}`);
      return [`part ${i} on ${device}`, ...arrivals, printGraph(graph, "  "), ...leaving].join("\n");
    })
    .join("\n");
}
