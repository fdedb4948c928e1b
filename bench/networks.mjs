// The two networks: their layers, the weights they start from, the work of a training step.
import { uniform } from "./data.mjs";

const SAME = "same";
const VALID = "valid";

/** Layers of a network. Kernels: [in, out], or [height, width, in, out] and the side of their image; each convolution is followed by a 2x2 max pooling. */
export function layersOf({ network, width }) {
  return {
    mlp: [
      { kind: "dense", kernel: [784, width], relu: true },
      { kind: "dense", kernel: [width, 10], relu: false },
    ],
    lenet: [
      { kind: "conv", kernel: [5, 5, 1, 6], padding: SAME, side: 28, relu: true },
      { kind: "conv", kernel: [5, 5, 6, 16], padding: VALID, side: 14, relu: true },
      { kind: "dense", kernel: [400, 120], relu: true },
      { kind: "dense", kernel: [120, 84], relu: true },
      { kind: "dense", kernel: [84, 10], relu: false },
    ],
  }[network];
}

/** Kernel and bias of every layer, in order: { name, shape, data }. Biases are not zero, so that one who forgets them is found out. */
export function startingWeights(job) {
  return job.layers.flatMap(({ kernel }, i) => {
    const out = kernel[kernel.length - 1];
    const fanIn = kernel.slice(0, -1).reduce((size, dim) => size * dim, 1);
    const limit = Math.sqrt(3 / fanIn);
    return [
      { name: `k${i}`, shape: kernel, data: uniform(fanIn * out, 2 * i + 1, -limit, limit) },
      { name: `b${i}`, shape: [out], data: uniform(out, 2 * i + 2, -0.1, 0.1) },
    ];
  });
}

/** Multiplications and additions of forward pass and both gradients; the first layer needs no gradient of its input. */
export function trainingFlops(job) {
  return job.layers.reduce((sum, { kind, kernel, padding, side }, i) => {
    const pixels = kind === "conv" ? (padding === SAME ? side : side - kernel[0] + 1) ** 2 : 1;
    const forward = 2 * job.batch * pixels * kernel.reduce((size, dim) => size * dim, 1);
    return sum + forward * (i === 0 ? 2 : 3);
  }, 0);
}

/** Side of a convolution's result, before its pooling. */
export function outputSide({ padding, side, kernel }) {
  return padding === SAME ? side : side - kernel[0] + 1;
}

/**
 * The same weights for engines whose images are [channels, height, width]: kernels [out, in, height, width], and the first dense kernel with its rows in
 * that order of channels and pixels.
 */
export function channelsFirst(job, weights) {
  const { layers } = job;
  return weights.map((weight, i) => {
    const { kind } = layers[i >> 1];
    if (i % 2 === 1) return weight;
    if (kind === "conv") return { ...weight, shape: permuted(weight.shape, [3, 2, 0, 1]), data: permute(weight.data, weight.shape, [3, 2, 0, 1]) };
    const before = layers[(i >> 1) - 1];
    if (before?.kind !== "conv") return weight;
    const channels = before.kernel[3];
    const [rows, cols] = weight.shape;
    return { ...weight, data: permute(weight.data, [rows / channels, channels, cols], [1, 0, 2]) };
  });
}

/** The data of a tensor with its axes in another order: axis i of the result is axis order[i]. */
export function permute(data, shape, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, dim) => size * dim, 1));
  const out = new Float32Array(data.length);
  const sizes = permuted(shape, order);
  const steps = permuted(strides, order);
  let next = 0;
  const walk = (axis, at) => {
    if (axis === sizes.length) out[next++] = data[at];
    else for (let i = 0; i < sizes[axis]; i++) walk(axis + 1, at + i * steps[axis]);
  };
  walk(0, 0);
  return out;
}

function permuted(list, order) {
  return order.map((axis) => list[axis]);
}
