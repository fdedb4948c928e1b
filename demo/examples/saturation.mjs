// What goes wrong inside: sigmoids that saturate, gradients that zig-zag because inputs are never negative, relus that die.
import { grad, initializers, layers, max, relu, sequential, sgd, sigmoid, tanh, tensor, variableGrads } from "edgegrad";
import { example } from "./lib/example.mjs";

const LAYERS = 12;

/** Sizes of the gradients of all kernels of a deep network on one batch, from the first layer to the last. */
async function gradientSizes(activation, kernelInitializer) {
  const x = tensor(Array.from({ length: 64 }, (_, i) => Array.from({ length: 32 }, (__, j) => Math.sin(i * 12.9898 + j * 78.233))));
  const deep = Array.from({ length: LAYERS }, (_, i) => layers.dense({ units: 32, activation, kernelInitializer, ...(i === 0 && { inputShape: [32] }) }));
  const model = sequential({ seed: 1, layers: [...deep, layers.dense({ units: 1 })] });
  const { grads } = variableGrads(() => model.apply(x).sub(1).square().mean());
  const sizes = [];
  for (const { weights: [kernel] } of deep) sizes.push(Math.max(1e-12, (await grads.get(kernel).square().mean().sqrt().data())[0]));
  return sizes;
}

/** Two weights that learn two examples in turn, by hand: where they go, how wrong they are, and in how many steps both moved the same way. */
async function walk(points, rate, steps) {
  const targets = [1, -1];
  let w = tensor([0, 0], undefined, "float32");
  const places = [[0, 0]];
  for (let i = 0; i < steps; i++) {
    const x = tensor(points[i % 2], undefined, "float32");
    w = w.sub(grad((v) => v.mul(x).sum().sub(targets[i % 2]).square())(w).mul(rate));
    places.push([...(await w.data())]);
  }
  const same = places.slice(1).filter(([a, b], i) => (a - places[i][0]) * (b - places[i][1]) > 0).length / steps;
  const errors = places.map(([a, b], step) => [step, Math.max(1e-6, points.reduce((sum, [p, q], i) => sum + (a * p + b * q - targets[i]) ** 2, 0))]);
  return { places, errors, same };
}

/** How many of 64 relus are 0 for every example, before training and after each epoch; and the loss. */
async function deaths(learningRate, epochs) {
  const x = tensor(Array.from({ length: 200 }, (_, i) => [Math.sin(i), Math.cos(1.7 * i)]));
  const y = tensor(Array.from({ length: 200 }, (_, i) => [Math.sin(i) * Math.cos(1.7 * i)]));
  const hidden = layers.dense({ units: 64, activation: "relu", kernelInitializer: initializers.heNormal(), inputShape: [2] });
  const model = sequential({ seed: 2, layers: [hidden, layers.dense({ units: 1 })] });
  model.compile({ optimizer: sgd({ learningRate }), loss: "meanSquaredError" });
  const counts = [];
  const count = async (epoch) => counts.push([epoch + 1, (await max(hidden.apply(x), 0).data()).filter((most) => most === 0).length]);
  await count(-1);
  const { history } = await model.fit(x, y, { epochs, batchSize: 20, callbacks: { onEpochEnd: count } });
  return { counts, loss: history.loss };
}

export default example(
  import.meta.url,
  "Saturation, zig-zag and dead relus",
  "Three ways in which an activation function stands in the way of learning, each measured: sigmoids leave the first layers hardly any gradient, inputs that are never negative force weights to move together, and a step that is too long can switch a relu off for ever.",
  async ({ page, small }) => {
    const deep = {
      "sigmoid, Glorot": await gradientSizes("sigmoid", "glorotUniform"),
      "tanh, Glorot": await gradientSizes("tanh", "glorotUniform"),
      "relu, Glorot": await gradientSizes("relu", "glorotUniform"),
      "relu, He": await gradientSizes("relu", "heNormal"),
    };
    page.heading(`Saturation: gradients in a network of ${LAYERS} layers`).text("Root mean square of the gradient of each layer's weights, before the first step. It comes from the right: every sigmoid multiplies it by a quarter at most, relus with weights of the right size (He) let it through.");
    const z = Array.from({ length: 121 }, (_, i) => (i - 60) / 10);
    const slopes = async (f) => [...(await grad((x) => f(x).sum())(tensor(z)).data())].map((slope, i) => [z[i], slope]);
    page.plot({ sigmoid: await slopes(sigmoid), tanh: await slopes(tanh), relu: await slopes(relu) }, { x: "input", y: "slope" });
    page.plot(deep, { x: "layer", y: "size of the gradient", log: true });

    const positive = [[0.9, 0.4], [0.4, 0.9]];
    const around0 = positive.map((point) => point.map((x) => 2 * x - 1));
    const steps = small ? 40 : 60;
    const [zigzag, straight] = [await walk(positive, 0.35, steps), await walk(around0, 0.35, steps)];
    page.heading("Zig-zag: inputs that are never negative").text(`One weight has to grow, the other to shrink. Behind a sigmoid all inputs are positive, so both gradients have the same sign: in ${Math.round(100 * zigzag.same)} % of the steps both weights move the same way, and get to where they part by going to and fro. With inputs around 0 that happens in ${Math.round(100 * straight.same)} %.`);
    page.plot({ "inputs from 0 to 1": zigzag.places, "inputs around 0": straight.places }, { x: "weight 1", y: "weight 2", race: true });
    page.plot({ "inputs from 0 to 1": zigzag.errors, "inputs around 0": straight.errors }, { x: "step", y: "squared error of both examples", log: true });

    const [dead, losses] = [{}, {}];
    for (const rate of [0.01, 0.1, 0.2]) ({ counts: dead[`learning rate ${rate}`], loss: losses[`learning rate ${rate}`] } = await deaths(rate, small ? 10 : 30));
    page.heading("Dead relus").text("How many of 64 hidden relus are 0 for every example. A long step pushes their biases so far down that no input brings them back; without a slope, no gradient does either.");
    page.plot(dead, { y: "dead relus, of 64" }).plot(losses, { y: "loss", log: true });
    const [sigmoids, relus] = [deep["sigmoid, Glorot"], deep["relu, He"]];
    return {
      "gradient of layer 1 to layer 12, sigmoid": sigmoids[0] / sigmoids.at(-1),
      "the same, relu": relus[0] / relus.at(-1),
      "zig-zag steps, inputs from 0 to 1": zigzag.same,
      "zig-zag steps, inputs around 0": straight.same,
      "dead relus, rate 0.01": dead["learning rate 0.01"].at(-1)[1],
      "dead relus, rate 0.2": dead["learning rate 0.2"].at(-1)[1],
    };
  },
);
