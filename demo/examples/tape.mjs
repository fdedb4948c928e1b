// MNIST without layers: two matrices, two vectors, a tape and a subtraction.
import { GradientTape, argMax, compile, gather, logSoftmax, matmul, neg, oneHot, permutation, randomNormal, relu, tensor, variable, zeros } from "edgegrad";
import { imagesOf } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

const RATE = 0.3;
const BATCH = 128;

export default example(
  import.meta.url,
  "Digits on bare tensors",
  "What a framework does for you, written out: weights are variables, the loss is a formula, a tape gives the gradients, and learning is a subtraction. The whole step is seven lines, and compile() makes one program of them. Notice how much a single batch's loss trembles while the accuracy climbs.",
  async ({ page, small, digits, say }) => {
    const { train, test, description } = await digits();
    const count = small ? 4000 : train.labels.length;
    // As variables the data stay where the program runs; each step is given the numbers of its examples only.
    const x = variable(imagesOf(train, { count }), { trainable: false });
    const y = variable(Int32Array.from(train.labels.subarray(0, count)), { trainable: false });
    const [testX, testY] = [imagesOf(test), test.labels];

    const w1 = variable(randomNormal([784, 128], 0, 0.05, { seed: 1 }), { name: "w1" });
    const b1 = variable(zeros([128]), { name: "b1" });
    const w2 = variable(randomNormal([128, 10], 0, 0.09, { seed: 2 }), { name: "w2" });
    const b2 = variable(zeros([10]), { name: "b2" });
    const network = (images) => matmul(relu(matmul(images, w1).add(b1)), w2).add(b2);

    const step = compile((rows) => {
      const tape = new GradientTape();
      const loss = tape.run(() => neg(logSoftmax(network(gather(x, rows))).mul(oneHot(gather(y, rows), 10))).sum(1).mean());
      const weights = [w1, b1, w2, b2];
      tape.gradient(loss, weights).forEach((gradient, i) => weights[i].assign(weights[i].sub(gradient.mul(RATE))));
      return loss;
    });
    const classes = compile((images) => argMax(network(images), 1));

    const losses = [];
    const accuracies = [];
    for (let epoch = 0; epoch < (small ? 2 : 5); epoch++) {
      const order = await permutation(count, { seed: epoch }).data();
      for (let begin = 0; begin + BATCH <= count; begin += BATCH) {
        losses.push((await step(tensor(order.slice(begin, begin + BATCH))).data())[0]);
      }
      const found = await classes(testX).data();
      accuracies.push(found.reduce((right, digit, i) => right + Number(digit === testY[i]), 0) / found.length);
      say(`epoch ${epoch + 1}: loss ${losses.at(-1).toFixed(3)}, accuracy on new digits ${accuracies.at(-1).toFixed(4)}`);
    }
    page.heading("Learning");
    page.plot({ loss: { line: losses, thin: true } }, { x: "step", y: "loss of each batch", log: true });
    page.plot({ accuracy: accuracies }, { y: "accuracy on new digits" });
    page.text(`The data: ${description}.`);
    return { "accuracy on new digits": accuracies.at(-1), "loss of the last batch": losses.at(-1), steps: losses.length };
  },
);
