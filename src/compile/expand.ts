// Expansion: the graph in its normal form. Compositions with a gradient rule of their own (batchNormalize, stopGradient) become what they
// are made of, leaves with one source become one leaf, and narrow elements are widened before they are turned or sliced.
import { isNarrow } from "../base/dtype.js";
import { rewrite, type Graph } from "../graph/graph.js";
import { INPUT, isLeaf, node, PART, STATE, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";

/** Gradients are taken before, so nothing but a composition's ops needs lowering. */
export function expand(graph: Graph): Graph {
  const leaves = new Map<object, Value>();
  return rewrite(graph, (value) => {
    if (value.op === INPUT || value.op === STATE) {
      const first = leaves.get(value.source!);
      if (first === undefined) leaves.set(value.source!, value);
      return first ?? value;
    }
    if (isLeaf(value) || value.op === PART) return value;
    return rulesOf(value).expand?.(value.inputs, value.attrs) ?? widenedFirst(value);
  });
}

/**
 * cast(view(x)) of narrow elements as view(cast(x)): tile programs read them only in a row, and nothing else reads them. Reshapes alone keep the
 * row, and stay: the cast is then part of the chain behind it.
 */
function widenedFirst(value: Value): Value {
  if (value.op.name !== "cast" || !isNarrow(value.inputs[0]!.dtype)) return value;
  const views: Value[] = [];
  let root = value.inputs[0]!;
  for (; !isLeaf(root) && rulesOf(root).view !== undefined; root = root.inputs[0]!) views.push(root);
  if (views.every(({ op }) => op.name === "reshape")) return value;
  const cast = node(value.op, [root], value.attrs, { shape: root.shape, dtype: value.dtype });
  return views.reduceRight((x, view) => node(view.op, [x], view.attrs, { shape: view.shape, dtype: x.dtype }), cast);
}
