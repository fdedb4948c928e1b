// What goes wrong inside: sigmoids that saturate, gradients that zig-zag because inputs are never negative, relus that die.
import { grad, initializers, layers, max, relu, sequential, sgd, sigmoid, tanh, tensor, variableGrads } from "edgegrad";
import { example } from "./lib/example.mjs";

const LAYERS = 12;

/** Sizes of the gradients of all kernels of a deep network on one batch, from the first layer to the last. */
async function gradientSizes(activation, kernelInitializer) {
  const x = tensor(Array.from({ length: 64 }, (_, i) => Array.from({ length: 32 }, (__, j) => Math.sin(i * 12.9898 + j * 78.233))));
  const model = sequential({
    seed: 1,
    layers: [...Array.from({ length: LAYERS }, (_, i) => layers.dense({ units: 32, activation, kernelInitializer, ...(i === 0 && { inputShape: [32] }) })), layers.dense({ units: 1 })],
  });
  const { grads } = variableGrads(() => model.apply(x).sub(1).square().mean());
  const sizes = [];
  for (const weight of model.weights.filter(({ name }) => name.endsWith("kernel")).slice(0, LAYERS)) sizes.push(Math.max(1e-12, Math.sqrt((await grads.get(weight).square().mean().data())[0])));
  return sizes;
}

export default example(
  import.meta.url,
  "Saturation, zig-zag and dead relus",
  "Three ways in which an activation function stands in the way of learning, measured.",
  async ({ page, small }) => {
    const z = Array.from({ length: 121 }, (_, i) => (i - 60) / 10);
    const slopes = async (f) => [...(await grad((x) => f(x).sum())(tensor(z)).data())].map((slope, i) => [z[i], slope]);
    const curves = { sigmoid: await slopes(sigmoid), tanh: await slopes(tanh), relu: await slopes(relu) };
    page.heading("Slopes").text("A sigmoid's slope is a quarter at most, and next to nothing beyond ±5: whatever comes back through it shrinks.").lines(curves, { x: "input", y: "slope" });

    const deep = {
      "sigmoid, Glorot": await gradientSizes("sigmoid", "glorotUniform"),
      "tanh, Glorot": await gradientSizes("tanh", "glorotUniform"),
      "relu, Glorot": await gradientSizes("relu", "glorotUniform"),
      "relu, He": await gradientSizes("relu", "heNormal"),
    };
    page.heading(`Gradients in a network of ${LAYERS} layers`).text("Root mean square of the gradient of each layer's weights, before the first step.").lines(deep, { x: "layer", y: "gradient", log: true });

    // A neuron after sigmoids sees positive inputs only: its weights' gradients all have one sign in each step, so two weights that must part go in zig-zag.
    const path = async (centred) => {
      const points = [[0.9, 0.2], [0.3, 0.8]].map((row) => row.map((x) => (centred ? 2 * x - 1 : x)));
      const targets = [1, -1];
      let w = tensor([0, 0], undefined, "float32");
      const places = [[0, 0]];
      for (let i = 0; i < (small ? 40 : 60); i++) {
        const k = i % 2;
        w = w.sub(grad((v) => v.mul(tensor(points[k], undefined, "float32")).sum().sub(targets[k]).square())(w).mul(centred ? 0.15 : 0.35));
        places.push([...(await w.data())]);
      }
      const together = places.slice(1).filter(([a, b], i) => (a - places[i][0]) * (b - places[i][1]) > 0).length / (places.length - 1);
      return { places, together };
    };
    const [positive, centred] = [await path(false), await path(true)];
    page.heading("Zig-zag").text(`With inputs that are never negative both weights move the same way in ${Math.round(100 * positive.together)} % of the steps; with centred ones in ${Math.round(100 * centred.together)} %.`);
    page.lines({ "inputs from 0 to 1": positive.places, "inputs around 0": centred.places }, { x: "w₁", y: "w₂" });

    // A large step pushes the biases of relus far below 0; what is negative for all data never learns again.
    const x = tensor(Array.from({ length: 200 }, (_, i) => [Math.sin(i), Math.cos(1.7 * i)]));
    const y = tensor(Array.from({ length: 200 }, (_, i) => [Math.sin(i) * Math.cos(1.7 * i)]));
    const dead = async (activation, learningRate) => {
      const hidden = layers.dense({ units: 64, activation, kernelInitializer: initializers.heNormal(), inputShape: [2] });
      const model = sequential({ seed: 2, layers: [hidden, layers.dense({ units: 1 })] });
      model.compile({ optimizer: sgd({ learningRate }), loss: "meanSquaredError" });
      const counts = [];
      const count = async () => {
        const alive = await max(hidden.apply(x), 0).data();
        counts.push([...alive].filter((most) => most === 0).length);
      };
      await count();
      await model.fit(x, y, { epochs: small ? 10 : 30, batchSize: 20, callbacks: { onEpochEnd: count } });
      return counts;
    };
    const deaths = {};
    for (const rate of [0.01, 0.1, 0.2]) deaths[`relu, rate ${rate}`] = await dead("relu", rate);
    page.heading("Dead relus").text("How many of 64 hidden units are 0 for every example, epoch by epoch.").lines(deaths, { y: "dead units" });
    return {
      vanishing: deep["sigmoid, Glorot"][0] / deep["sigmoid, Glorot"].at(-1),
      kept: deep["relu, He"][0] / deep["relu, He"].at(-1),
      zigzag: positive.together - centred.together,
      dead: deaths["relu, rate 0.2"].at(-1),
      deadSlow: deaths["relu, rate 0.01"].at(-1),
    };
  },
);
