// Sinking: between a transpose and one that undoes it, elementwise ops compute in the order behind both. So the two meet and vanish, and bias and
// activation go into the store of the product: channels-first networks run channels-last. A transpose that nothing undoes stays where it is.
import { sameShape, type Shape } from "../base/shape.js";
import { nodesOf, rewrite, type Graph } from "../graph/graph.js";
import { CONSTANT, constant, constantValue, isLeaf, node, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import { reshape } from "../ops/reshape.js";
import { transpose } from "../ops/transpose.js";

export function sink(graph: Graph): Graph {
  const undone = undoneBy(graph);
  return rewrite(graph, (value, original) => sunk(value, undone.get(original)) ?? value);
}

/** The permutations, as text, that some reader of a value undoes: a transpose, or elementwise ops with such a reader. */
function undoneBy(graph: Graph): Map<Value, Set<string>> {
  const undone = new Map<Value, Set<string>>();
  const add = (value: Value, perms: Iterable<string>): void => {
    const known = undone.get(value) ?? new Set();
    for (const perm of perms) known.add(perm);
    undone.set(value, known);
  };
  for (const value of nodesOf(graph).reverse()) {
    if (value.op.name === "transpose") {
      const perm = permOf(value);
      add(value.inputs[0]!, [perm.map((_, axis) => perm.indexOf(axis)).join()]);
    } else if (isElementwise(value) && undone.has(value)) {
      for (const input of value.inputs) if (sameShape(input.shape, value.shape)) add(input, undone.get(value)!);
    }
  }
  return undone;
}

/** transpose(op(…)) for op(transpose(…), …), where a reader undoes it. */
function sunk(value: Value, undone: ReadonlySet<string> | undefined): Value | null {
  if (undone === undefined || !isElementwise(value)) return null;
  const turned = value.inputs.find((input) => input.op.name === "transpose" && sameShape(input.shape, value.shape) && undone.has(permOf(input).join()));
  if (turned === undefined) return null;
  const perm = permOf(turned);
  const straight = value.inputs.flatMap((input) => straightened(input, perm, value.shape) ?? []);
  if (straight.length < value.inputs.length) return null;
  const options = value.device === undefined ? {} : { device: value.device };
  return transpose(node(value.op, straight, value.attrs, { shape: turned.inputs[0]!.shape, dtype: value.dtype }, options), { perm });
}

/** What stands for an operand of a result of `shape` before its axes are permuted; null where that would take a transpose. */
function straightened(input: Value, perm: readonly number[], shape: Shape): Value | null {
  if (input.op === CONSTANT) return constant(constantValue(input), input.dtype);
  if (input.op.name === "transpose" && sameShape(input.shape, shape)) return permOf(input).join() === perm.join() ? input.inputs[0]! : null;
  const missing = shape.length - input.shape.length;
  const long = input.shape.flatMap((dim, i) => (dim === 1 ? [] : [i]));
  if (long.length > 1) return null;
  if (long.length === 0) return reshape(input, { shape: [] });
  // A row along one axis lies along the axis that this one came from.
  const axis = perm[long[0]! + missing]!;
  return reshape(input, { shape: [input.shape[long[0]!]!, ...new Array<number>(perm.length - 1 - axis).fill(1)] });
}

function isElementwise(value: Value): boolean {
  return !isLeaf(value) && value.parts === undefined && "shape" in value.op && rulesOf(value).micro !== undefined;
}

function permOf(value: Value): readonly number[] {
  return value.attrs["perm"] as readonly number[];
}
