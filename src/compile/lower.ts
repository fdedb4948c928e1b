// Lowering: from scheduled values to kernel steps over slots. Views become layouts, what a kernel cannot read is copied first,
// and a result takes over a dying input's memory where its op allows. Offsets inside scratch are the memory plan's business: see plan.ts.
import { BYTES, isNarrow, type DType } from "../base/dtype.js";
import { InternalError, invariant } from "../base/errors.js";
import { sameShape, showShape, sizeOf, stridesOf, type Shape } from "../base/shape.js";
import { toBase64 } from "../base/base64.js";
import { schedule } from "./schedule.js";
import { addressOf, isContiguous, type ControlOp, type NestingDraft, type Placed } from "./nesting.js";
import type { Graph, Update } from "../graph/graph.js";
import { CONSTANT, constantValue, INPUT, isLeaf, PART, STATE, type Body, type TensorType, type Value } from "../graph/value.js";
import { flopsOf, rootOf, rulesOf, STATUS_ADDRESS, STEP_INDEX, type AnyOp, type LoweredWord, type Lowering, type Operand, type Target } from "../ops/op.js";
import { KERNELS, type Kernel, type Module } from "../program/kernels.js";
import { f32Word, STATUS_WORDS, type BranchStep, type Space, type Split, type Step, type Word } from "../program/program.js";
import { copyNarrow } from "./tile.js";
import { rowUnits } from "../program/split.js";
import type { UpdatePlan } from "./updates.js";

export interface DraftSlot {
  space: Space;
  readonly bytes: number;
  readonly dtype: DType;
  shape: Shape;
  readonly name?: string;
  readonly data?: string;
}

/** A program before its memory plan. */
export interface Draft {
  readonly slots: readonly DraftSlot[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly states: readonly number[];
  readonly updates: readonly number[];
  readonly status: number;
  readonly prologue: readonly Step[];
  readonly steps: readonly Step[];
  readonly modules: readonly Module[];
  /** Lines of the user's code, by step. */
  readonly origins: Origins;
}

/** Lines of the user's code that steps come from, by the step's number, where they are known. */
export type Origins = ReadonlyMap<number, string>;

export interface LowerInput {
  readonly graph: Graph;
  readonly order: readonly Value[];
  readonly updates: UpdatePlan;
  readonly inputs: readonly Value[];
  readonly states: readonly Value[];
  /** Values that the prologue computes. */
  readonly derived: ReadonlySet<Value>;
  /** Let results take over the memory of inputs that die. */
  readonly inPlace: boolean;
  readonly target: Target;
}

export function lower(input: LowerInput): Draft {
  const { graph, updates } = input;
  const draft = new Drafting(input);
  const writers = new Set(updates.writers);
  for (const value of input.order) if (!writers.has(value)) draft.compute(value);
  const outputs = draft.results(graph.outputs);
  const saved = updates.copies.map((update) => draft.saved(update));

  // Only neighbours share a branch: the order of writers is what keeps one from overwriting what a later one still reads.
  const runs: { readonly guard: Value | undefined; readonly steps: Step[] }[] = [];
  const into = (guard: Value | undefined): Step[] => {
    if (runs.length === 0 || runs[runs.length - 1]!.guard !== guard) runs.push({ guard, steps: [] });
    return runs[runs.length - 1]!.steps;
  };
  for (const writer of updates.writers) {
    const [first] = updates.targets.get(writer)!;
    into(first!.guard).push(...draft.write(writer, updates.targets.get(writer)!));
  }
  updates.copies.forEach((update, i) => into(update.guard).push(draft.store(update, saved[i]!)));
  const tail = runs.flatMap(({ guard, steps }): readonly Step[] => (guard === undefined ? steps : [draft.branch(guard, steps)]));
  return draft.finish(outputs, tail);
}

/** What is known of values that are computed one after the other: the graph's, or those of a body. */
interface Scope {
  readonly position: ReadonlyMap<Value, number>;
  readonly lastReader: ReadonlyMap<Value, number>;
  /** Values whose memory nobody may take over. */
  readonly kept: ReadonlySet<Value>;
  readonly parts: readonly Value[];
  /** Contiguous copies already made, by value. */
  readonly copies: Map<Value, Placed>;
}

function scopeOf(order: readonly Value[], kept: readonly Value[], copies: Map<Value, Placed>): Scope {
  const position = new Map<Value, number>();
  const lastReader = new Map<Value, number>();
  order.forEach((value, i) => {
    position.set(value, i);
    if (rootOf(value) === value) for (const input of value.inputs) lastReader.set(rootOf(input), i);
  });
  return { position, lastReader, kept: new Set(kept.map(rootOf)), parts: order.filter(({ op }) => op === PART), copies };
}

class Drafting implements NestingDraft {
  private readonly slots: DraftSlot[] = [];
  private readonly placed = new Map<Value, Placed>();
  private readonly prologue: Step[] = [];
  /** Where steps go: the program's, or those of the body that is being lowered. */
  private steps: Step[] = [];
  private readonly modules = new Set<Module>();
  private readonly constants = new Map<string, Placed>();
  private scope: Scope;
  private readonly inputSlots: number[];
  private readonly stateSlots: number[];
  private readonly status: number;
  private stepCount = 0;
  private readonly origins = new Map<number, string>();

