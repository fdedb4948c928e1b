// LeNet-5: a convolutional network reads digits; its filters, and what they see in one.
import { adam, layers, sequential, tensor } from "edgegrad";
import { confusion, pictureOf, pixels } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

/** Numbers stretched to 0 … 255. */
function stretched(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (255 * (value - least)) / (most - least || 1));
}

export default example(
  import.meta.url,
  "LeNet-5 and what its filters see",
  "Two convolutions with pooling, then three dense layers. The filters are nobody's design: they are what training made of random numbers.",
  async ({ page, small, digits, bar, say }) => {
    const { train, test, description } = await digits();
    const count = small ? 4000 : 30_000;
    const convolution = layers.conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", inputShape: [28, 28, 1] });
    const model = sequential({
      seed: 1,
      layers: [
        convolution,
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ filters: 16, kernelSize: 5, activation: "relu" }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 120, activation: "relu" }),
        layers.dense({ units: 84, activation: "relu" }),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer: adam(), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const [testX, testY] = [tensor(pixels(test), [test.labels.length, 28, 28, 1]), test.labels];
    const { history } = await model.fit(tensor(pixels(train, count), [count, 28, 28, 1]), train.labels.subarray(0, count), {
      epochs: small ? 2 : 4, batchSize: 64, validationData: [testX, testY], callbacks: bar(),
    });
    const scores = await (await model.predict(testX, { batchSize: 256 })).data();
    say("");

    const { table } = confusion(scores, testY);
    const kernel = [...(await convolution.weights[0].data())];
    page.text(description);
    page.heading("Learning").lines({ accuracy: history.accuracy, "on test images": history.val_accuracy }, { y: "accuracy" });
    page.heading("The six filters of the first convolution").pictures([0, 1, 2, 3, 4, 5].map((k) => ({ pixels: stretched(Array.from({ length: 25 }, (_, i) => kernel[6 * i + k])), width: 5, height: 5, label: `filter ${k + 1}` })), { scale: 16 });
    for (const i of [0, 1]) {
      const maps = await convolution.apply(tensor(pixels(test, 1, i), [1, 28, 28, 1])).data();
      const map = (k) => ({ pixels: stretched(Array.from({ length: 784 }, (_, at) => maps[6 * at + k])), width: 28, height: 28, label: `filter ${k + 1}` });
      page.heading(`What they see in a ${testY[i]}`).pictures([pictureOf(test, i, "the image"), ...[0, 1, 2, 3, 4, 5].map(map)]);
    }
    page.heading("What it takes for what").table(["", ...table.keys()], table.map((row, digit) => [digit, ...row]));
    return { accuracy: history.val_accuracy.at(-1), parameters: model.countParams() };
  },
);
