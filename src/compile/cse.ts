// Common subexpressions: two nodes with the same op, attributes and inputs are one.
import { rewrite, type Graph } from "../graph/graph.js";
import { INPUT, STATE, type Value } from "../graph/value.js";
import { rebuild } from "./rebuild.js";

export function cse(graph: Graph): Graph {
  const known = new Map<string, Value>();
  // Leaves with one source are one leaf: a variable read twice, a tensor captured twice.
  const leaves = new Map<object, Value>();
  return rewrite(graph, rebuild, (value) => {
    if (value.op === INPUT || value.op === STATE) {
      const first = leaves.get(value.source!);
      if (first === undefined) leaves.set(value.source!, value);
      return first ?? value;
    }
    const key = `${value.op.name}(${value.inputs.map((input) => input.id).join()})${JSON.stringify(value.attrs)}:${value.dtype}[${value.shape.join()}]`;
    const first = known.get(key);
    if (first === undefined) known.set(key, value);
    return first ?? value;
  });
}