  constructor(private readonly given: LowerInput) {
    this.inputSlots = given.inputs.map((leaf) => this.leaf(leaf, "input"));
    this.stateSlots = given.states.map((leaf) => this.leaf(leaf, "state"));
    this.status = this.newSlot({ space: "output", bytes: 4 * STATUS_WORDS, dtype: "int32", shape: [STATUS_WORDS], name: "status" });
    const { outputs, updates } = given.graph;
    this.scope = scopeOf(given.order, [...outputs, ...updates.flatMap(({ value, guard }) => (guard ? [value, guard] : [value]))], new Map());
  }

  /** Computes a value: places it, and adds the steps it takes. */
  compute(value: Value): void {
    if (value.op === INPUT || value.op === STATE || this.placed.has(value)) return;
    if (value.op === CONSTANT) {
      this.placed.set(value, this.constant(value));
      return;
    }
    if (value.op === PART) return;
    if (value.bodies !== undefined) {
      this.name(value, (value.op as ControlOp).lowerInto(this, value));
      return;
    }
    const rules = rulesOf(value);
    if (rules.view !== undefined) this.placed.set(value, this.view(value, rules));
    else this.kernel(value, rules);
  }

  /** The steps of a body whose parameters lie where they are given. `first` and `last` add steps before and after the body's own. */
  inside({ params, outputs }: Body, given: readonly Placed[], last: (results: readonly Placed[]) => void, first: () => void = () => {}): Step[] {
    const outer = { scope: this.scope, steps: this.steps };
    const order = schedule({ outputs, updates: [] }, []);
    const steps: Step[] = (this.steps = []);
    this.scope = scopeOf(order, [...outputs, ...params], new Map(outer.scope.copies));
    params.forEach((param, i) => this.placed.set(param, given[i]!));
    first();
    for (const value of order) this.compute(value);
    last(outputs.map((value) => this.at(value)));
    // Another node may have the same body.
    for (const value of [...params, ...order]) this.placed.delete(value);
    this.scope = outer.scope;
    this.steps = outer.steps;
    return steps;
  }

  fresh({ shape, dtype }: TensorType): Placed {
    return inRow(this.newSlot({ ...slotOf({ shape, dtype }), space: "scratch" }), { shape, dtype });
  }

  /** A place whose elements lie in a row; a copy where they do not, or where one is asked for. */
  dense(place: Placed, copy = false): Placed {
    if (!copy && isContiguous(place)) return place;
    const to = this.fresh(place);
    this.copyStep(to, place, "contiguous", this.steps);
    return to;
  }

  /** A copy of an input, with memory of its own. */
  copyOf(input: Value): Placed {
    return this.copied(this.at(input), input, this.steps);
  }

  copy(to: Placed, from: Placed, note: string): void {
    this.copyStep(to, from, note, this.steps);
  }

  step(kernel: Kernel, words: readonly LoweredWord[], writes: readonly Placed[], reads: readonly Placed[], note: string): void {
    this.push({ kernel, words }, writes, reads, note, this.steps);
  }

  nest(...steps: readonly Step[]): void {
    this.steps.push(...steps);
  }

  private view(value: Value, rules: AnyOp): Placed {
    const input = value.inputs[0]!;
    const from = this.at(input);
    const layout = rules.view!(from, value.attrs);
    if (layout !== null) return { ...from, ...layout };
    const copy = this.contiguous(input, value);
    return { ...copy, ...rules.view!(copy, value.attrs)! };
  }

