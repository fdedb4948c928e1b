// Pictures of graphs and programs: boxes with lines of text, and arrows with labels. What dot.ts, mermaid.ts and svg.ts draw; knows nothing of drawing.
import { BYTES } from "../base/dtype.js";
import { showShape, sizeOf } from "../base/shape.js";
import { nodesOf, type Graph } from "../graph/graph.js";
import { CONSTANT, INPUT, PART, STATE, type Attrs, type TensorType, type Value } from "../graph/value.js";
import { flopsOf, rulesOf } from "../ops/op.js";
import type { Program, Step } from "../program/program.js";
import { bytesOf } from "../program/cost.js";
import { count } from "./units.js";

/** What a box stands for; the drawings colour by it. */
export type Kind = "input" | "variable" | "constant" | "view" | "elementwise" | "contraction" | "other" | "result" | "update";

export interface Box {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly kind: Kind;
  /** The device its part of a plan runs on. */
  readonly device?: string;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Picture {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** What the key calls kinds, where they are others than those of ops. */
  readonly names?: Readonly<Partial<Record<Kind, string>>>;
}

/** Ops that are matrix products and the like, where the work is. */
const CONTRACTION = /matmul|conv|gemm|winograd|attention|lane/i;

/**
 * A graph as a picture: a box for every node with its shape, bytes and floating-point operations, an arrow for every operand with its type. Scalars that
 * rules baked in stand in their readers' text instead of in boxes of their own.
 */
export function pictureOfGraph(graph: Graph, title: string, deviceOf: (value: Value) => string | undefined = () => undefined): Picture {
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const idOf = new Map<Value, string>();
  // What a node does to variables stands in its own box: a box for every update would hide the rest.
  const updates = new Map<Value, string[]>();
  for (const { state, value, guard } of graph.updates) {
    const writer = value.op === PART ? value.inputs[0]! : value;
    updates.set(writer, [...(updates.get(writer) ?? []), `${sourceName(state) ?? "variable"} :=${guard ? " if guarded" : ""}`]);
  }
  const readers = readersOf(graph);
  // Constants stand in their readers' text, and so do variables that only their own update reads: an optimizer's slots.
  const isFolded = (value: Value): boolean => value.op === CONSTANT || (value.op === STATE && readers.get(value)!.every((reader) => updates.has(reader)));
  for (const value of nodesOf(graph)) {
    if (isFolded(value)) continue;
    // A part is an arrow from the whole.
    if (value.op === PART) {
      idOf.set(value, idOf.get(value.inputs[0]!)!);
      continue;
    }
    const id = `n${idOf.size}`;
    idOf.set(value, id);
    const device = deviceOf(value);
    const slots = value.inputs.filter((input) => input.op === STATE && isFolded(input)).map((input) => sourceName(input) ?? "variable");
    const written = updates.get(value);
    const lines = [...linesOf(value), ...(written ? foldedSlots(slots, written) : [])];
    boxes.push({ id, title: titleOf(value), lines, kind: updates.has(value) ? "update" : kindOf(value), ...(device !== undefined && { device }) });
    // An arrow from a variable to its own update would cross the whole picture to say what the box says.
    const own = new Set(written?.map((text) => text.slice(0, text.indexOf(" :="))));
    for (const input of value.inputs) if (!isFolded(input) && !(input.op === STATE && own.has(sourceName(input) ?? "variable"))) arrows.push({ from: idOf.get(input)!, to: id, label: shapeText(input) });
  }
  graph.outputs.forEach((value, i) => {
    const from = idOf.get(value);
    boxes.push({ id: `result${i}`, title: `result ${i}`, lines: value.op === CONSTANT ? [String(value.attrs["value"])] : [], kind: "result" });
    if (from !== undefined) arrows.push({ from, to: `result${i}`, label: shapeText(value) });
  });
  return { title, boxes, arrows };
}

function readersOf(graph: Graph): Map<Value, Value[]> {
  const readers = new Map<Value, Value[]>();
  for (const value of nodesOf(graph)) {
    if (!readers.has(value)) readers.set(value, []);
    for (const input of value.inputs) readers.get(input)!.push(value);
  }
  return readers;
}

/** Read-and-write in a line each; what is only read, after it. */
function foldedSlots(reads: readonly string[], writes: readonly string[]): string[] {
  const names = writes.map((text) => text.slice(0, text.indexOf(" :=")));
  return [...writes, ...reads.filter((name) => !names.includes(name)).map((name) => `reads ${name}`)];
}

/** A program as a picture: a box a step with its kernel, bytes and work; an arrow from the step that wrote a slot to each that reads it. */
export function pictureOfProgram(program: Program, title: string): Picture {
  const { slots } = program;
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const writer = new Map<number, string>();
  const leaf = (slot: number): string => {
    const known = writer.get(slot);
    if (known !== undefined) return known;
    const { space, name, dtype, shape } = slots[slot]!;
    const id = `s${slot}`;
    const kind: Kind = space === "state" ? "variable" : space === "constant" ? "constant" : "input";
    boxes.push({ id, title: name ?? `${space} s${slot}`, lines: [typeText({ dtype, shape })], kind });
    writer.set(slot, id);
    return id;
  };
  const walk = (steps: readonly Step[], note: string): void => {
    for (const step of steps) {
      if (step.kind === "branch") {
        walk(step.steps, `if s${step.condition}`);
        walk(step.otherwise, `if not s${step.condition}`);
      } else if (step.kind === "loop") walk(step.steps, `${step.count} times`);
      else {
        const id = `k${step.id}`;
        const work = [`${count(bytesOf(step, program))}B`, ...(step.flops ? [`${count(step.flops)}FLOP`] : [])].join(" · ");
        const updated = step.writes.filter((slot) => slots[slot]!.space === "state");
        const shown = step.reads.filter((slot) => slots[slot]!.space !== "constant" && !updated.includes(slot));
        for (const slot of shown) arrows.push({ from: leaf(slot), to: id, label: shapeText(slots[slot]!) });
        const kind: Kind = CONTRACTION.test(step.kernel) ? "contraction" : step.kernel.startsWith("f32_tile") ? "elementwise" : step.kernel === "copy" ? "view" : "other";
        boxes.push({ id, title: `${step.id}: ${step.kernel}`, lines: [...(step.note ? [step.note] : []), work, ...updated.map((slot) => `${slots[slot]!.name ?? `s${slot}`} :=`), ...(note ? [note] : [])], kind: updated.length > 0 ? "update" : kind });
        for (const slot of step.writes) if (slot !== step.workspace) writer.set(slot, id);
      }
    }
  };
  walk(program.prologue, "once");
  walk(program.steps, "");
  program.outputs.forEach((slot, i) => {
    boxes.push({ id: `result${i}`, title: `result ${i}`, lines: [], kind: "result" });
    arrows.push({ from: leaf(slot), to: `result${i}`, label: shapeText(slots[slot]!) });
  });
  return { title, boxes, arrows };
}

function titleOf(value: Value): string {
  if (value.op === INPUT) return sourceName(value) ?? "input";
  if (value.op === STATE) return sourceName(value) ?? "variable";
  if (value.op === PART) return `part ${String(value.attrs["index"])}`;
  const micros = value.attrs["micros"] as readonly { readonly micro: string }[] | undefined;
  return micros ? micros.map(({ micro }) => micro).join(" ") : value.op.name;
}

function linesOf(value: Value): string[] {
  const types = (value.parts ?? [value]).map(typeText);
  const bytes = (value.parts ?? [value]).reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * BYTES[dtype], 0);
  const flops = flopsOf(value);
  const scalars = value.inputs.flatMap((input) => (input.op === CONSTANT ? [String(input.attrs["value"])] : []));
  const options = [...scalars, ...attrText(value.attrs)].join(", ");
  return [types.join(" × "), `${count(bytes)}B${flops > 0 ? ` · ${count(flops)}FLOP` : ""}`, ...(options ? [clipped(options)] : [])];
}

