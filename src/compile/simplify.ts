// Simplification: nodes that change nothing vanish. Rules are a table by op name; each returns what stands in the node's place.
import { sameShape } from "../base/shape.js";
import { rewrite, type Graph } from "../graph/graph.js";
import { CONSTANT, constantValue, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import { rebuild } from "../graph/rebuild.js";

type Rule = (value: Value, inputs: readonly Value[]) => Value | null;

const RULES: Readonly<Record<string, Rule>> = {
  // x + 0 and 0 + x: exact but for −0 + 0, which is +0.
  add: (value, [a, b]) => (isConstant(b!, 0) ? same(value, a!) : isConstant(a!, 0) ? same(value, b!) : null),
  sub: (value, [a, b]) => (isConstant(b!, 0) ? same(value, a!) : null),
  mul: (value, [a, b]) => (isConstant(b!, 1) ? same(value, a!) : isConstant(a!, 1) ? same(value, b!) : null),
  div: (value, [a, b]) => (isConstant(b!, 1) ? same(value, a!) : null),
  neg: (_value, [x]) => (x!.op.name === "neg" ? x!.inputs[0]! : null),
  transpose: (value, [x]) => {
    if (x!.op.name !== "transpose") return null;
    const outer = value.attrs["perm"] as readonly number[];
    const inner = x!.attrs["perm"] as readonly number[];
    return outer.every((axis, i) => inner[axis] === i) ? x!.inputs[0]! : null;
  },
  reshape: (value, [x]) => {
    const source = x!.op.name === "reshape" ? x!.inputs[0]! : x!;
    if (sameShape(source.shape, value.shape)) return source;
    return source === x ? null : rebuild(value, [source]);
  },
};

export function simplify(graph: Graph): Graph {
  return rewrite(graph, (value) => RULES[value.op.name]?.(value, value.inputs) ?? withoutBroadcasts(value));
}

/** Elementwise ops broadcast by themselves: an explicit broadcast before one is only worth keeping when it alone gives the shape. */
function withoutBroadcasts(value: Value): Value {
  if (value.inputs.length < 2 || rulesOf(value).micro === undefined) return value;
  const inputs = value.inputs.map((input) => (input.op.name === "broadcastTo" ? input.inputs[0]! : input));
  if (inputs.every((input, i) => input === value.inputs[i])) return value;
  const full = inputs.find((input) => sameShape(input.shape, value.shape));
  return full === undefined ? value : rebuild(value, inputs);
}

function isConstant(value: Value, number: number): boolean {
  return value.op === CONSTANT && constantValue(value) === number;
}

function same(value: Value, input: Value): Value | null {
  return sameShape(value.shape, input.shape) && value.dtype === input.dtype ? input : null;
}