  private kernel(value: Value, rules: AnyOp): void {
    const inputs = value.inputs.map((input, i) =>
      rules.mutates?.includes(i) ? this.private(input, value) : this.readable(input, rules, value),
    );
    const types = value.parts ?? [value];
    const taken = new Set<number>();
    const results = types.map((type, k): Placed => {
      const slot = rules.mutates
        ? inputs[rules.mutates[k]!]!.slot
        : (this.takenOver(value, rules, k, inputs, taken) ?? this.newSlot({ ...slotOf(type), space: this.spaceOf(value) }));
      taken.add(slot);
      return inRow(slot, type);
    });
    this.name(value, results);
    this.emit(value, results, inputs, this.stepsOf(value));
  }

  /** The slot of an input that dies here and whose memory result k may take. */
  private takenOver(value: Value, rules: AnyOp, k: number, inputs: readonly Placed[], taken: ReadonlySet<number>): number | null {
    if (!this.given.inPlace || this.given.derived.has(value)) return null;
    const type = (value.parts ?? [value])[k]!;
    const bytes = sizeOf(type.shape) * BYTES[type.dtype];
    const pairs = rules.aliases?.(value.attrs) ?? (rules.inPlace ?? []).map((input) => [input, 0] as const);
    for (const [i, result] of pairs) {
      const input = value.inputs[i];
      const place = inputs[i];
      if (result !== k || input === undefined || place === undefined || taken.has(place.slot)) continue;
      const slot = this.slots[place.slot]!;
      const root = rootOf(input);
      const dies = this.scope.lastReader.get(root) === this.scope.position.get(value) && !this.scope.kept.has(root);
      const whole = place.offset === 0 && isContiguous(place) && sameShape(place.shape, type.shape) && slot.bytes === bytes && slot.dtype === type.dtype;
      const alone = !value.inputs.some((other, j) => j !== i && rootOf(other) === root);
      if (dies && whole && alone && slot.space === "scratch") return place.slot;
    }
    return null;
  }

  /** Writes a node's results straight over the variables they update. */
  write(writer: Value, targets: readonly Update[]): Step[] {
    const rules = rulesOf(writer);
    const inputs = writer.inputs.map((input) => this.readable(input, rules, writer));
    const results = targets.map(({ state }) => this.at(state));
    const steps: Step[] = [];
    this.emit(writer, results, inputs, steps);
    return steps;
  }

  /** A copy of an update's value where it lies in a variable itself, which another update may overwrite first. */
  saved(update: Update): Placed {
    const place = this.at(update.value);
    return this.slots[place.slot]!.space === "state" ? this.copied(place, update.value, this.steps) : place;
  }

  store(update: Update, from: Placed): Step {
    const steps: Step[] = [];
    this.copyStep(this.at(update.state), from, `${nameOf(update.state)} := …`, steps);
    return steps[0]!;
  }

  branch(guard: Value, steps: readonly Step[]): BranchStep {
    const { slot, offset } = this.at(guard);
    invariant(offset === 0, "lower: a guard inside a view");
    return { kind: "branch", condition: slot, steps, otherwise: [] };
  }

  /** Output slots for the results: the value's own slot where it is whole and free for that, else a copy. */
  results(values: readonly Value[]): number[] {
    const used = new Set<number>();
    return values.map((value) => {
      const place = this.at(value);
      const slot = this.slots[place.slot]!;
      const whole = place.offset === 0 && isContiguous(place) && slot.bytes === sizeOf(value.shape) * BYTES[value.dtype];
      if (whole && slot.space === "scratch" && !used.has(place.slot)) {
        slot.space = "output";
        slot.shape = value.shape;
        used.add(place.slot);
        return place.slot;
      }
      const out = this.newSlot({ ...slotOf(value), space: "output" });
      this.copyStep(inRow(out, value), place, "result", this.steps);
      return out;
    });
  }

  finish(outputs: readonly number[], tail: readonly Step[]): Draft {
    const updates = this.given.graph.updates.map(({ state }) => this.at(state).slot);
    const { slots, inputSlots: inputs, stateSlots: states, status, prologue, origins } = this;
    return { slots, inputs, outputs, states, updates, status, prologue, steps: [...this.steps, ...tail], modules: [...this.modules].sort(), origins };
  }

  // --- operands ---

  at(value: Value): Placed {
    const place = this.placed.get(value);
    if (place === undefined) throw new InternalError(`lower: %${value.id} ${value.op.name} ${showShape(value.shape)} is read before it is computed`);
    return place;
  }

