// TensorFlow.js on its WASM backend. Under Node it runs on one thread; it has no gradient for convolution filters there.
import { createRequire } from "node:module";
import path from "node:path";
import { BATCH, NETWORKS, startingWeights } from "../jobs.mjs";
import { serve } from "../worker.mjs";

const require = createRequire(import.meta.url);
console.log = console.warn = () => {};
const tf = require("@tensorflow/tfjs-core");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const { sequential, layers } = require("@tensorflow/tfjs-layers");

serve(async (name) => {
  if (name !== "mlp") throw new Error("tfjs-wasm cannot train a convolution: Conv2DBackpropFilter is missing from its backend");
  wasm.setWasmPaths(`${path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`);
  await tf.setBackend("wasm");
  await tf.ready();
  const model = sequential();
  NETWORKS[name].layers.forEach(({ kernel, relu }, i) => {
    model.add(layers.dense({ units: kernel[1], activation: relu ? "relu" : "softmax", ...(i === 0 && { inputShape: [kernel[0]] }) }));
  });
  model.compile({ optimizer: tf.train.rmsprop(0.001, 0.9), loss: "categoricalCrossentropy" });
  model.setWeights(startingWeights(name).map(({ data, shape }) => tf.tensor(data, shape)));
  return async (images, labels) => {
    const x = tf.tensor(images, [BATCH, 784]);
    const y = tf.tensor(labels, [BATCH, 10]);
    const loss = await model.trainOnBatch(x, y);
    x.dispose();
    y.dispose();
    return loss;
  };
});
