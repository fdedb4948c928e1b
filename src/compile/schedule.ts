// Schedule: the order in which values are computed. Two orders are tried, the one of the trace and a greedy one that frees memory early; the smaller peak wins.
import { BYTES } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import { nodesOf, rootsOf, type Graph } from "../graph/graph.js";
import { isLeaf, type Value } from "../graph/value.js";
import { rootOf } from "../ops/op.js";

/** All values in an order that computes inputs first; `last` come at the end, in their given order. With `frugal` off, the order of the trace. */
export function schedule(graph: Graph, last: readonly Value[], frugal = true): Value[] {
  const held = new Set(last);
  const nodes = nodesOf(graph).filter((value) => !held.has(value));
  // Parts of a held node follow it; they are names, not work.
  const free = nodes.filter((value) => !value.inputs.some((input) => held.has(input)));
  const tail = [...last, ...nodes.filter((value) => value.inputs.some((input) => held.has(input)))];
  const kept = new Set(rootsOf(graph).map(rootOf));
  const trace = [...free].sort((a, b) => a.id - b.id);
  const freeing = frugal ? greedy(free, kept) : trace;
  const best = peakBytes(freeing, kept) < peakBytes(trace, kept) ? freeing : trace;
  return [...best, ...tail];
}

/** Bytes a value adds when computed: none for leaves and views; a tuple's are counted with its parts. */
function ownBytes(value: Value): number {
  return isLeaf(value) || value.parts || rootOf(value) !== value ? 0 : sizeOf(value.shape) * BYTES[value.dtype];
}

/** Largest sum of live intermediates along an order. */
export function peakBytes(order: readonly Value[], kept: ReadonlySet<Value>): number {
  const left = readersLeft(order);
  let live = 0;
  let peak = 0;
  for (const value of order) {
    live += ownBytes(value);
    peak = Math.max(peak, live);
    live -= freedBy(value, left, kept);
  }
  return peak;
}

function readersLeft(order: readonly Value[]): Map<Value, number> {
  const left = new Map<Value, number>();
  for (const value of order) for (const root of readRoots(value)) left.set(root, (left.get(root) ?? 0) + 1);
  return left;
}

/** Asked for again and again, and never another: values do not change. */
const readRootsOf = new WeakMap<Value, ReadonlySet<Value>>();

function readRoots(value: Value): ReadonlySet<Value> {
  let roots = readRootsOf.get(value);
  // A view keeps its root alive through its own readers; by itself it reads nothing.
  if (roots === undefined) readRootsOf.set(value, (roots = new Set(rootOf(value) === value ? value.inputs.map(rootOf) : [])));
  return roots;
}

function freedBy(value: Value, left: Map<Value, number>, kept: ReadonlySet<Value>): number {
  let freed = 0;
  for (const root of readRoots(value)) {
    const count = left.get(root)! - 1;
    left.set(root, count);
    if (count === 0 && !kept.has(root)) freed += ownBytes(root);
  }
  return freed;
}

/** Repeatedly takes the ready value that adds least memory; the earlier one when equal. Leaves and views, which take none, as soon as they are ready. */
function greedy(nodes: readonly Value[], kept: ReadonlySet<Value>): Value[] {
  const inside = new Set(nodes);
  const waiting = new Map<Value, number>();
  const users = new Map<Value, Value[]>();
  const ready: Value[] = [];
  const free: Value[] = [];
  const offer = (value: Value): void => void (isLeaf(value) || rootOf(value) !== value ? free : ready).push(value);
  for (const value of nodes) {
    const inputs = new Set(value.inputs.filter((input) => inside.has(input)));
    waiting.set(value, inputs.size);
    for (const input of inputs) {
      const list = users.get(input);
      if (list) list.push(value);
      else users.set(input, [value]);
    }
    if (inputs.size === 0) offer(value);
  }
  const left = readersLeft(nodes);
  const order: Value[] = [];
  const takeBest = (): Value | undefined => {
    let best = 0;
    let bestCost = Infinity;
    for (let i = 0; i < ready.length; i++) {
      const cost = costOf(ready[i]!, left, kept);
      if (cost < bestCost || (cost === bestCost && ready[i]!.id < ready[best]!.id)) {
        best = i;
        bestCost = cost;
      }
    }
    return ready.splice(best, 1)[0];
  };
  for (let value = free.pop() ?? takeBest(); value !== undefined; value = free.pop() ?? takeBest()) {
    order.push(value);
    freedBy(value, left, kept);
    for (const user of users.get(value) ?? []) {
      const count = waiting.get(user)! - 1;
      waiting.set(user, count);
      if (count === 0) offer(user);
    }
  }
  return order;
}

function costOf(value: Value, left: ReadonlyMap<Value, number>, kept: ReadonlySet<Value>): number {
  let cost = ownBytes(value);
  for (const root of readRoots(value)) if (left.get(root) === 1 && !kept.has(root)) cost -= ownBytes(root);
  return cost;
}