  private readable(input: Value, rules: AnyOp, reader: Value): Placed {
    const place = this.at(input);
    const anyStrides = typeof rules.strided === "function" ? rules.strided(place) : rules.strided === true;
    return anyStrides || isContiguous(place) ? place : this.contiguous(input, reader);
  }

  private contiguous(input: Value, reader: Value): Placed {
    const steps = this.stepsOf(this.given.derived.has(reader) ? reader : input);
    const known = this.scope.copies.get(input);
    // The prologue runs first: it cannot read a copy that the steps make.
    if (known !== undefined && (steps === this.steps || this.slots[known.slot]!.space === "derived")) return known;
    const copy = this.copied(this.at(input), input, steps);
    this.scope.copies.set(input, copy);
    return copy;
  }

  /** A copy that a mutating step may change. */
  private private(input: Value, reader: Value): Placed {
    return this.copied(this.at(input), input, this.stepsOf(reader));
  }

  private copied(from: Placed, value: Value, steps: Step[]): Placed {
    const space = steps === this.prologue ? "derived" : "scratch";
    const to = inRow(this.newSlot({ ...slotOf(value), space }), value);
    this.copyStep(to, from, `contiguous ${nameOf(value)}`, steps);
    return to;
  }

  private copyStep(to: Placed, from: Placed, note: string, steps: Step[]): void {
    const words: LoweredWord[] = [addressOf(to), addressOf(from), to.shape.length, ...to.shape, ...to.strides, ...from.strides];
    const { units, bytes } = rowUnits(to.shape, to.dtype);
    const split = { units, outputs: [isContiguous(to) ? bytes : null], inputs: [isContiguous(from) ? bytes : null] };
    this.push(isNarrow(from.dtype) ? copyNarrow(operandOf(to), operandOf(from)) : { kernel: "copy", words, split }, [to], [from], note, steps);
  }

  private name(value: Value, results: readonly Placed[]): void {
    this.placed.set(value, results[0]!);
    if (value.parts === undefined) return;
    for (const user of this.partsOf(value)) this.placed.set(user, results[Number(user.attrs["index"])]!);
  }

  private partsOf(tuple: Value): Value[] {
    return this.scope.parts.filter((value) => value.inputs[0] === tuple);
  }

  // --- steps ---

  private stepsOf(value: Value): Step[] {
    return this.given.derived.has(value) ? this.prologue : this.steps;
  }

  private spaceOf(value: Value): Space {
    return this.given.derived.has(value) ? "derived" : "scratch";
  }

  private emit(value: Value, results: readonly Placed[], inputs: readonly Placed[], steps: Step[]): void {
    const lowering = rulesOf(value).lower;
    if (lowering === undefined) throw new InternalError(`lower: ${value.op.name} has no kernel`);
    const [first, ...rest] = results.map(operandOf);
    const lowered = lowering([first!, ...rest], inputs.map(operandOf), value.attrs, this.given.target);
    const list = Array.isArray(lowered) ? (lowered as readonly Lowering[]) : [lowered as Lowering];
    if (value.origin !== undefined) for (let i = 0; i < list.length; i++) this.origins.set(this.stepCount + i, value.origin);
    // Of several steps, the last one stands for the work in reports.
    list.forEach((one, i) => this.push(one, results, inputs, describe(value), steps, i === list.length - 1 ? flopsOf(value) : 0));
  }

  private push(lowering: Lowering, results: readonly Placed[], inputs: readonly Placed[], note: string, steps: Step[], flops = 0): void {
    const { kernel, words, workspace = 0, split } = lowering;
    const scratch = workspace > 0 ? this.newSlot({ space: steps === this.prologue ? "derived" : "scratch", bytes: workspace, dtype: "uint8", shape: [workspace], name: "workspace" }) : -1;
    const step = this.stepCount++;
    const resolved = words.map((word): Word => {
      if (word === STATUS_ADDRESS) return { slot: this.status, offset: 0 };
      if (word === STEP_INDEX) return step;
      // A product of nothing needs no workspace.
      if (typeof word === "object" && "workspace" in word) return scratch < 0 ? 0 : { slot: scratch, offset: word.workspace };
      return word as Word;
    });
    this.modules.add(KERNELS[kernel satisfies Kernel]);
    // Of several steps of one op, each touches what it has the address of.
    const touched = new Set(resolved.flatMap((word) => (typeof word === "number" ? [] : [word.slot])));
    const isTouched = ({ slot }: Placed): boolean => touched.has(slot);
    const [writes, reads] = [results.filter(isTouched), inputs.filter(isTouched)];
    steps.push({
      kind: "kernel",
      id: step,
      kernel,
      words: resolved,
      reads: unique(reads.map(({ slot }) => slot)),
      writes: unique([...writes.map(({ slot }) => slot), ...(scratch >= 0 ? [scratch] : [])]),
      ...(scratch >= 0 && { workspace: scratch }),
      // There is nothing to share in a step over nothing.
      ...(split !== undefined && split.units > 0 && { split: splitOf(split, results, inputs, touched, `${kernel} (${note})`) }),
      ...(flops > 0 && { flops }),
      note,
    });
  }

