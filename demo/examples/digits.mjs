// The course's digit recogniser: 784-512-10, rmsprop, five epochs; its curves, its confusions, and the digits it gets wrong.
import { layers, rmsprop, sequential, tensor } from "edgegrad";
import { confusion, hundredths, pictureOf, pixels } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

export default example(
  import.meta.url,
  "Handwritten digits with a network of two layers",
  "784 pixels, 512 hidden units, 10 classes: 407,050 parameters, trained with RMSprop on batches of 128.",
  async ({ page, small, digits, bar, say }) => {
    const { train, test, description } = await digits();
    const count = small ? 6000 : train.labels.length;
    const model = sequential({ seed: 1, layers: [layers.dense({ units: 512, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
    model.compile({ optimizer: rmsprop({ learningRate: 0.001 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const [x, y] = [tensor(pixels(train, count), [count, 784]), train.labels.subarray(0, count)];
    const [testX, testY] = [tensor(pixels(test), [test.labels.length, 784]), test.labels];
    const { history } = await model.fit(x, y, { epochs: small ? 3 : 5, batchSize: 128, validationData: [testX, testY], callbacks: bar() });
    const scores = await (await model.predict(testX, { batchSize: 512 })).data();
    say("");

    const { chosen, table } = confusion(scores, testY);
    page.text(description);
    page.heading("Learning").lines({ loss: history.loss, "loss on test images": history.val_loss }).lines({ accuracy: history.accuracy, "on test images": history.val_accuracy }, { y: "accuracy" });
    page.heading("What it takes for what").text("Rows are the true digits, columns what the network says.").table(["", ...table.keys()], table.map((row, digit) => [digit, ...row]));
    const wrong = [...chosen.keys()].filter((i) => chosen[i] !== testY[i]);
    page.heading(`${wrong.length} of ${testY.length} wrong; the first of them`).pictures(wrong.slice(0, 24).map((i) => pictureOf(test, i, `${testY[i]}, read as ${chosen[i]}: ${hundredths(scores[10 * i + chosen[i]])}`)));
    return { accuracy: history.val_accuracy.at(-1), parameters: model.countParams() };
  },
);
