// Control flow inside a graph: a branch that runs one of two bodies, a loop that runs one a known number of times over rows, a loop that runs while a
// condition holds. Ops with bodies, whose gradients are again such ops, so they live where gradients are taken and not among the ops.
import { isFloat } from "../base/dtype.js";
import { InternalError } from "../base/errors.js";
import { inlined, makeBody, parameter } from "../graph/body.js";
import { mapped, nodesOf, type Graph } from "../graph/graph.js";
import { withInputs } from "../graph/rebuild.js";
import { constant, node, part, PART, type Attrs, type Body, type TensorType, type Value } from "../graph/value.js";
import { broadcastTo } from "../ops/broadcastTo.js";
import { add } from "../ops/add.js";
import type { AnyOp } from "../ops/op.js";
import { lowerBranch, lowerLoop, lowerWhile } from "./control.lower.js";
import { pullBack } from "./grad.js";
import type { ControlOp } from "./nesting.js";

export interface LoopAttrs {
  readonly count: number;
  /** How many of the inputs are carried from round to round, and how many are read row by row; the rest are the same in every round. */
  readonly carries: number;
  readonly sequences: number;
  /** From the last row to the first. */
  readonly reverse: boolean;
}

const madeElsewhere = (): never => {
  throw new InternalError("control: nodes are made by branch(), loop() and whileLoop() only");
};

/** inputs: condition, then what the bodies read. bodies: then, else. */
export const BRANCH: ControlOp = { name: "cond", shape: madeElsewhere, heavy: true, vjpParts: branchGradient, lowerInto: lowerBranch, prune };
/** inputs: carries, sequences, the rest. body: (carries, a row of each sequence, the rest) → (carries, a row of each further result). */
export const LOOP: ControlOp = { name: "scan", shape: madeElsewhere, heavy: true, vjpParts: loopGradient, lowerInto: lowerLoop, prune };
/** inputs: carries, the rest. bodies: (carries, the rest) → condition; (carries, the rest) → carries. */
const WHILE: ControlOp = {
  name: "whileLoop",
  shape: madeElsewhere,
  heavy: true,
  lowerInto: lowerWhile,
  prune,
  noGradient: "it runs an unknown number of rounds, which the backward pass would have to remember; give whileLoop maxIterations",
};

/** The results of the body that the int32 scalar `condition` chooses: the first when it is not 0. Both read `values` and have results of the same types. */
export function branch(condition: Value, values: readonly Value[], then: Body, otherwise: Body): Value[] {
  return partsOf(nodeOf(BRANCH, [condition, ...values], {}, then.outputs, [then, otherwise]));
}

/** The last carries, then the rows of the further results, one under the other. */
export function loop(attrs: LoopAttrs, inputs: readonly Value[], body: Body): Value[] {
  const types = body.outputs.map(({ shape, dtype }, i): TensorType => ({ shape: i < attrs.carries ? shape : [attrs.count, ...shape], dtype }));
  return partsOf(nodeOf(LOOP, inputs, { ...attrs }, types, [body]));
}

/** The carries for which the condition first fails; at most 2³¹ − 1 rounds. */
export function whileLoop(inputs: readonly Value[], condition: Body, body: Body): Value[] {
  return partsOf(nodeOf(WHILE, inputs, { carries: body.outputs.length }, body.outputs, [condition, body]));
}

function loopAttrs(value: Value): LoopAttrs {
  return value.attrs as object as LoopAttrs;
}

function nodeOf(op: AnyOp, inputs: readonly Value[], attrs: Attrs, types: readonly TensorType[], bodies: readonly Body[]): Value {
  const parts = types.map(({ shape, dtype }) => ({ shape, dtype }));
  return node(op, inputs, attrs, parts[0]!, { parts, bodies });
}

function partsOf(tuple: Value): Value[] {
  return tuple.parts!.map((_, i) => part(tuple, i));
}

/** The gradient of a branch is a branch over the gradients of its bodies. */
function branchGradient(dys: readonly (Value | null)[], ys: readonly Value[], inputs: readonly Value[]): (Value | null)[] {
  const [condition, ...values] = inputs;
  const wanted = values.filter(({ dtype }) => isFloat(dtype));
  if (wanted.length === 0) return inputs.map(() => null);
  const flows = dys.filter((dy) => dy !== null);
  const bodies = ys[0]!.inputs[0]!.bodies!.map((body) => {
    const params = [...values, ...flows].map(parameter);
    const inner = params.slice(0, values.length);
    const results = inlined(body, inner);
    let next = values.length;
    const seeds = results.flatMap((y, k): [Value, Value][] => (dys[k] === null ? [] : [[y, params[next++]!]]));
    const targets = inner.filter(({ dtype }) => isFloat(dtype));
    const grads = pullBack(seeds, targets);
    return makeBody(params, grads.map((grad, i) => grad ?? zeros(targets[i]!)));
  });
  const grads = branch(condition!, [...values, ...flows], bodies[0]!, bodies[1]!);
  let next = 0;
  return [null, ...values.map(({ dtype }) => (isFloat(dtype) ? grads[next++]! : null))];
}