  // --- slots ---

  private leaf(value: Value, space: "input" | "state"): number {
    const source = value.source as { name?: string } | undefined;
    const slot = this.newSlot({ ...slotOf(value), space, ...(source?.name !== undefined && { name: source.name }) });
    this.placed.set(value, inRow(slot, value));
    return slot;
  }

  /** One element with strides of 0, however large the constant. */
  private constant(value: Value): Placed {
    const number = constantValue(value);
    const bits = value.dtype === "float32" ? f32Word(number) : number >>> 0;
    const key = `${value.dtype}:${bits}`;
    let place = this.constants.get(key);
    if (place === undefined) {
      const data = toBase64(new Uint8Array(new Uint32Array([bits]).buffer));
      const slot = this.newSlot({ space: "constant", bytes: 4, dtype: value.dtype, shape: [], name: String(number), data });
      place = { slot, shape: [], strides: [], offset: 0, dtype: value.dtype };
      this.constants.set(key, place);
    }
    return { ...place, shape: value.shape, strides: value.shape.map(() => 0) };
  }

  private newSlot(slot: DraftSlot): number {
    return this.slots.push(slot) - 1;
  }
}

function slotOf({ shape, dtype }: TensorType): { bytes: number; dtype: DType; shape: Shape } {
  return { bytes: sizeOf(shape) * BYTES[dtype], dtype, shape };
}

/** A tensor that fills a slot from its first byte on, element after element. */
function inRow(slot: number, { shape, dtype }: TensorType): Placed {
  return { slot, shape, strides: stridesOf(shape), offset: 0, dtype };
}

function operandOf(place: Placed): Operand {
  return { address: addressOf(place), shape: place.shape, strides: place.strides, dtype: place.dtype };
}

/** Bytes a unit by slot. A slot that operands see in different ways, or from another byte than its first, is touched anywhere. */
function splitOf({ units, outputs, inputs }: NonNullable<Lowering["split"]>, writes: readonly Placed[], reads: readonly Placed[], touched: ReadonlySet<number>, step: string): Split {
  const bytes = new Map<number, number | null>();
  const add = ({ slot, offset }: Placed, wanted: number | null): void => {
    if (!touched.has(slot)) return;
    const known = bytes.get(slot);
    bytes.set(slot, offset === 0 && (known === undefined || known === wanted) ? wanted : null);
  };
  writes.forEach((place, i) => add(place, outputs[i] ?? null));
  reads.forEach((place, i) => add(place, inputs[i] ?? null));
  const meeting = writes.find(({ slot }) => bytes.get(slot) === null && reads.some((place) => place.slot === slot));
  if (meeting !== undefined) throw new InternalError(`lower: ${step} is split, but reads slot ${meeting.slot} anywhere while threads write it`);
  return { units, slices: Object.fromEntries([...bytes].flatMap(([slot, size]) => (size === null ? [] : [[slot, size]]))) };
}

function unique(list: readonly number[]): number[] {
  return [...new Set(list)];
}

function nameOf(value: Value): string {
  const source = value.source as { name?: string } | undefined;
  return source?.name ?? `%${value.id}`;
}

function describe(value: Value): string {
  const micros = value.attrs["micros"] as readonly { micro: string }[] | undefined;
  const label = micros ? micros.map(({ micro }) => micro).join(" ") : value.op.name;
  const leaf = value.inputs.find((input) => isLeaf(input) && (input.source as { name?: string } | undefined)?.name);
  return leaf ? `${label} · ${nameOf(leaf)}` : label;
}
