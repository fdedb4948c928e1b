// What a legal graph is. Run between passes in tests and with DEBUG ≥ 1; a failure is ours to fix.
import { invariant } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { nodesOf, type Graph } from "./graph.js";
import { CONSTANT, INPUT, isLeaf, PART, STATE } from "./value.js";

/** Throws InternalError, naming `stage` and the node, when the graph is not legal. */
export function verifyGraph(graph: Graph, stage: string): void {
  const seen = new Set<object>();
  const where = (id: number, op: string): string => `graph after ${stage}: %${id} ${op}`;
  for (const value of nodesOf(graph)) {
    const at = where(value.id, value.op.name);
    for (const input of value.inputs) {
      invariant(seen.has(input), `${at} reads a node that comes after it`);
      invariant(input.parts === undefined || value.op === PART, `${at} reads a tuple without picking a part`);
    }
    invariant(value.shape.every((dim) => Number.isInteger(dim) && dim >= 0), `${at} has the shape [${value.shape.join(", ")}]`);
    if (isLeaf(value)) invariant(value.inputs.length === 0, `${at} is a leaf with inputs`);
    if (value.op === INPUT || value.op === STATE) invariant(value.source !== undefined, `${at} has no source`);
    if (value.op === CONSTANT) invariant("value" in value.attrs, `${at} has no value`);
    if (value.op === PART) {
      const type = value.inputs[0]?.parts?.[Number(value.attrs["index"])];
      invariant(type !== undefined && sameShape(type.shape, value.shape) && type.dtype === value.dtype, `${at} does not match its tuple`);
    }
    seen.add(value);
  }
  const states = new Set<object>();
  for (const { state, value } of graph.updates) {
    invariant(state.op === STATE, `graph after ${stage}: an update of %${state.id}, which is no variable`);
    invariant(!states.has(state.source!), `graph after ${stage}: %${state.id} is updated twice`);
    invariant(sameShape(state.shape, value.shape) && state.dtype === value.dtype, `graph after ${stage}: %${state.id} takes a value of another type`);
    states.add(state.source!);
  }
}
