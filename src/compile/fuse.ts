// Fusion: chains of elementwise nodes of one shape become tile nodes, each one step. Every elementwise node ends up in one.
import { sameShape } from "../base/shape.js";
import { mapped, nodesOf, type Graph } from "../graph/graph.js";
import { isLeaf, node, part, PART, type Attrs, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import type { Micro } from "../program/micro.js";
import { rebuild } from "../graph/rebuild.js";
import { TILE, type TileMicro } from "./tile.js";

/** More operands than this would not share L1. */
const MAX_OPERANDS = 14;
const MAX_MICROS = 48;

/** Nodes that run together: an elementwise cluster, or a single other node. */
interface Unit {
  readonly members: Value[];
  readonly elementwise: boolean;
  /** Positions of its first and last member in the order of the graph. */
  readonly first: number;
  readonly last: number;
}

/**
 * Nodes of the prologue (`derived`) and others never share a tile. With `chains` off, every elementwise node gets a tile of its own: the
 * reference the pass is judged by.
 */
export function fuse(graph: Graph, derived: ReadonlySet<Value>, chains: boolean): Graph {
  const units = clusters(graph, derived, chains);
  const users = usersOf(graph);
  const built = new Map<Value, Value>();
  for (const unit of ordered(graph, units)) {
    if (unit.elementwise) buildTile(unit, users, built);
    else {
      const value = unit.members[0]!;
      const inputs = value.inputs.map((input) => built.get(input)!);
      built.set(value, inputs.some((input, i) => input !== value.inputs[i]) ? rebuild(value, inputs) : value);
    }
  }
  return mapped(graph, (value) => built.get(value)!);
}

function isElementwise(value: Value): boolean {
  return !isLeaf(value) && value.op !== PART && rulesOf(value).micro !== undefined;
}

function clusters(graph: Graph, derived: ReadonlySet<Value>, chains: boolean): Map<Value, Unit> {
  const nodes = nodesOf(graph);
  const unitOf = new Map<Value, Unit>();
  const paths = new Paths(nodes, unitOf);
  nodes.forEach((value, position) => {
    const elementwise = isElementwise(value);
    let unit: Unit = { members: [value], elementwise, first: position, last: position };
    unitOf.set(value, unit);
    if (!elementwise || !chains) return;
    for (const input of value.inputs) {
      const other = unitOf.get(input)!;
      if (other === unit || !other.elementwise || !sameShape(other.members[0]!.shape, value.shape)) continue;
      if (derived.has(input) !== derived.has(value)) continue;
      const together = [...other.members, ...unit.members];
      if (together.length > MAX_MICROS || externals(together) > MAX_OPERANDS) continue;
      if (paths.outside(other, unit)) continue;
      unit = { members: together, elementwise, first: Math.min(other.first, unit.first), last: Math.max(other.last, unit.last) };
      for (const member of together) unitOf.set(member, unit);
    }
  });
  return unitOf;
}

/** Nodes, evenly spread, of which it is known what leads to them and what they lead to: one bit each. */
const PIVOTS = 32;

/** Answers whether joining two units would make a cycle, without walking the whole graph each time. */
class Paths {
  /** Pivots that a node leads to, and that lead to it; a pivot leads to itself. */
  private readonly to = new Map<Value, number>();
  private readonly from = new Map<Value, number>();

  constructor(nodes: readonly Value[], private readonly unitOf: ReadonlyMap<Value, Unit>) {
    const spacing = Math.ceil(nodes.length / PIVOTS);
    nodes.forEach((value, i) => {
      let bits = i % spacing === 0 ? 1 << (i / spacing) : 0;
      this.to.set(value, bits);
      for (const input of value.inputs) bits |= this.from.get(input)!;
      this.from.set(value, bits);
    });
    for (let i = nodes.length - 1; i >= 0; i--) {
      const value = nodes[i]!;
      const bits = this.to.get(value)!;
      for (const input of value.inputs) this.to.set(input, this.to.get(input)! | bits);
    }
  }

  /** Does `to` read, through some third unit, what `from` computes? `to` holds the newest node, so nothing leads back from it. */
  outside(from: Unit, to: Unit): boolean {
    const ahead = from.members.reduce((bits, member) => bits | this.to.get(member)!, 0);
    const seen = new Set<Unit>([from, to]);
    const stack: Unit[] = [];
    for (const member of to.members) {
      for (const input of member.inputs) {
        const unit = this.unitOf.get(input)!;
        if (seen.has(unit)) continue;
        if ((ahead & this.from.get(input)!) !== 0) return true;
        seen.add(unit);
        stack.push(unit);
      }
    }
    for (let unit = stack.pop(); unit !== undefined; unit = stack.pop()) {
      // Whatever leads from `from` to here comes after the first of `from`.
      if (unit.last < from.first) continue;
      for (const member of unit.members) {
        for (const input of member.inputs) {
          const next = this.unitOf.get(input)!;
          if (next === from) return true;
          if (seen.has(next)) continue;
          seen.add(next);
          stack.push(next);
        }
      }
    }
    return false;
  }
}

/** Operands read from memory, and a result at least. */
function externals(members: readonly Value[]): number {
  const inside = new Set(members);
  const outside = new Set(members.flatMap((member) => member.inputs.filter((input) => !inside.has(input))));
  return outside.size + 1;
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

function buildTile(unit: Unit, users: ReadonlyMap<Value, Set<Value | null>>, built: Map<Value, Value>): void {
  const members = [...unit.members].sort((a, b) => a.id - b.id);
  const inside = new Set(members);
  const inputs: Value[] = [];
  for (const member of members) {
    for (const input of member.inputs) if (!inside.has(input) && !inputs.includes(input)) inputs.push(input);
  }
  const results = members.filter((member) => [...users.get(member)!].some((user) => user === null || !inside.has(user)));
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
