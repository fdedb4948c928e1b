// Common subexpressions: two nodes with the same op, attributes and inputs are one.
import { rewrite, type Graph } from "../graph/graph.js";
import { attrsKey, INPUT, opKey, STATE, type Value } from "../graph/value.js";
import { rebuild } from "./rebuild.js";

export function cse(graph: Graph): Graph {
  const known = new Map<string, Value>();
  return rewrite(graph, rebuild, (value) => {
    if (value.op === INPUT || value.op === STATE) return value;
    const key = `${opKey(value.op)}(${value.inputs.map(({ id }) => id).join()})${attrsKey(value.attrs)}:${value.dtype}[${value.shape.join()}]`;
    const first = known.get(key);
    if (first === undefined) known.set(key, value);
    return first ?? value;
  });
}
