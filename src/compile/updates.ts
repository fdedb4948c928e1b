// Updates: which new values of variables may be written straight over the old ones, and in which order. The others go through scratch and a copy.
import { countUses, type Graph, type Update } from "../graph/graph.js";
import { CONSTANT, INPUT, PART, STATE, type Value } from "../graph/value.js";
import { sameShape } from "../base/shape.js";
import { rootOf, rulesOf, type AnyOp } from "../ops/op.js";

export interface UpdatePlan {
  /** Nodes that write variables in place, in the order they must run: after everything else. */
  readonly writers: readonly Value[];
  /** For each writer, the update that its result k carries out. */
  readonly targets: ReadonlyMap<Value, readonly Update[]>;
  /** Updates that need a copy at the end. */
  readonly copies: readonly Update[];
}

export function planUpdates(graph: Graph): UpdatePlan {
  const uses = countUses(graph);
  const byWriter = new Map<Value, Update[]>();
  const copies: Update[] = [];
  const candidates = new Map<Value, (Update | undefined)[]>();
  for (const update of graph.updates) {
    const producer = update.value.op === PART ? update.value.inputs[0]! : update.value;
    if (isWritable(producer) && uses.get(update.value) === 1) {
      const list = candidates.get(producer) ?? new Array<Update | undefined>((producer.parts ?? [producer]).length).fill(undefined);
      list[update.value.op === PART ? Number(update.value.attrs["index"]) : 0] = update;
      candidates.set(producer, list);
    } else copies.push(update);
  }
  for (const [writer, list] of candidates) {
    const updates = list.filter((update) => update !== undefined);
    const whole = updates.length === list.length && updates.every(({ guard }) => guard === updates[0]!.guard);
    if (whole && isReadable(writer, updates)) byWriter.set(writer, updates);
    else copies.push(...updates);
  }
  const writers: Value[] = [];
  for (const writer of order(byWriter)) {
    if (writer.clash) {
      copies.push(...byWriter.get(writer.value)!);
      byWriter.delete(writer.value);
    } else writers.push(writer.value);
  }
  return { writers, targets: byWriter, copies };
}

function isWritable(producer: Value): boolean {
  return producer.op !== INPUT && producer.op !== STATE && producer.op !== CONSTANT && producer.op !== PART && rulesOf(producer).view === undefined;
}

/** A writer may read the variables it overwrites only where its op allows the two to be one memory. */
function isReadable(writer: Value, updates: readonly Update[]): boolean {
  const rules: AnyOp = rulesOf(writer);
  const pairs = rules.aliases?.(writer.attrs) ?? (rules.mutates ?? []).map((input, result) => [input, result] as const);
  const allowed = rules.aliases || rules.mutates ? pairs : (rules.inPlace ?? []).map((input) => [input, 0] as const);
  return updates.every(({ state }, result) => {
    if (rules.mutates && writer.inputs[rules.mutates[result]!] !== state) return false;
    return writer.inputs.every((input, i) => {
      if (rootOf(input) !== state) return true;
      return input === state && sameShape(input.shape, state.shape) && allowed.some(([a, r]) => a === i && r === result);
    });
  });
}

/** Writers so that each runs before those that overwrite what it reads. One that closes a cycle is marked. */
function order(byWriter: ReadonlyMap<Value, readonly Update[]>): { value: Value; clash: boolean }[] {
  const writerOf = new Map<Value, Value>();
  for (const [writer, updates] of byWriter) for (const { state } of updates) writerOf.set(state, writer);
  const result: { value: Value; clash: boolean }[] = [];
  const mark = new Map<Value, "open" | "done">();
  const visit = (writer: Value): boolean => {
    if (mark.get(writer) === "done") return true;
    if (mark.get(writer) === "open") return false;
    mark.set(writer, "open");
    let clash = false;
    for (const [other, updates] of byWriter) {
      // `other` overwrites nothing we need, but reads what we overwrite: it goes first.
      if (other === writer || updates.length === 0) continue;
      const readsOurs = other.inputs.some((input) => writerOf.get(rootOf(input)) === writer);
      if (readsOurs && !visit(other)) clash = true;
    }
    mark.set(writer, "done");
    result.push({ value: writer, clash });
    return true;
  };
  for (const writer of byWriter.keys()) visit(writer);
  return result;
}
