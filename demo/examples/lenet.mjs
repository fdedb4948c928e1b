// LeNet-5: a convolutional network reads digits; its filters, and what they see in one.
import { adam, layers, metrics, sequential } from "edgegrad";
import { imagesOf, inked, stretched } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

export default example(
  import.meta.url,
  "LeNet-5 and what its filters see",
  "Two convolutions with pooling, then three dense layers: a seventh of the weights of a dense network, and fewer mistakes. Nobody designed its filters: training made them out of random numbers, and each has come to answer to another kind of stroke.",
  async ({ page, small, digits, bar }) => {
    const { train, test, description } = await digits();
    const [count, shape] = [small ? 4000 : 30_000, [28, 28, 1]];
    const convolution = layers.conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", inputShape: shape });
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
    const [images, labels] = [imagesOf(test, { shape }), test.labels];
    const { history } = await model.fit(imagesOf(train, { count, shape }), train.labels.subarray(0, count), { epochs: small ? 2 : 4, batchSize: 64, validationData: [images, labels], callbacks: bar() });

    // The kernel is [5, 5, 1, 6], an image's map [1, 28, 28, 6]: every sixth number belongs to the same filter.
    const six = [0, 1, 2, 3, 4, 5];
    const every6th = (values, k) => values.filter((_, i) => i % 6 === k);
    const kernel = await convolution.weights[0].data();
    page.heading("The six filters of the first convolution").text("5 × 5 weights each: the more ink, the larger.");
    page.pictures(six.map((k) => stretched(every6th(kernel, k), 5, 5, `filter ${k + 1}`)), { scale: 16 });
    page.heading("What they see").text("The image, and where each filter answers: the more ink, the stronger.");
    for (const i of [0, 1]) {
      const image = imagesOf(test, { from: i, count: 1, shape });
      const maps = await convolution.apply(image).data();
      page.pictures([inked(await image.data(), `a ${labels[i]}`), ...six.map((k) => stretched(every6th(maps, k), 28, 28, `filter ${k + 1}`))]);
    }

    page.heading("Learning");
    page.plot({ "known digits": history.loss, "new digits": history.val_loss }, { y: "loss" });
    page.plot({ "known digits": history.accuracy, "new digits": history.val_accuracy }, { y: "accuracy" });
    page.text(`The data: ${description}; ${count.toLocaleString("en")} of them to learn from.`);
    page.heading("What it takes for what").confusion(await metrics.confusionMatrix(labels, await model.predict(images, { batchSize: 256 }), { numClasses: 10 }).array());
    return { "accuracy on new digits": history.val_accuracy.at(-1), weights: model.countParams() };
  },
);
