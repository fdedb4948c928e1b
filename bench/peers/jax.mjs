// jax-js on its WASM backend. It is lazy: a call ends when the result says that it is ready. Under Node it has one thread.
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { channelsFirst, permute } from "../networks.mjs";
import { serve } from "../worker.mjs";

const RATE = 0.001;
/** To its order of axes, and from there. */
const IMAGES = [0, 3, 1, 2];
const FILTERS = [3, 2, 0, 1];
const BACK = { y: [0, 2, 3, 1], dx: [0, 2, 3, 1], dw: [2, 3, 1, 0] };

/** (inputs) => outputs by name, over arrays; each use of an array but the last takes a reference. */
const OPS = {
  matmul: ({ ta }) => ({ a, b }) => ({ y: np.matmul(ta ? np.transpose(a) : a, b) }),
  conv3x3: ({ train }) => train ? trainedConvolution : ({ x, w }) => ({ y: convolution(x, w) }),
  softmax: () => ({ x }) => ({ y: nn.softmax(x, -1) }),
  layernorm: () => ({ x, gamma, beta }) => ({ y: nn.standardize(x, -1, { epsilon: 1e-5 }).mul(gamma).add(beta) }),
  gelu: () => ({ x }) => ({ y: nn.gelu(x, { approximate: false }) }),
  chain: () => ({ a, b, c }) => ({ y: nn.relu(a.mul(b).add(c)) }),
}; // prettier-ignore

serve(async (job, weights) => {
  await init("wasm");
  defaultDevice("wasm");
  return job.kind === "infer" ? prediction(job, weights) : job.kind === "train" ? training(job, weights) : op(job);
});

function op(job) {
  const run = jit(OPS[job.kind](job));
  let [sets, result] = [[], null];
  return {
    load(given) {
      tree.dispose(sets);
      sets = given.map((inputs) => Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, arrayOf(name, tensor)])));
    },
    async call(i) {
      if (result) tree.dispose(result);
      result = run(tree.ref(sets[i]));
      await blockUntilReady(result);
    },
    async read() {
      const list = [];
      for (const [name, array] of Object.entries(result)) {
        const { shape } = array;
        const data = await array.ref.data();
        list.push({ name, data: shape.length === 4 ? permute(data, shape, BACK[name]) : data });
      }
      return list;
    },
  };
}

function prediction(job, weights) {
  const parameters = parametersOf(job, weights);
  const predict = jit((p, x) => nn.softmax(network(job)(p, x), -1));
  let sets, y;
  return {
    load: (given) => void (sets = given.map(({ x }) => ordered(x))),
    async call(i) {
      y = await predict(tree.ref(parameters), array(sets[i])).data();
    },
    read: () => [{ name: "y", data: y }],
  };
}

/** A jitted step: forward, backward, update. The loss comes last. */
function training(job, weights) {
  let p = parametersOf(job, weights);
  const loss = (p, x, y) => nn.logSoftmax(network(job)(p, x), -1).mul(y).sum().mul(-1 / job.batch);
  const zeros = () => Object.fromEntries(Object.entries(p).map(([key, w]) => [key, np.zeros(w.shape)]));
  let state = job.network === "mlp" ? zeros() : { m: zeros(), v: zeros() };
  const update = jit(job.network === "mlp" ? rmsprop(loss) : adam(loss));
  let [sets, t] = [undefined, 0];
  return {
    form: "inside",
    load: (given) => void (sets = given.map(({ x, y }) => ({ x: ordered(x), y }))),
    async call(i) {
      t++;
      const rate = np.array((RATE * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t));
      let value;
      [p, state, value] = update(p, state, array(sets[i].x), array(sets[i].y), rate);
      const [result] = await value.data();
      await blockUntilReady(p);
      return result;
    },
    read: () => [],
  };
}

function network(job) {
  const { layers } = job;
  return (p, x) =>
    layers.reduce((h, { kind, padding, relu, kernel }, i) => {
      if (kind === "conv") return pool(nn.relu(lax.convGeneralDilated(h, p[`k${i}`], [1, 1], padding.toUpperCase()).add(p[`b${i}`])));
      const rows = h.shape.length === 4 ? h.reshape([h.shape[0], kernel[0]]) : h;
      const out = np.dot(rows, p[`k${i}`]).add(p[`b${i}`]);
      return relu ? nn.relu(out) : out;
    }, x);
}

function pool(x) {
  const [n, c, h, w] = x.shape;
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
}

/** v ← 0.9 v + 0.1 g²; p ← p − rate · g / √(v + ε) */
function rmsprop(loss) {
  return (p, s, x, y, rate) => {
    rate.dispose();
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, y);
    const [next, state] = [{}, {}];
    for (const key of Object.keys(p)) {
      const v = s[key].mul(0.9).add(np.square(grads[key].ref).mul(0.1));
      next[key] = p[key].sub(grads[key].mul(RATE).div(np.sqrt(v.ref.add(1e-7))));
      state[key] = v;
    }
    return [next, state, value];
  };
}

/** p ← p − rate · m / (√v + ε), the correction of the bias in rate. */
function adam(loss) {
  return (p, s, x, y, rate) => {
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, y);
    const [next, m, v] = [{}, {}, {}];
    for (const key of Object.keys(p)) {
      m[key] = s.m[key].mul(0.9).add(grads[key].ref.mul(0.1));
      v[key] = s.v[key].mul(0.999).add(np.square(grads[key]).mul(0.001));
      next[key] = p[key].sub(m[key].ref.mul(rate.ref).div(np.sqrt(v[key].ref).add(1e-7)));
    }
    rate.dispose();
    return [next, { m, v }, value];
  };
}

function convolution(x, w) {
  return lax.convGeneralDilated(x, w, [1, 1], "SAME");
}

function trainedConvolution({ x, w, dy }) {
  const weighted = (x, w) => {
    const y = convolution(x, w);
    return [y.ref.mul(dy).sum(), y];
  };
  const [[value, y], [dx, dw]] = valueAndGrad(weighted, { argnums: [0, 1], hasAux: true })(x, w);
  value.dispose();
  return { y, dx, dw };
}

/** Biases of convolutions broadcast over pixels. */
function parametersOf(job, weights) {
  const { layers } = job;
  return Object.fromEntries(channelsFirst(job, weights).map((weight, i) => [weight.name, array(i % 2 === 1 && layers[i >> 1].kind === "conv" ? { ...weight, shape: [...weight.shape, 1, 1] } : weight)]));
}

function arrayOf(name, tensor) {
  return array(ordered(tensor, name === "w" ? FILTERS : IMAGES));
}

function ordered({ data, shape }, order = IMAGES) {
  return shape.length < 4 ? { data, shape } : { data: permute(data, shape, order), shape: order.map((axis) => shape[axis]) };
}

function array({ data, shape }) {
  return np.array(data).reshape(shape);
}
