// jax-js on its WASM backend: one jitted step with forward, backward and update. One thread under Node.
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { BATCH, NETWORKS, startingWeights } from "../jobs.mjs";
import { serve } from "../worker.mjs";

const RATE = 0.001;
const array = ({ data, shape }) => np.array(data).reshape(shape);

serve(async (name) => {
  await init("wasm");
  defaultDevice("wasm");
  let weights = Object.fromEntries(channelsFirst(name).map((weight, i) => [`w${i}`, array(weight)]));
  const forward = name === "mlp" ? mlp : lenet;
  const loss = (p, x, y) => nn.logSoftmax(forward(p, x), -1).mul(y).sum().mul(-1 / BATCH);
  const zeros = () => Object.fromEntries(Object.entries(weights).map(([key, w]) => [key, np.zeros(w.shape)]));
  let state = name === "mlp" ? zeros() : { m: zeros(), v: zeros() };
  const update = jit(name === "mlp" ? rmsprop(loss) : adam(loss));
  let t = 0;
  return async (images, labels) => {
    t++;
    const x = np.array(images).reshape(name === "mlp" ? [BATCH, 784] : [BATCH, 1, 28, 28]);
    const y = np.array(labels).reshape([BATCH, 10]);
    const alpha = np.array((RATE * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t));
    const [nextWeights, nextState, value] = update(weights, state, x, y, alpha);
    weights = nextWeights;
    state = nextState;
    return (await value.data())[0];
  };
});

function mlp(p, x) {
  const h = nn.relu(np.dot(x, p.w0).add(p.w1));
  return np.dot(h, p.w2).add(p.w3);
}

function lenet(p, x) {
  let h = pool(nn.relu(lax.convGeneralDilated(x, p.w0, [1, 1], "SAME").add(p.w1)));
  h = pool(nn.relu(lax.convGeneralDilated(h, p.w2, [1, 1], "VALID").add(p.w3))).reshape([BATCH, 400]);
  h = nn.relu(np.dot(h, p.w4).add(p.w5));
  h = nn.relu(np.dot(h, p.w6).add(p.w7));
  return np.dot(h, p.w8).add(p.w9);
}

function pool(x) {
  const [n, c, h, w] = x.shape;
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
}

/** v ← 0.9 v + 0.1 g²; p ← p − lr · g / √(v + ε), as TensorFlow.js. */
function rmsprop(loss) {
  return (p, s, x, y, alpha) => {
    alpha.dispose();
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, y);
    const weights = {}, state = {};
    for (const key of Object.keys(p)) {
      const v = s[key].mul(0.9).add(np.square(grads[key].ref).mul(0.1));
      weights[key] = p[key].sub(grads[key].mul(RATE).div(np.sqrt(v.ref.add(1e-7))));
      state[key] = v;
    }
    return [weights, state, value];
  };
}

/** p ← p − alpha · m / (√v + ε), the correction of the bias in alpha. */
function adam(loss) {
  return (p, s, x, y, alpha) => {
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, y);
    const weights = {}, m = {}, v = {};
    for (const key of Object.keys(p)) {
      m[key] = s.m[key].mul(0.9).add(grads[key].ref.mul(0.1));
      v[key] = s.v[key].mul(0.999).add(np.square(grads[key]).mul(0.001));
      weights[key] = p[key].sub(m[key].ref.mul(alpha.ref).div(np.sqrt(v[key].ref).add(1e-7)));
    }
    alpha.dispose();
    return [weights, { m, v }, value];
  };
}

/** Kernels [out, in, height, width], biases that broadcast over pixels, and the first dense kernel with its rows in channel order. */
function channelsFirst(name) {
  const weights = startingWeights(name);
  if (name === "mlp") return weights;
  const { layers } = NETWORKS[name];
  return weights.map(({ shape, data }, i) => {
    const isConv = layers[i >> 1].kind === "conv";
    if (isConv && i % 2 === 1) return { shape: [shape[0], 1, 1], data };
    if (isConv) {
      const [h, w, c, o] = shape;
      const out = new Float32Array(data.length);
      for (let a = 0; a < h * w; a++) for (let b = 0; b < c; b++) for (let d = 0; d < o; d++) out[(d * c + b) * h * w + a] = data[(a * c + b) * o + d];
      return { shape: [o, c, h, w], data: out };
    }
    if (i !== 4) return { shape, data };
    const out = new Float32Array(data.length);
    for (let pixel = 0; pixel < 25; pixel++) for (let c = 0; c < 16; c++) out.set(data.subarray((pixel * 16 + c) * 120, (pixel * 16 + c + 1) * 120), (c * 25 + pixel) * 120);
    return { shape, data: out };
  });
}
