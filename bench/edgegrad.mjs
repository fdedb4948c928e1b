// edgegrad as a contender, by its public names only. Environment: EDGEGRAD (the index.js to measure), NUMERICS, THREADS.
import { serve } from "./worker.mjs";

const edgegrad = await import(process.env.EDGEGRAD);
const { adam, compile, init, layers, rmsprop, sequential, tensor, variable } = edgegrad;

/** name → (inputs) => outputs, over tensors. */
const OPS = {
  matmul: ({ ta }) => ({ a, b }) => ({ y: edgegrad.matmul(ta ? edgegrad.transpose(a) : a, b) }),
  conv3x3: ({ train }) => ({ x, w, dy }) => (train ? trainedConvolution(x, w, dy) : { y: convolution(x, w) }),
  softmax: () => ({ x }) => ({ y: edgegrad.softmax(x) }),
  layernorm: () => ({ x, gamma, beta }) => ({ y: edgegrad.layerNorm(x, { scale: gamma, offset: beta, epsilon: 1e-5 }) }),
  gelu: () => ({ x }) => ({ y: edgegrad.gelu(x) }),
  chain: () => ({ a, b, c }) => ({ y: edgegrad.relu(edgegrad.add(edgegrad.mul(a, b), c)) }),
}; // prettier-ignore

serve(async (job, weights) => {
  await init({ numerics: process.env.NUMERICS, threads: Number(process.env.THREADS) });
  return job.kind === "infer" ? prediction(job, weights) : job.kind === "train" ? training(job, weights) : op(job);
});

/** Inputs and results are variables, in the engine's memory; a call computes the results anew. */
function op(job) {
  const results = Object.fromEntries(Object.entries(job.outputs).map(([name, shape]) => [name, variable(zeros(shape))]));
  const names = Object.keys(job.inputs);
  const compute = OPS[job.kind](job);
  const run = compile((...inputs) => {
    const computed = compute(Object.fromEntries(names.map((name, i) => [name, inputs[i]])));
    for (const [name, result] of Object.entries(results)) result.assign(computed[name]);
    return [];
  });
  let sets = [];
  return {
    load(given) {
      if (sets.length !== given.length) sets = given.map((inputs) => names.map((name) => variable(zeros(inputs[name].shape))));
      given.forEach((inputs, i) => names.forEach((name, j) => sets[i][j].assign(tensor(inputs[name].data, inputs[name].shape))));
    },
    call: (i) => void run(...sets[i]),
    read: () => Object.entries(results).map(([name, result]) => ({ name, data: result.dataSync() })),
  };
}

/** From an array of pixels to an array of probabilities. */
function prediction(job, weights) {
  const model = modelOf(job, weights);
  const predict = compile((x) => model.apply(x), { foldStates: true });
  let sets, y;
  return {
    load: (given) => void (sets = given),
    call(i) {
      const { data, shape } = sets[i].x;
      y = predict(tensor(data, shape)).dataSync();
    },
    read: () => [{ name: "y", data: y }],
  };
}

/** A step of model.trainOnBatch, from arrays to the loss. */
function training(job, weights) {
  const model = modelOf(job, weights);
  model.compile({ optimizer: job.network === "mlp" ? rmsprop(0.001) : adam(0.001), loss: "categoricalCrossentropy" });
  let sets;
  return {
    form: "inside",
    load: (given) => void (sets = given.map(({ x, y }) => ({ x: { data: x.data, shape: x.shape }, y: { data: y.data, shape: y.shape } }))),
    call: async (i) => (await model.trainOnBatch(sets[i].x, sets[i].y)).loss,
    read: () => [],
  };
}

function modelOf(job, weights) {
  const list = job.layers.flatMap(({ kind, kernel, padding, relu }, i, all) => {
    const units = kernel[kernel.length - 1];
    const activation = relu ? "relu" : "softmax";
    const first = i === 0 && { inputShape: job.inputs.x[0].slice(1) };
    if (kind === "conv") return [layers.conv2d({ filters: units, kernelSize: kernel[0], padding, activation, ...first }), layers.maxPooling2d({ poolSize: 2 })];
    return [...(all[i - 1]?.kind === "conv" ? [layers.flatten()] : []), layers.dense({ units, activation, ...first })];
  });
  const model = sequential({ layers: list });
  model.setWeights(weights.map(({ data, shape }) => tensor(data, shape)));
  return model;
}

function convolution(x, w) {
  return edgegrad.conv2d(x, w, { strides: 1, padding: "same" });
}

function trainedConvolution(x, w, dy) {
  const [dx, dw] = edgegrad.grads((x, w) => edgegrad.sum(edgegrad.mul(convolution(x, w), dy)))(x, w);
  return { y: convolution(x, w), dx, dw };
}

function zeros(shape) {
  return tensor(new Float32Array(shape.reduce((size, dim) => size * dim, 1)), shape);
}
