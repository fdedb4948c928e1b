// Bodies: graphs inside a node, for what a branch or a round of a loop computes. Closed: whatever a body reads comes in by its parameters.
import { linearise, mapped, nodesOf, topological, type Graph } from "./graph.js";
import { rebuild, withInputs } from "./rebuild.js";
import { CONSTANT, INPUT, inputLeaf, STATE, type Body, type TensorType, type Value } from "./value.js";

/** What stands behind a parameter: nothing that could be fed. */
class Parameter {
  readonly name: string;
  constructor(index: number) {
    this.name = `parameter ${index}`;
  }
}

export function parameter(type: TensorType, index: number): Value {
  return inputLeaf({ shape: type.shape, dtype: type.dtype }, new Parameter(index));
}

/** The body with these parameters and results. Its key says what it computes: equal keys, equal bodies. */
export function makeBody(params: readonly Value[], outputs: readonly Value[]): Body {
  const { key, inputs } = linearise({ outputs, updates: [] });
  // Leaves are numbered by first use; which parameter each is belongs to what is computed.
  const order = inputs.map(({ source }) => params.findIndex((param) => param.source === source));
  return { params, outputs, key: `${params.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join()}:${order.join()}\n${key}` };
}

/** What a body computes, with `values` in place of its parameters. */
export function inlined({ params, outputs }: Body, values: readonly Value[]): Value[] {
  const map = new Map<Value, Value>(params.map((param, i) => [param, values[i]!]));
  for (const value of topological(outputs)) {
    if (!map.has(value)) map.set(value, withInputs(value, value.inputs.map((input) => map.get(input)!)));
  }
  return outputs.map((value) => map.get(value)!);
}

/**
 * Closes results over what they read besides `params`: every value that is outside becomes one more parameter. Outside is what depends on no parameter; or,
 * with `since`, what was made before that node. Values that depend on nothing but constants stay inside.
 */
export function closed(params: readonly Value[], outputs: readonly Value[], since?: number): { readonly body: Body; readonly captured: readonly Value[] } {
  const given = new Set(params);
  const isOld = ({ id, op }: Value): boolean => since !== undefined && (id < since || op === INPUT || op === STATE);
  const order = topological(outputs, (value) => given.has(value) || isOld(value));
  const constants = new Set<Value>();
  const within = new Set<Value>(params);
  for (const value of order) {
    if (given.has(value)) continue;
    if (value.op === CONSTANT || (value.inputs.length > 0 && value.inputs.every((input) => constants.has(input)))) constants.add(value);
    else if (since === undefined ? value.inputs.some((input) => within.has(input)) : !isOld(value)) within.add(value);
  }
  const captured: Value[] = [];
  const map = new Map<Value, Value>(params.map((param) => [param, param]));
  const inside = (value: Value): Value => {
    if (constants.has(value)) return value;
    let found = map.get(value);
    if (found === undefined) {
      captured.push(value);
      map.set(value, (found = parameter(value, params.length + captured.length - 1)));
    }
    return found;
  };
  for (const value of order) if (within.has(value) && !map.has(value)) map.set(value, rebuild(value, value.inputs.map(inside)));
  const results = outputs.map(inside);
  return { body: makeBody([...params, ...captured.map((value) => map.get(value)!)], results), captured };
}

/** The graph with `pass` applied to the graphs inside its nodes, innermost first; not to itself. */
export function inBodies(graph: Graph, pass: (graph: Graph) => Graph): Graph {
  const nodes = nodesOf(graph);
  if (!nodes.some(({ bodies }) => bodies)) return graph;
  const inside = ({ params, outputs }: Body): Body => makeBody(params, pass(inBodies({ outputs, updates: [] }, pass)).outputs);
  const map = new Map<Value, Value>();
  for (const value of nodes) {
    const inputs = value.inputs.map((input) => map.get(input)!);
    const bodies = value.bodies?.map(inside);
    const same = bodies === undefined && inputs.every((input, i) => input === value.inputs[i]);
    map.set(value, same ? value : rebuild(value, inputs, bodies));
  }
  return mapped(graph, (value) => map.get(value)!);
}
