// Fusion: chains of elementwise nodes of one shape become tile nodes, each one step. Every elementwise node ends up in one.
import { mapped, nodesOf, type Graph } from "../graph/graph.js";
import { node, part, type Attrs, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import type { Micro } from "../program/micro.js";
import { withInputs } from "../graph/rebuild.js";
import { clusters, type Unit } from "./clusters.js";
import { recomputed, type Recomputed } from "./recompute.js";
import { TILE, type TileMicro } from "./tile.js";

/**
 * Nodes of the prologue (`derived`) and others never share a tile. With `chains` off, every elementwise node gets a tile of its own: the
 * reference the pass is judged by.
 */
export function fuse(graph: Graph, derived: ReadonlySet<Value>, chains: boolean): Graph {
  const units = clusters(nodesOf(graph), derived, chains);
  const users = usersOf(graph);
  const computed = chains ? recomputed(units, users, derived) : { again: new Map<Unit, Set<Value>>(), gone: new Set<Value>() };
  const built = new Map<Value, Value>();
  for (const unit of ordered(graph, units)) {
    if (unit.elementwise) buildTile(unit, users, computed, built);
    else {
      const value = unit.members[0]!;
      built.set(value, withInputs(value, value.inputs.map((input) => built.get(input)!)));
    }
  }
  return mapped(graph, (value) => built.get(value)!);
}

function usersOf(graph: Graph): Map<Value, Set<Value | null>> {
  const users = new Map<Value, Set<Value | null>>();
  const add = (value: Value, user: Value | null): void => {
    let set = users.get(value);
    if (set === undefined) users.set(value, (set = new Set()));
    set.add(user);
  };
  for (const value of nodesOf(graph)) for (const input of value.inputs) add(input, value);
  // null stands for the world outside: results and updates.
  for (const value of graph.outputs) add(value, null);
  for (const { value, guard } of graph.updates) {
    add(value, null);
    if (guard) add(guard, null);
  }
  return users;
}

/** Units, each after those it reads. */
function ordered(graph: Graph, unitOf: ReadonlyMap<Value, Unit>): Unit[] {
  const order: Unit[] = [];
  const done = new Set<Unit>();
  const stack: { unit: Unit; pending: Unit[] }[] = [];
  const open = (unit: Unit): void => {
    if (done.has(unit)) return;
    done.add(unit);
    stack.push({ unit, pending: unit.members.flatMap((member) => member.inputs.map((input) => unitOf.get(input)!)).reverse() });
  };
  for (const value of nodesOf(graph)) {
    open(unitOf.get(value)!);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const next = top.pending.pop();
      if (next !== undefined) open(next);
      else order.push(stack.pop()!.unit);
    }
  }
  return order;
}

function buildTile(unit: Unit, users: ReadonlyMap<Value, Set<Value | null>>, { again, gone }: Recomputed, built: Map<Value, Value>): void {
  const own = new Set(unit.members);
  const results = unit.members.filter((member) => !gone.has(member) && [...users.get(member)!].some((user) => user === null || !own.has(user)));
  // Whatever is read only by those who compute it again is not computed here.
  if (results.length === 0) return;
  const available = new Set([...unit.members, ...(again.get(unit) ?? [])]);
  const inside = new Set(results);
  for (const member of inside) for (const input of member.inputs) if (available.has(input)) inside.add(input);
  const members = [...inside].sort((a, b) => a.id - b.id);
  results.sort((a, b) => a.id - b.id);
  const inputs: Value[] = [];
  for (const member of members) {
    for (const input of member.inputs) if (!inside.has(input) && !inputs.includes(input)) inputs.push(input);
  }
  const index = new Map<Value, number>();
  inputs.forEach((input, i) => index.set(input, i));
  members.forEach((member, i) => index.set(member, inputs.length + i));

  const micros = members.map((member): TileMicro => ({
    micro: rulesOf(member).micro!(member.inputs, member.attrs),
    args: member.inputs.map((input) => index.get(input)!),
  }));
  const chain = contract(micros, inputs.length, results.map((result) => index.get(result)! - inputs.length));
  const attrs = { inputs: inputs.length, micros: chain.micros, results: chain.results } as object as Attrs;
  const types = results.map(({ shape, dtype }) => ({ shape, dtype }));
  const tile = node(TILE, inputs.map((input) => built.get(input)!), attrs, types[0]!, types.length > 1 ? { parts: types } : {});
  results.forEach((result, i) => built.set(result, types.length > 1 ? part(tile, i) : tile));
}

/** Peephole: a product read only by one sum becomes fma, which rounds twice as the two did. The product's micro vanishes. */
function contract(micros: readonly TileMicro[], inputs: number, results: readonly number[]): { micros: TileMicro[]; results: number[] } {
  const uses = new Array<number>(micros.length).fill(0);
  for (const { args } of micros) for (const arg of args) if (arg >= inputs) uses[arg - inputs]!++;
  for (const result of results) uses[result]!++;
  const gone = new Set<number>();
  const fused = micros.map((step): TileMicro => {
    if (step.micro !== "add") return step;
    for (const [x, y] of [step.args, [step.args[1]!, step.args[0]!]] as [number, number][]) {
      const product = micros[x - inputs];
      if (product?.micro === ("mul" satisfies Micro) && uses[x - inputs] === 1 && !gone.has(x - inputs)) {
        gone.add(x - inputs);
        return { micro: "fma", args: [...product.args, y] };
      }
    }
    return step;
  });
  const position = new Map<number, number>();
  fused.forEach((_, i) => {
    if (!gone.has(i)) position.set(i, position.size);
  });
  const move = (arg: number): number => (arg < inputs ? arg : inputs + position.get(arg - inputs)!);
  return {
    micros: fused.filter((_, i) => !gone.has(i)).map(({ micro, args }) => ({ micro, args: args.map(move) })),
    results: results.map((result) => position.get(result)!),
  };
}