/** Attributes that say something: not those of tiles, which are the title, nor strides of 1 and paddings of 0. */
function attrText(attrs: Attrs): string[] {
  if ("micros" in attrs) return [];
  return Object.entries(attrs).flatMap(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const quiet = value === null || value === undefined || USUAL.some(([key, usual]) => key.test(name) && usual.test(text));
    return quiet ? [] : [`${name} ${text.replaceAll(",", " ")}`];
  });
}

const USUAL: readonly (readonly [name: RegExp, text: RegExp])[] = [[/^(strides|dilations?|dilationRate|groups)$/, /^[[\],1]*$/], [/^padding$/, /^[[\],0]*$/], [/^(index|shape)$/, /.*/]]; // prettier-ignore

const LONGEST = 44;

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function kindOf(value: Value): Kind {
  if (value.op === INPUT) return "input";
  if (value.op === STATE) return "variable";
  if (value.op === PART) return "view";
  const rules = rulesOf(value);
  if (rules.view !== undefined) return "view";
  if (rules.micro !== undefined || value.op.name === "tile") return "elementwise";
  return CONTRACTION.test(value.op.name) ? "contraction" : "other";
}

function typeText({ dtype, shape }: TensorType): string {
  return `${dtype}${showShape(shape)}`;
}

/** A shape as short as it goes: arrows have little room. */
function shapeText({ shape }: Pick<TensorType, "shape">): string {
  return shape.length === 0 ? "scalar" : shape.join("×");
}

function sourceName(value: Value): string | undefined {
  return (value.source as { readonly name?: string } | undefined)?.name;
}
