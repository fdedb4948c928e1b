// Common subexpressions: two nodes with the same op, attributes and inputs are one.
import { rewrite, type Graph } from "../graph/graph.js";
import { attrsKey, INPUT, opKey, STATE, type Value } from "../graph/value.js";

export function cse(graph: Graph): Graph {
  const known = new Map<string, Value>();
  return rewrite(graph, (value) => {
    if (value.op === INPUT || value.op === STATE) return value;
    const bodies = value.bodies ? `{${value.bodies.map(({ key }) => key).join("|")}}` : "";
    const key = `${opKey(value.op)}${bodies}(${value.inputs.map(({ id }) => id).join()})${attrsKey(value.attrs)}:${value.dtype}[${value.shape.join()}]`;
    const first = known.get(key);
    if (first === undefined) known.set(key, value);
    return first ?? value;
  });
}
