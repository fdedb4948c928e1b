// What can be measured: a job is a name, and the name is parsed into sizes by the rows of this table. Every contender gets the parsed job.
import { layersOf, trainingFlops } from "./networks.mjs";

/** "1024x512" → [1024, 512] */
const dims = (text) => text.split("x").map(Number);
const product = (shape) => shape.reduce((size, dim) => size * dim, 1);

/**
 * kind → how its name goes on, the tensors it takes, the work it is.
 *   parse(rest): sizes
 *   inputs: { name: [shape, low, high] }, uniform numbers        outputs: { name: shape }
 *   flops, bytes: of one call        limits: what of the machine it is held against
 */
const KINDS = {
  matmul: {
    parse: (size, layout) => {
      const [m, n, k] = dims(size);
      return { m, n, k, ta: layout === "TA" };
    },
    inputs: ({ m, n, k, ta }) => ({ a: [ta ? [k, m] : [m, k], -0.5, 0.5], b: [[k, n], -0.5, 0.5] }),
    outputs: ({ m, n }) => ({ y: [m, n] }),
    flops: ({ m, n, k }) => 2 * m * n * k,
    limits: ["gemm"],
  },
  // 3x3 filters, 64 channels to 64, 28x28 images, padding "same", NHWC. With :train forward, both gradients, given that of the result.
  conv3x3: {
    parse: (batch, train) => ({ n: Number(batch.slice(1)), h: 28, c: 64, k: 3, train: train === "train" }),
    inputs: ({ n, h, c, k, train }) => ({ x: [[n, h, h, c], -0.5, 0.5], w: [[k, k, c, c], -0.05, 0.05], ...(train && { dy: [[n, h, h, c], -0.5, 0.5] }) }),
    outputs: ({ n, h, c, k, train }) => ({ y: [n, h, h, c], ...(train && { dx: [n, h, h, c], dw: [k, k, c, c] }) }),
    flops: ({ n, h, c, k, train }) => (train ? 3 : 1) * 2 * n * h * h * c * c * k * k,
    limits: ["gemm"],
  },
  softmax: rowwise(),
  layernorm: rowwise(([, cols]) => ({ gamma: [[cols], 0.5, 1.5], beta: [[cols], -0.5, 0.5] })),
  gelu: rowwise(),
  // relu(a·b + c), 4 streams of floats.
  chain: {
    parse: (count) => ({ count: count === "1M" ? 1 << 20 : Number(count) }),
    inputs: ({ count }) => ({ a: [[count], -1, 1], b: [[count], -1, 1], c: [[count], -1, 1] }),
    outputs: ({ count }) => ({ y: [count] }),
    bytes: ({ count }) => 16 * count,
    limits: ["triad"],
  },
  infer: {
    parse: (network, batch) => ({ network, width: 512, batch: Number(batch) }),
    inputs: ({ network, batch }) => ({ x: [imageShape(network, batch), 0, 1] }),
    outputs: ({ batch }) => ({ y: [batch, 10] }),
    limits: [],
  },
  train: {
    // Sizes of one's own are for seeing how one engine grows with them; most peers would take minutes.
    parse: (network, width, batch = 128) => ({ network, width: Number(width ?? 512), batch: Number(batch), ...(width && { peers: ["torch"] }) }),
    inputs: ({ network, batch }) => ({ x: [imageShape(network, batch), "digits"], y: [[batch, 10], "labels"] }),
    outputs: () => ({}),
    flops: trainingFlops,
    limits: ["gemm"],
  },
  cold: { parse: (network) => ({ network, width: 512, batch: 1 }), inputs: ({ network }) => ({ x: [imageShape(network, 1), 0, 1] }), limits: [] },
  limit: { parse: (limit) => ({ limit }), limits: [] },
};

