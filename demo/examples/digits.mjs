// The course's digit recogniser: 784-512-10, rmsprop, five epochs; its curves, its confusions, and the digits it gets wrong.
import { argMax, layers, metrics, rmsprop, sequential } from "edgegrad";
import { imagesOf, inked, rowOf } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

export default example(
  import.meta.url,
  "A network that reads handwritten digits",
  "784 pixels go into 512 hidden units, and those into 10 probabilities: 407,050 weights, found by looking at 60,000 examples five times. Watch the two curves part: the network goes on getting better on digits it knows, and hardly on new ones.",
  async ({ page, small, digits, bar }) => {
    const { train, test, description } = await digits();
    const count = small ? 6000 : train.labels.length;
    const model = sequential({
      seed: 1,
      layers: [layers.dense({ units: 512, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })],
    });
    model.compile({ optimizer: rmsprop({ learningRate: 0.001 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const [images, labels] = [imagesOf(test), test.labels];
    const { history } = await model.fit(imagesOf(train, { count }), train.labels.subarray(0, count), { epochs: small ? 3 : 5, batchSize: 128, validationData: [images, labels], callbacks: bar() });

    page.heading("Learning");
    page.plot({ "known digits": history.loss, "new digits": history.val_loss }, { y: "loss" });
    page.plot({ "known digits": history.accuracy, "new digits": history.val_accuracy }, { y: "accuracy" });
    page.text(`The data: ${description}.`);

    const scores = await model.predict(images, { batchSize: 512 });
    page.heading("What it takes for what").confusion(await metrics.confusionMatrix(labels, scores, { numClasses: 10 }).array());

    const [chosen, sure, pixels] = [await argMax(scores, 1).data(), await scores.max(1).data(), await images.data()];
    const wrong = [...chosen.keys()].filter((i) => chosen[i] !== labels[i]);
    page.heading(`Read wrong: ${wrong.length} of ${labels.length.toLocaleString("en")}, of which the first`);
    page.text("Beneath each: what it is → what the network says, and how sure it is. Some of them nobody could read.");
    page.pictures(wrong.slice(0, 22).map((i) => inked(rowOf(pixels, i), `${labels[i]} → ${chosen[i]}, ${Math.round(100 * sure[i])} %`)));
    return { "accuracy on new digits": history.val_accuracy.at(-1), "read wrong": wrong.length, weights: model.countParams() };
  },
);
