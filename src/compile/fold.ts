// Folding: which values depend on nothing that changes between runs. Their steps form the prologue, run by the same kernels, to the same bits.
import { nodesOf, type Graph } from "../graph/graph.js";
import { CONSTANT, INPUT, PART, STATE, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";

/** With `states`, variables that the graph does not update count as constant: the prologue runs again when one of them has changed. */
export function derivedValues(graph: Graph, states: boolean): Set<Value> {
  const updated = new Set(graph.updates.map(({ state }) => state.source));
  const derived = new Set<Value>();
  const constant = new Set<Value>();
  for (const value of nodesOf(graph)) {
    if (value.op === CONSTANT || (value.op === STATE && states && !updated.has(value.source))) constant.add(value);
    else if (value.op !== INPUT && value.op !== STATE && value.inputs.every((input) => constant.has(input)) && isPure(value)) {
      constant.add(value);
      derived.add(value);
    }
  }
  return derived;
}

function isPure(value: Value): boolean {
  return value.op === PART || (rulesOf(value).mutates === undefined && value.bodies === undefined);
}