const LIMITS = ["limit:gemm", "limit:triad", "limit:cores"];
const MATMUL = [
  "64x64x64", "128x128x128", "256x256x256", "512x512x512", "1024x1024x1024", "2048x2048x2048",
  "128x512x784", "784x512x128:TA", "128x10x512", "1x512x784",
].map((size) => `matmul:${size}`); // prettier-ignore
const OPS = ["conv3x3:b32", "conv3x3:b32:train", "softmax:128x1000", "softmax:1024x1024", "layernorm:1024x1024", "gelu:1024x1024", "chain:1M"];
const INFER = ["infer:mlp:1", "infer:mlp:64", "infer:lenet:1", "infer:lenet:64"];
const TRAIN = ["train:mlp", "train:lenet"];
const SCALE = ["train:mlp:512:128", "train:mlp:1024:512", "train:mlp:2048:1024", "train:mlp:4096:2048"];
const COLD = ["cold:mlp"];
/** What targets.mjs asks something of. */
const ACCEPT = [
  ...MATMUL.filter((name) => !/128x128x128|256x256x256|1024x|2048x/.test(name)), "conv3x3:b32", "conv3x3:b32:train", "softmax:1024x1024", "layernorm:1024x1024", "gelu:1024x1024", "chain:1M",
  "infer:mlp:1", "infer:lenet:1", "infer:lenet:64", ...TRAIN, ...COLD, ...SCALE,
]; // prettier-ignore

export const GROUPS = {
  limits: LIMITS,
  matmul: MATMUL,
  ops: OPS,
  infer: INFER,
  train: TRAIN,
  scale: SCALE,
  cold: COLD,
  quick: ["limit:gemm", "matmul:512x512x512", "matmul:64x64x64", "conv3x3:b32", "softmax:1024x1024", "chain:1M", "infer:mlp:1", "infer:lenet:64", "train:mlp", "train:lenet", "cold:mlp"],
  accept: ACCEPT,
  all: [...LIMITS, ...MATMUL, ...OPS, ...INFER, ...TRAIN, ...SCALE, ...COLD],
};

/** A list of names and groups → jobs. Throws for a name that is none. */
export function parseJobs(list) {
  const names = list.split(",").flatMap((name) => GROUPS[name] ?? [name]);
  return [...new Set(names)].map(parseJob);
}

/** { name, kind, …sizes, layers?, inputs, outputs, flops, bytes, limits } */
export function parseJob(name) {
  const [kind, ...rest] = name.split(":");
  const row = KINDS[kind];
  const sizes = row && rest.length > 0 ? row.parse(...rest) : null;
  const isSize = (value) => typeof value !== "number" || (Number.isInteger(value) && value > 0);
  const isKnown = sizes && Object.values(sizes).flat().every(isSize) && (!sizes.network || layersOf(sizes)) && (kind !== "limit" || LIMITS.includes(name));
  if (!isKnown) {
    throw new Error(`bench: no job "${name}". Jobs are named like ${GROUPS.quick.join(", ")}; groups are ${Object.keys(GROUPS).join(", ")}.`);
  }
  const layers = sizes.network && layersOf(sizes);
  return {
    name, kind, ...sizes, layers,
    inputs: row.inputs?.(sizes) ?? {},
    outputs: row.outputs?.(sizes) ?? {},
    flops: row.flops?.({ ...sizes, layers }) ?? 0,
    bytes: row.bytes?.(sizes) ?? 0,
    limits: row.limits,
  }; // prettier-ignore
}

/** An op over the rows of a matrix; `more`: its further inputs. */
function rowwise(more = () => ({})) {
  return {
    parse: (size) => ({ shape: dims(size) }),
    inputs: ({ shape }) => ({ x: [shape, -4, 4], ...more(shape) }),
    outputs: ({ shape }) => ({ y: shape }),
    bytes: ({ shape }) => 8 * product(shape),
    limits: ["triad"],
  };
}

function imageShape(network, batch) {
  return network === "mlp" ? [batch, 784] : [batch, 28, 28, 1];
}
