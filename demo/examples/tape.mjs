// MNIST without layers: two matrices, two vectors, a tape and a subtraction.
import { GradientTape, argMax, compile, logSoftmax, matmul, neg, oneHot, randomNormal, relu, tensor, variable } from "edgegrad";
import { pixels } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

const RATE = 0.3;
const BATCH = 128;

export default example(
  import.meta.url,
  "Digits on bare tensors",
  "What a framework does for you, written out: weights are variables, the loss is a formula, the tape gives the gradients, and learning is a subtraction. compile() makes one program of it all.",
  async ({ page, small, digits, say }) => {
    const { train, test } = await digits();
    const count = small ? 4000 : train.labels.length;
    const x = pixels(train, count);

    const w1 = variable(randomNormal([784, 128], 0, 0.05, { seed: 1 }), { name: "w1" });
    const b1 = variable(new Float32Array(128), { name: "b1" });
    const w2 = variable(randomNormal([128, 10], 0, 0.09, { seed: 2 }), { name: "w2" });
    const b2 = variable(new Float32Array(10), { name: "b2" });
    const network = (images) => matmul(relu(matmul(images, w1).add(b1)), w2).add(b2);

    const step = compile((images, labels) => {
      const tape = new GradientTape();
      const loss = tape.run(() => neg(logSoftmax(network(images)).mul(oneHot(labels, 10))).sum(1).mean());
      const weights = [w1, b1, w2, b2];
      tape.gradient(loss, weights).forEach((gradient, i) => weights[i].assign(weights[i].sub(gradient.mul(RATE))));
      return loss;
    });
    const classes = compile((images) => argMax(network(images), 1));

    const losses = [];
    const accuracies = [];
    const order = Uint32Array.from({ length: count }, (_, i) => (i * 7919) % count);
    for (let epoch = 0; epoch < (small ? 2 : 5); epoch++) {
      for (let begin = 0; begin + BATCH <= count; begin += BATCH) {
        const rows = order.subarray(begin, begin + BATCH);
        const images = new Float32Array(BATCH * 784);
        rows.forEach((row, i) => images.set(x.subarray(row * 784, (row + 1) * 784), i * 784));
        losses.push((await step(tensor(images, [BATCH, 784]), tensor(Int32Array.from(rows, (row) => train.labels[row]))).data())[0]);
      }
      const found = await classes(tensor(pixels(test), [test.labels.length, 784])).data();
      accuracies.push(found.reduce((right, digit, i) => right + Number(digit === test.labels[i]), 0) / found.length);
      say(`epoch ${epoch + 1}: loss ${losses.at(-1).toFixed(3)}, test accuracy ${accuracies.at(-1).toFixed(4)}`);
    }
    page.heading("Loss of each step").lines({ loss: losses }, { x: "step", y: "loss" });
    page.heading("Accuracy on test images").lines({ accuracy: accuracies });
    return { accuracy: accuracies.at(-1), loss: losses.at(-1) };
  },
);
