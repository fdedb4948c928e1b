// The training jobs: networks, their starting weights and their batches, the same numbers for every contender.

export const BATCH = 128;

/** Numbers in [-0.5, 0.5) from a linear congruence: the same in every process. */
export function numbers(count, seed) {
  const out = new Float32Array(count);
  let state = Math.imul(seed, 2654435761) >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = state / 4294967296 - 0.5;
  }
  return out;
}

const scaled = (count, seed, factor) => numbers(count, seed).map((x) => x * factor);

/** Weights in the order kernel, bias of each layer; kernels [in, out] or [height, width, in, out]. */
export const NETWORKS = {
  mlp: {
    input: [784],
    layers: [
      { kind: "dense", kernel: [784, 512], relu: true },
      { kind: "dense", kernel: [512, 10], relu: false },
    ],
  },
  lenet: {
    input: [28, 28, 1],
    layers: [
      { kind: "conv", kernel: [5, 5, 1, 6], padding: "same" },
      { kind: "conv", kernel: [5, 5, 6, 16], padding: "valid" },
      { kind: "dense", kernel: [400, 120], relu: true },
      { kind: "dense", kernel: [120, 84], relu: true },
      { kind: "dense", kernel: [84, 10], relu: false },
    ],
  },
};

export function startingWeights(name) {
  return NETWORKS[name].layers.flatMap(({ kernel }, i) => {
    const count = kernel.reduce((size, dim) => size * dim, 1);
    const fanIn = count / kernel[kernel.length - 1];
    return [
      { shape: kernel, data: scaled(count, i + 1, 2 * Math.sqrt(3 / fanIn)) },
      { shape: [kernel[kernel.length - 1]], data: new Float32Array(kernel[kernel.length - 1]) },
    ];
  });
}

/** Batch number `step`: images that depend on it, and labels that follow from the images' brightest band, so that there is something to learn. */
export function batch(step) {
  const images = numbers(BATCH * 784, 1000 + step).map((x) => (x + 0.5) * 0.2);
  const labels = new Float32Array(BATCH * 10);
  for (let i = 0; i < BATCH; i++) {
    const digit = (i * 7 + step * 3) % 10;
    labels[i * 10 + digit] = 1;
    images.fill(0.9, i * 784 + digit * 56, i * 784 + digit * 56 + 56);
  }
  return { images, labels };
}
