// What every contender's results are checked against: some elements of each output, computed in float64 by the definition.
import { forward } from "./training.mjs";

/** Unit roundoff of float32. */
const U = 2 ** -24;
const SAMPLES = 24;

/**
 * Elements of a job's outputs for these inputs: { name, index, value, tolerance } each. Corners first, the rest spread over the tensor.
 * A sum of n products, added in any order in float32, is off by no more than n · U · the sum of their sizes; a product left out or counted twice by far more.
 */
export function expectedElements(job, inputs, weights) {
  return CHECKS[job.kind](job, Object.fromEntries(inputs.map(({ name, data }) => [name, data])), weights);
}

const CHECKS = {
  matmul: ({ m, n, k, ta }, { a, b }) =>
    positions(m * n).map((index) => {
      const [i, j] = [Math.floor(index / n), index % n];
      return product("y", index, k, (s) => a[ta ? s * m + i : i * k + s] * b[s * n + j]);
    }),
  conv3x3: convolution,
  softmax: ({ shape: [rows, cols] }, { x }) =>
    positions(rows * cols).map((index) => {
      const row = rowOf(x, index, cols);
      const most = Math.max(...row);
      const value = Math.exp(x[index] - most) / row.reduce((sum, each) => sum + Math.exp(each - most), 0);
      // exp within an ulp or so, and a sum of positive numbers.
      return { name: "y", index, value, tolerance: 1e-5 * value };
    }),
  layernorm: ({ shape: [rows, cols] }, { x, gamma, beta }) =>
    positions(rows * cols).map((index) => {
      const row = rowOf(x, index, cols);
      const mean = row.reduce((sum, each) => sum + each, 0) / cols;
      const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / cols;
      const j = index % cols;
      // Values of a few units, mean and variance over 1024 of them: 2e-5 is a hundred roundings.
      return { name: "y", index, value: ((x[index] - mean) / Math.sqrt(variance + 1e-5)) * gamma[j] + beta[j], tolerance: 2e-5 };
    }),
  gelu: ({ shape: [rows, cols] }, { x }) =>
    // x up to 4 times an erf that some take from a formula good to 1.5e-7; the tanh form is off by up to 4e-4.
    positions(rows * cols).map((index) => ({ name: "y", index, value: 0.5 * x[index] * (1 + erf(x[index] * Math.SQRT1_2)), tolerance: 2e-6 })),
  chain: ({ count }, { a, b, c }) => positions(count).map((index) => ({ name: "y", index, value: Math.max(0, a[index] * b[index] + c[index]), tolerance: 4 * U })),
  // Probabilities of the first and the last image. Logits of a few units lose about 1e-6; another network is off by 1e-2.
  infer: (job, { x }, weights) =>
    [...new Set([0, job.batch - 1])].flatMap((image) => {
      const pixels = x.subarray(image * 784, (image + 1) * 784);
      return [...forward(job, weights, pixels).probabilities].map((value, i) => ({ name: "y", index: image * 10 + i, value, tolerance: 1e-5 }));
    }),
};

/** 3x3, "same", as many channels out as in; at the result, and when training at both gradients. */
function convolution({ n, h, c, k, train }, { x, w, dy }) {
  const pad = k >> 1;
  const inside = (v) => v >= 0 && v < h;
  const pixel = (image, py, px) => ((image * h + py) * h + px) * c;
  const tap = (ky, kx) => (ky * k + kx) * c * c;
  const taps = Array.from({ length: k * k }, (_, t) => [Math.floor(t / k), t % k]);
  const place = (index) => [Math.floor(index / (h * h * c)), Math.floor(index / (h * c)) % h, Math.floor(index / c) % h, index % c];
  const y = positions(n * h * h * c).map((index) => {
    const [image, py, px, o] = place(index);
    return terms("y", index, (add) => {
      for (const [ky, kx] of taps) {
        if (!inside(py + ky - pad) || !inside(px + kx - pad)) continue;
        const [from, weight] = [pixel(image, py + ky - pad, px + kx - pad), tap(ky, kx) + o];
        for (let i = 0; i < c; i++) add(x[from + i] * w[weight + i * c]);
      }
    });
  });
  if (!train) return y;
  const dx = positions(n * h * h * c).map((index) => {
    const [image, py, px, i] = place(index);
    return terms("dx", index, (add) => {
      for (const [ky, kx] of taps) {
        if (!inside(py - ky + pad) || !inside(px - kx + pad)) continue;
        const [from, weight] = [pixel(image, py - ky + pad, px - kx + pad), tap(ky, kx) + i * c];
        for (let o = 0; o < c; o++) add(dy[from + o] * w[weight + o]);
      }
    });
  });
  const dw = positions(k * k * c * c).map((index) => {
    const [ky, kx, i, o] = [Math.floor(index / (k * c * c)), Math.floor(index / (c * c)) % k, Math.floor(index / c) % c, index % c];
    return terms("dw", index, (add) => {
      for (let image = 0; image < n; image++) {
        for (let py = 0; py < h; py++) {
          for (let px = 0; px < h; px++) {
            if (inside(py + ky - pad) && inside(px + kx - pad)) add(x[pixel(image, py + ky - pad, px + kx - pad) + i] * dy[pixel(image, py, px) + o]);
          }
        }
      }
    });
  });
  return [...y, ...dx, ...dw];
}

function product(name, index, n, term) {
  return terms(name, index, (add) => {
    for (let s = 0; s < n; s++) add(term(s));
  });
}

/** A sum of products, and what float32 may make of it. */
function terms(name, index, each) {
  let [value, sizes, count] = [0, 0, 0];
  each((term) => {
    value += term;
    sizes += Math.abs(term);
    count++;
  });
  return { name, index, value, tolerance: count * U * sizes };
}

/** First, last, and some between that are no multiples of anything. */
function positions(count) {
  const list = Array.from({ length: SAMPLES }, (_, i) => Math.floor((i / (SAMPLES - 1)) * (count - 1)));
  return [...new Set(list)];
}

function rowOf(x, index, cols) {
  const row = Math.floor(index / cols);
  return x.subarray(row * cols, (row + 1) * cols);
}

/** Maclaurin's series up to 3, where its terms stay small enough; beyond, Laplace's continued fraction of erfc. */
function erf(x) {
  const z = Math.abs(x);
  if (z > 3) {
    let fraction = z;
    for (let n = 40; n > 0; n--) fraction = z + n / 2 / fraction;
    return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction);
  }
  let [sum, term] = [0, x];
  for (let n = 0; n < 80; n++, term *= (-x * x) / n) sum += term / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * sum;
}
