// edgegrad as a contender: one compiled step, plain or relaxed SIMD.
import { BATCH, NETWORKS, startingWeights } from "./jobs.mjs";
import { serve } from "./worker.mjs";
import { init, tensor } from "../dist/index.js";
import { adam, layers, rmsprop, sequential } from "../dist/nn/index.js";

serve(async (name) => {
  await init({ numerics: process.env.NUMERICS ?? "reproducible" });
  const network = NETWORKS[name];
  const model = sequential({ layers: modelLayers(network) });
  model.compile({ optimizer: name === "mlp" ? rmsprop(0.001) : adam(0.001), loss: "categoricalCrossentropy" });
  model.setWeights(startingWeights(name).map(({ data, shape }) => tensor(data, shape)));
  return async (images, labels) => {
    const loss = await model.trainOnBatch({ data: images, shape: [BATCH, ...network.input] }, { data: labels, shape: [BATCH, 10] });
    return typeof loss === "number" ? loss : (loss.loss ?? loss[0]);
  };
});

function modelLayers(network) {
  const list = [];
  network.layers.forEach((layer, i) => {
    const inputShape = i === 0 ? { inputShape: network.input } : {};
    const units = layer.kernel[layer.kernel.length - 1];
    if (layer.kind === "conv") {
      list.push(layers.conv2d({ filters: units, kernelSize: layer.kernel[0], padding: layer.padding, activation: "relu", ...inputShape }));
      list.push(layers.maxPooling2d({ poolSize: 2 }));
    } else {
      if (network.layers[i - 1]?.kind === "conv") list.push(layers.flatten());
      list.push(layers.dense({ units, activation: layer.relu ? "relu" : "softmax", ...inputShape }));
    }
  });
  return list;
}
