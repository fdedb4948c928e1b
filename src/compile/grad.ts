// Reverse-mode gradients: from a graph, the graph of its gradient. Each op's rule says how dy flows to its inputs; this file walks and adds up.
import { isFloat } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import { topological } from "../graph/graph.js";
import { constant, isLeaf, onDeviceNodes, part, PART, type Value } from "../graph/value.js";
import { add } from "../ops/add.js";
import { rulesOf } from "../ops/op.js";
import { reshape } from "../ops/reshape.js";
import { sum } from "../ops/sum.js";

/**
 * Gradient of y for each of `xs`: Σ dy · ∂y/∂x, in x's shape; null where none flows. dy is 1 when absent, and y then a scalar.
 * Nodes with ids below `since` are constants, whatever they were made from; an x among them is still one.
 * Gradients are ordinary values, so gradients of gradients work. Throws ValueError, naming the op, where a float op on the way has no rule.
 */
export function gradients(y: Value, xs: readonly Value[], dy?: Value, since = 0): (Value | null)[] {
  if (dy === undefined && y.shape.length > 0) {
    throw new ShapeError(`gradient: y must be a scalar, got ${showShape(y.shape)}. Reduce it (sum, mean), or give dy.`);
  }
  if (dy !== undefined && !sameShape(dy.shape, y.shape)) {
    throw new ShapeError(`gradient: dy must have the shape of y, ${showShape(y.shape)}, got ${showShape(dy.shape)}.`);
  }
  return pullBack([[y, dy ?? constant(1, "float32", [])]], xs, since);
}

/** The same for several ys, each with its gradient dy in its shape: Σ over all of them. */
export function pullBack(seeds: readonly (readonly [y: Value, dy: Value])[], xs: readonly Value[], since = 0): (Value | null)[] {
  const isConstant = (value: Value): boolean => value.id < since;
  const order = topological(seeds.map(([y]) => y), isConstant);
  const wanted = new Set(xs);
  // Values that depend on an x: only those carry a gradient.
  const active = new Set<Value>();
  for (const value of order) if (wanted.has(value) || value.inputs.some((input) => active.has(input))) active.add(value);

  const grads = new Map<Value, Value>();
  // Of ops with several results: the gradient of each, and the node that picks it.
  const tuples = new Map<Value, { readonly dys: (Value | null)[]; readonly ys: Value[] }>();
  for (const [y, dy] of seeds) {
    const known = grads.get(y);
    if (active.has(y)) grads.set(y, known ? add(known, dy) : dy);
  }
  for (let i = order.length - 1; i >= 0; i--) {
    const value = order[i]!;
    const flow = grads.get(value);
    if (isLeaf(value) || isConstant(value)) continue;
    if (value.op === PART) {
      if (flow !== undefined) intoTuple(tuples, value, flow);
      continue;
    }
    const flows = tuples.get(value);
    if (flow === undefined && flows === undefined) continue;
    // What goes forward on a device goes backward there.
    const results = onDeviceNodes(value.device, () => (flows ? tupleGradients(value, flows.dys, flows.ys) : inputGradients(value, flow!)));
    results.forEach((grad, k) => {
      const input = value.inputs[k]!;
      if (grad === null || !active.has(input) || !isFloat(input.dtype)) return;
      const fitted = sumTo(grad, input);
      const known = grads.get(input);
      grads.set(input, known ? add(known, fitted) : fitted);
    });
  }
  return xs.map((x) => grads.get(x) ?? null);
}

function inputGradients(value: Value, dy: Value): readonly (Value | null)[] {
  const rules = rulesOf(value);
  if (rules.vjp !== undefined) return rules.vjp(dy, value, value.inputs, value.attrs);
  if (!isFloat(value.dtype)) return [];
  throw new ValueError(`gradient: ${value.op.name} ${showShape(value.shape)} has none: ${rules.noGradient ?? "no rule is known"}.`);
}

/** Notes the gradient of one result, picked by `value`. Equal picks are added up. */
function intoTuple(tuples: Map<Value, { readonly dys: (Value | null)[]; readonly ys: Value[] }>, value: Value, dy: Value): void {
  const tuple = value.inputs[0]!;
  let flows = tuples.get(tuple);
  if (flows === undefined) tuples.set(tuple, (flows = { dys: tuple.parts!.map(() => null), ys: tuple.parts!.map((_, k) => part(tuple, k)) }));
  const index = Number(value.attrs["index"]);
  const known = flows.dys[index];
  flows.dys[index] = known ? add(known, dy) : dy;
}

function tupleGradients(value: Value, dys: readonly (Value | null)[], ys: readonly Value[]): readonly (Value | null)[] {
  const rules = rulesOf(value);
  if (rules.vjpParts !== undefined) return rules.vjpParts(dys, ys, value.inputs, value.attrs);
  throw new ValueError(`gradient: ${value.op.name} has none: ${rules.noGradient ?? "no rule is known"}.`);
}

/** Adds up a gradient over the axes along which its input was repeated. */
function sumTo(grad: Value, input: Value): Value {
  if (sameShape(grad.shape, input.shape)) return grad;
  const lead = grad.shape.length - input.shape.length;
  const axes = grad.shape.flatMap((dim, i) => (i < lead || (input.shape[i - lead] === 1 && dim !== 1) ? [i] : []));
  return reshape(axes.length > 0 ? sum(grad, { axes }) : grad, { shape: input.shape });
}
