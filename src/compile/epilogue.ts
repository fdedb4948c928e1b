// Epilogues: bias, relu and relu's gradient move into the store of the matmul or convolution they follow, when nobody else reads its bare result.
import { sameShape } from "../base/shape.js";
import { countUses, rewrite, type Graph } from "../graph/graph.js";
import { CONSTANT, node, type Value } from "../graph/value.js";
import { rootOf } from "../ops/op.js";

const PRODUCERS = new Set(["matmul", "conv2d"]);

export function epilogue(graph: Graph): Graph {
  const uses = countUses(graph);
  // Uses are counted on the original nodes; a rewritten producer keeps the count of the node it stands for.
  const count = new Map<Value, number>();
  return rewrite(graph, (value, original) => {
    const fused = withBias(value, count) ?? withRelu(value, count) ?? withMask(value, count) ?? value;
    count.set(fused, uses.get(original) ?? 0);
    return fused;
  });
}

function withBias(value: Value, count: ReadonlyMap<Value, number>): Value | null {
  if (value.op.name !== "add") return null;
  for (const [product, bias] of [value.inputs, [...value.inputs].reverse()] as [Value, Value][]) {
    const channels = product.shape[product.shape.length - 1];
    if (!PRODUCERS.has(product.op.name) || product.inputs.length !== 2 || isFinished(product)) continue;
    if (count.get(product) !== 1 || bias.shape.length !== 1 || bias.shape[0] !== channels || bias.op === CONSTANT) continue;
    if (value.shape.length !== product.shape.length) continue;
    return node(product.op, [...product.inputs, bias], product.attrs, product);
  }
  return null;
}

function withRelu(value: Value, count: ReadonlyMap<Value, number>): Value | null {
  const product = value.inputs[0];
  if (value.op.name !== "relu" || product === undefined || !PRODUCERS.has(product.op.name)) return null;
  if (count.get(product) !== 1 || isFinished(product)) return null;
  return node(product.op, product.inputs, { ...product.attrs, activation: "relu" }, product);
}

/** reluGrad(product, y): the product is stored where y > 0, else 0. */
function withMask(value: Value, count: ReadonlyMap<Value, number>): Value | null {
  const [product, y] = value.inputs;
  if (value.op.name !== "reluGrad" || product?.op.name !== "matmul" || y === undefined) return null;
  if (count.get(product) !== 1 || isFinished(product) || !sameShape(product.shape, value.shape) || !sameShape(y.shape, value.shape)) return null;
  // The kernel reads the mask as it writes its result, element by element in a row: no view, no constant.
  if (y.op === CONSTANT || rootOf(y) !== y) return null;
  return node(product.op, [...product.inputs, y], { ...product.attrs, masked: true }, product);
}

/** Nothing may follow what an activation or a mask has changed. */
function isFinished(product: Value): boolean {
  return product.attrs["activation"] === "relu" || product.attrs["masked"] === true;
}
