// Graphs to be seen: what tensors are to be computed from.
import { printGraph as printNodes } from "../graph/graph.js";
import type { Tensor } from "./tensor.js";

/**
 * The pending graph behind tensors as text, one line a node: `%3 = matmul(%1, %2) float32[128, 512]`. Gradients are graph, too. Computes nothing;
 * what was looked at before is data, an `input`. For what compile() makes of it: printProgram(fn.programFor(…)) of edgegrad/inspect.
 */
export function printGraph(...tensors: readonly Tensor[]): string {
  return printNodes({ outputs: tensors.map(({ value }) => value), updates: [] });
}
