// Graphs: what one run computes. Results, and the new values of variables. The nodes are whatever these reach, so dead code cannot exist.
import { showShape } from "../base/shape.js";
import { withInputs } from "./rebuild.js";
import { attrsKey, CONSTANT, INPUT, opKey, STATE, type Value } from "./value.js";

/** At the end of the run, the variable behind `state` takes `value`; with a guard, only if that int32 scalar is not 0. */
export interface Update {
  readonly state: Value;
  readonly value: Value;
  readonly guard?: Value;
}

export interface Graph {
  readonly outputs: readonly Value[];
  readonly updates: readonly Update[];
}

/** Everything a graph must compute, in a fixed order. */
export function rootsOf(graph: Graph): Value[] {
  return [...graph.outputs, ...graph.updates.flatMap(({ state, value, guard }) => (guard ? [state, value, guard] : [state, value]))];
}

/**
 * All values behind `roots`, each after its inputs: depth first, so the order depends on structure only. Iterative: graphs can be deep.
 * Nothing behind a value for which `stop` holds is visited.
 */
export function topological(roots: readonly Value[], stop?: (value: Value) => boolean): Value[] {
  const order: Value[] = [];
  const done = new Set<Value>();
  const stack: { value: Value; next: number }[] = [];
  for (const root of roots) {
    if (done.has(root)) continue;
    done.add(root);
    stack.push({ value: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.next === 0 && stop?.(top.value) ? undefined : top.value.inputs[top.next++];
      if (input === undefined) {
        order.push(top.value);
        stack.pop();
      } else if (!done.has(input)) {
        done.add(input);
        stack.push({ value: input, next: 0 });
      }
    }
  }
  return order;
}

export function nodesOf(graph: Graph): Value[] {
  return topological(rootsOf(graph));
}

/** A graph in which `replace` has had its say about every node, inputs first. It gets the node over its inputs' replacements, and returns what stands in its place. */
export function rewrite(graph: Graph, replace: (value: Value, original: Value) => Value): Graph {
  const map = new Map<Value, Value>();
  for (const value of nodesOf(graph)) map.set(value, replace(withInputs(value, value.inputs.map((input) => map.get(input)!)), value));
  return mapped(graph, (value) => map.get(value)!);
}

/** The graph with `of` in place of each of its roots. */
export function mapped(graph: Graph, of: (value: Value) => Value): Graph {
  return {
    outputs: graph.outputs.map(of),
    updates: graph.updates.map(({ state, value, guard }) => ({ state: of(state), value: of(value), ...(guard && { guard: of(guard) }) })),
  };
}

/** How many times each value is read: by other values, as a result, as an update. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const value of nodesOf(graph)) value.inputs.forEach(use);
  graph.outputs.forEach(use);
  for (const { value, guard } of graph.updates) {
    use(value);
    if (guard) use(guard);
  }
  return uses;
}

/** A graph written down with its leaves numbered by first use: equal text, equal program. Tensors' contents are no part of it. */
export interface Linearised {
  readonly key: string;
  readonly inputs: readonly Value[];
  readonly states: readonly Value[];
}

export function linearise(graph: Graph): Linearised {
  const index = new Map<Value, number>();
  const inputs = new Map<object, { leaf: Value; number: number }>();
  const states = new Map<object, { leaf: Value; number: number }>();
  const lines: string[] = [];
  for (const value of nodesOf(graph)) {
    index.set(value, index.size);
    let head = opKey(value.op);
    // Leaves with one source are one leaf.
    const leaves = value.op === INPUT ? inputs : value.op === STATE ? states : null;
    if (leaves !== null) {
      const source = value.source!;
      if (!leaves.has(source)) leaves.set(source, { leaf: value, number: leaves.size });
      head += `#${leaves.get(source)!.number}`;
    }
    if (value.inputs.length > 0) head += `(${value.inputs.map((input) => index.get(input)).join()})`;
    if (value.bodies !== undefined) head += `{${value.bodies.map(({ key }) => key).join("|")}}`;
    if (value.device !== undefined) head += `@${value.device}`;
    lines.push(`${head}${attrsKey(value.attrs)}:${value.dtype}[${value.shape.join()}]`);
  }
  const updates = graph.updates.map(({ state, value, guard }) => `${index.get(state)}=${index.get(value)}${guard ? `?${index.get(guard)}` : ""}`);
  lines.push(`>${graph.outputs.map((value) => index.get(value)).join()}`, `!${updates.join()}`);
  const leavesOf = (map: typeof inputs): Value[] => [...map.values()].map(({ leaf }) => leaf);
  return { key: lines.join("\n"), inputs: leavesOf(inputs), states: leavesOf(states) };
}

/** The graph as text: one line a node, `%3 = matmul(%1, %2) float32[128, 512]`. */
export function printGraph(graph: Graph, indent = ""): string {
  const index = new Map<Value, number>();
  const name = (value: Value): string => `%${index.get(value)}`;
  const lines = nodesOf(graph).map((value) => {
    index.set(value, index.size);
    const attrs = Object.keys(value.attrs).length > 0 && value.op !== CONSTANT ? ` ${attrsKey(value.attrs)}` : "";
    const args = value.op === CONSTANT ? `(${String(value.attrs["value"])})` : `(${value.inputs.map(name).join(", ")})`;
    const types = (value.parts ?? [value]).map(({ dtype, shape }) => `${dtype}${showShape(shape)}`).join(" × ");
    const bodies = value.bodies?.map(({ outputs }) => ` {\n${printGraph({ outputs, updates: [] }, `${indent}  `)}\n${indent}}`).join("") ?? "";
    return `${indent}${name(value)} = ${value.op.name}${args}${attrs} ${types}${bodies}`;
  });
  for (const { state, value, guard } of graph.updates) lines.push(`${indent}${name(state)} := ${name(value)}${guard ? ` if ${name(guard)}` : ""}`);
  lines.push(`${indent}return ${graph.outputs.map(name).join(", ")}`);
  return lines.join("\n");
}
