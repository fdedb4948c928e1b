// Expansion: ops that are compositions with a gradient rule of their own (batchNormalize, stopGradient) become what they are made of.
import { rewrite, type Graph } from "../graph/graph.js";
import { isLeaf, PART, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import { rebuild } from "./rebuild.js";

/** Gradients are taken before, so nothing but a composition's ops needs lowering. */
export function expand(graph: Graph): Graph {
  return rewrite(graph, rebuild, expanded);
}

function expanded(value: Value): Value {
  if (isLeaf(value) || value.op === PART) return value;
  return rulesOf(value).expand?.(value.inputs, value.attrs) ?? value;
}
