// TensorFlow.js on its WASM backend. Its kernels run at once, on the calling thread; tensors lie in its memory. Under Node it has one thread.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { serve } from "../worker.mjs";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const { layers, sequential } = require("@tensorflow/tfjs-layers");

/** (inputs) => outputs, over tensors. */
const OPS = {
  matmul: ({ ta }) => ({ a, b }) => tf.matMul(a, b, ta),
  conv3x3: ({ train }) => {
    if (train) throw new Error(NO_FILTER_GRADIENT);
    return ({ x, w }) => tf.conv2d(x, w, 1, "same");
  },
  softmax: () => ({ x }) => tf.softmax(x),
  layernorm: ({ shape }) => {
    const layer = layers.layerNormalization({ axis: -1, epsilon: 1e-5 });
    layer.build(shape);
    return ({ x, gamma, beta }) => {
      layer.setWeights([gamma, beta]);
      return layer.apply(x);
    };
  },
  // No gelu among its ops: exact, by its definition.
  gelu: () => ({ x }) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  chain: () => ({ a, b, c }) => tf.relu(tf.add(tf.mul(a, b), c)),
}; // prettier-ignore
const NO_FILTER_GRADIENT = "cannot train a convolution: its backend has no Conv2DBackpropFilter";

serve(async (job, weights) => {
  wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`);
  await tf.setBackend("wasm");
  await tf.ready();
  return job.kind === "infer" ? prediction(job, weights) : job.kind === "train" ? training(job, weights) : op(job);
});

/** Inputs and result stay in its memory. */
function op(job) {
  const compute = OPS[job.kind](job);
  let [sets, y] = [[], undefined];
  return {
    load(given) {
      tf.dispose(sets);
      sets = given.map((inputs) => Object.fromEntries(Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)])));
    },
    call(i) {
      y?.dispose();
      y = tf.tidy(() => compute(sets[i]));
    },
    read: () => [{ name: "y", data: y.dataSync() }],
  };
}

function prediction(job, weights) {
  const model = modelOf(job, weights);
  let sets, result;
  return {
    load: (given) => void (sets = given),
    call(i) {
      const { data, shape } = sets[i].x;
      const y = tf.tidy(() => model.predictOnBatch(tf.tensor(data, shape)));
      result = y.dataSync();
      y.dispose();
    },
    read: () => [{ name: "y", data: result }],
  };
}

function training(job, weights) {
  if (job.network !== "mlp") throw new Error(NO_FILTER_GRADIENT);
  const model = modelOf(job, weights);
  model.compile({ optimizer: tf.train.rmsprop(0.001, 0.9, 0, 1e-7), loss: "categoricalCrossentropy" });
  let sets;
  return {
    form: "inside",
    load: (given) => void (sets = given),
    async call(i) {
      const [x, y] = ["x", "y"].map((name) => tf.tensor(sets[i][name].data, sets[i][name].shape));
      const loss = await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
      return loss;
    },
    read: () => [],
  };
}

function modelOf(job, weights) {
  const model = sequential();
  job.layers.forEach(({ kind, kernel, padding, relu }, i, all) => {
    const units = kernel[kernel.length - 1];
    const activation = relu ? "relu" : "softmax";
    const first = i === 0 && { inputShape: job.inputs.x[0].slice(1) };
    if (kind === "conv") {
      model.add(layers.conv2d({ filters: units, kernelSize: kernel[0], padding, activation, ...first }));
      model.add(layers.maxPooling2d({ poolSize: 2 }));
      return;
    }
    if (all[i - 1]?.kind === "conv") model.add(layers.flatten());
    model.add(layers.dense({ units, activation, ...first }));
  });
  model.setWeights(weights.map(({ data, shape }) => tf.tensor(data, shape)));
  return model;
}
