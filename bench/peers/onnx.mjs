// Writes the jobs as ONNX models, for the engines that run nothing else: just the messages of the format that such models need.
import { channelsFirst } from "../networks.mjs";

const OPSET = 20;
const FLOAT = 1;
const text = new TextEncoder();

/** The model of a job; images are [batch, channels, height, width]. */
export function onnxModel(job, weights = []) {
  const { nodes, initializers = [] } = GRAPHS[job.kind](job, weights);
  const inputs = Object.keys(job.inputs);
  const graph = [
    ...nodes.map((node) => bytes(1, node)),
    bytes(2, "job"),
    ...initializers.map((tensor) => bytes(5, tensor)),
    ...inputs.map((name) => bytes(11, valueInfo(name))),
    bytes(12, valueInfo("y")),
  ];
  return concat([varint(1, 9), bytes(7, concat(graph)), bytes(8, concat([bytes(1, ""), varint(2, OPSET)]))]);
}

const GRAPHS = {
  matmul: ({ ta }) => ({ nodes: [ta ? node("Gemm", ["a", "b"], "y", { transA: 1 }) : node("MatMul", ["a", "b"], "y")] }),
  conv3x3: ({ k }) => ({ nodes: [node("Conv", ["x", "w"], "y", { kernel_shape: [k, k], pads: Array(4).fill(k >> 1) })] }),
  softmax: () => ({ nodes: [node("Softmax", ["x"], "y", { axis: -1 })] }),
  // Its epsilon is 1e-5 if nothing is said.
  layernorm: () => ({ nodes: [node("LayerNormalization", ["x", "gamma", "beta"], "y", { axis: -1 })] }),
  gelu: () => ({ nodes: [node("Gelu", ["x"], "y")] }),
  chain: () => ({ nodes: [node("Mul", ["a", "b"], "product"), node("Add", ["product", "c"], "sum"), node("Relu", ["sum"], "y")] }),
  infer: network,
  cold: network,
};

function network(job, weights) {
  const nodes = [];
  let [last, next] = ["x", 0];
  const add = (type, inputs, attributes) => {
    nodes.push(node(type, [last, ...inputs], `v${next}`, attributes));
    last = `v${next++}`;
  };
  job.layers.forEach(({ kind, kernel, padding, relu }, i, all) => {
    const [side] = kernel;
    if (kind === "conv") add("Conv", [`k${i}`, `b${i}`], { kernel_shape: [side, side], pads: Array(4).fill(padding === "same" ? side >> 1 : 0) });
    else {
      if (all[i - 1]?.kind === "conv") add("Flatten", []);
      add("Gemm", [`k${i}`, `b${i}`]);
    }
    if (relu) add("Relu", []);
    if (kind === "conv") add("MaxPool", [], { kernel_shape: [2, 2], strides: [2, 2] });
  });
  nodes.push(node("Softmax", [last], "y", { axis: -1 }));
  return { nodes, initializers: channelsFirst(job, weights).map(tensor) };
}

function node(type, inputs, output, attributes = {}) {
  return concat([...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(4, type), ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value)))]);
}

/** A whole number or a list of them. */
function attribute(name, value) {
  return Array.isArray(value) ? concat([bytes(1, name), ...value.map((each) => varint(8, each)), varint(20, 7)]) : concat([bytes(1, name), varint(3, value), varint(20, 2)]);
}

function tensor({ name, shape, data }) {
  return concat([...shape.map((dim) => varint(1, dim)), varint(2, FLOAT), bytes(8, name), bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]);
}

/** A float tensor of any shape. */
function valueInfo(name) {
  return concat([bytes(1, name), bytes(2, bytes(1, varint(1, FLOAT)))]);
}

/** A field of protocol buffers: a whole number, negative ones in 64 bits. */
function varint(field, value) {
  return Uint8Array.from([...digits(BigInt(field << 3)), ...digits(BigInt.asUintN(64, BigInt(value)))]);
}

/** A field of protocol buffers: bytes, text or a message. */
function bytes(field, value) {
  const content = typeof value === "string" ? text.encode(value) : value;
  return concat([Uint8Array.from([...digits(BigInt((field << 3) | 2)), ...digits(BigInt(content.length))]), content]);
}

function digits(value) {
  const out = [];
  for (; value > 127n; value >>= 7n) out.push(Number(value & 127n) | 128);
  return [...out, Number(value)];
}

function concat(parts) {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