/**
 * The gradient of a loop is a loop in the other direction. A round starts from the carries that the forward round began with (which loops made by
 * withHistory have among their results), computes the forward round again, and pulls the gradients of its results back.
 */
function loopGradient(dys: readonly (Value | null)[], ys: readonly Value[], inputs: readonly Value[]): (Value | null)[] {
  const tuple = ys[0]!.inputs[0]!;
  const [body] = tuple.bodies!;
  const { count, carries, sequences, reverse } = loopAttrs(tuple);
  const history = ys.slice(ys.length - carries);
  const rows = inputs.slice(carries, carries + sequences);
  const rest = inputs.slice(carries + sequences);
  const floatCarries = range(carries).filter((i) => isFloat(inputs[i]!.dtype));
  const floatRows = range(sequences).filter((i) => isFloat(rows[i]!.dtype));
  const floatRest = range(rest.length).filter((i) => isFloat(rest[i]!.dtype));
  const flowing = range(dys.length).filter((k) => k >= carries && dys[k] !== null);

  // Carried: the gradients of the carries, and what has come together for what every round reads.
  const start = [...floatCarries.map((i) => dys[i] ?? zeros(inputs[i]!)), ...floatRest.map((i) => zeros(rest[i]!))];
  const read = [...history, ...rows, ...flowing.map((k) => dys[k]!)];
  const rowOf = (value: Value): TensorType => ({ shape: value.shape.slice(1), dtype: value.dtype });
  const params = [...start, ...read.map(rowOf), ...rest].map(parameter);
  const [carried, row, same] = [params.slice(0, start.length), params.slice(start.length, start.length + read.length), params.slice(start.length + read.length)];
  const [before, x, dRow] = [row.slice(0, carries), row.slice(carries, carries + sequences), row.slice(carries + sequences)];
  const results = inlined(body!, [...before, ...x, ...same]);
  const seeds: [Value, Value][] = [
    ...floatCarries.map((i, k): [Value, Value] => [results[i]!, carried[k]!]),
    ...flowing.map((k, i): [Value, Value] => [results[k]!, dRow[i]!]),
  ];
  const targets = [...floatCarries.map((i) => before[i]!), ...floatRest.map((i) => same[i]!), ...floatRows.map((i) => x[i]!)];
  const grads = pullBack(seeds, targets).map((grad, i) => grad ?? zeros(targets[i]!));
  const sums = floatRest.map((_, k) => add(carried[floatCarries.length + k]!, grads[floatCarries.length + k]!));
  const outputs = [...grads.slice(0, floatCarries.length), ...sums, ...grads.slice(floatCarries.length + floatRest.length)];
  const found = withHistory({ count, carries: start.length, sequences: read.length, reverse: !reverse }, [...start, ...read, ...rest], makeBody(params, outputs));

  const out: (Value | null)[] = inputs.map(() => null);
  floatCarries.forEach((i, k) => (out[i] = found[k]!));
  floatRest.forEach((i, k) => (out[carries + sequences + i] = found[floatCarries.length + k]!));
  floatRows.forEach((i, k) => (out[carries + i] = found[start.length + k]!));
  return out;
}

/** A loop that can be differentiated: its last results are the carries that each round began with. What nobody reads is pruned before it runs. */
export function withHistory(attrs: LoopAttrs, inputs: readonly Value[], body: Body): Value[] {
  return loop(attrs, inputs, makeBody(body.params, [...body.outputs, ...body.params.slice(0, attrs.carries)]));
}

/** Results of loops that nobody reads are not computed: the histories of loops that are not differentiated. */
function prune(graph: Graph): Graph {
  const nodes = nodesOf(graph);
  const used = new Map<Value, Set<number>>();
  for (const value of nodes) {
    if (value.op !== PART || value.inputs[0]!.op !== LOOP) continue;
    const tuple = value.inputs[0]!;
    used.set(tuple, (used.get(tuple) ?? new Set()).add(Number(value.attrs["index"])));
  }
  if (used.size === 0) return graph;
  const map = new Map<Value, Value>();
  const kept = new Map<Value, number[]>();
  for (const value of nodes) {
    const inputs = value.inputs.map((input) => map.get(input)!);
    const wanted = used.get(value);
    if (value.op === LOOP && wanted !== undefined) {
      const [body] = value.bodies!;
      const attrs = loopAttrs(value);
      const list = range(value.parts!.length).filter((k) => k < attrs.carries || wanted.has(k));
      kept.set(value, list);
      map.set(value, loop(attrs, inputs, makeBody(body!.params, list.map((k) => body!.outputs[k]!)))[0]!.inputs[0]!);
    } else if (value.op === PART && kept.has(value.inputs[0]!)) {
      map.set(value, part(inputs[0]!, kept.get(value.inputs[0]!)!.indexOf(Number(value.attrs["index"]))));
    } else map.set(value, withInputs(value, inputs));
  }
  return mapped(graph, (value) => map.get(value)!);
}

function zeros({ shape }: TensorType): Value {
  return broadcastTo(constant(0), { shape });
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
