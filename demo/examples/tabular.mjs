// Tabular binary classification with early stopping: 569 rows of ten measures, 426 to train on.
import { adam, callbacks, datasets, greater, layers, metrics, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const TRAIN = 426;

export default example(
  import.meta.url,
  "A table, two classes, and when to stop",
  "Ten measures of (made-up) cell nuclei, benign or malignant. Training may take 600 epochs, and stops when the loss on rows held back has not fallen for 25. Look where the orange curve turns around: from there on the network learns the training rows by heart; the weights of that epoch are the ones that stay.",
  async ({ page, bar, say }) => {
    const cells = datasets.cells();
    const [x, y] = [tensor(cells.x.data, cells.x.shape), tensor(cells.y.data, cells.y.shape)];
    const part = (rows) => [x.slice(rows), y.slice(rows)];
    const [[seenX, seenY], held] = [part(`:${TRAIN}`), part(`${TRAIN}:`)];

    // Columns differ a hundred-thousandfold in size: the first layer brings each to mean 0 and deviation 1, as the training rows say.
    const normalization = layers.normalization({ inputShape: [cells.featureNames.length] });
    normalization.adapt(seenX);
    const model = sequential({
      seed: 3,
      layers: [normalization, layers.dense({ units: 16, activation: "relu" }), layers.dense({ units: 8, activation: "relu" }), layers.dense({ units: 1, activation: "sigmoid" })],
    });
    model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: "binaryCrossentropy", metrics: ["accuracy"] });
    const stopping = callbacks.earlyStopping({ patience: 25, restoreBestWeights: true });
    const { history } = await model.fit(seenX, seenY, { epochs: 600, validationData: held, callbacks: [stopping, ...bar(600)] });

    const [epochs, best] = [history.loss.length, stopping.bestEpoch + 1];
    const words = `Stopped after epoch ${epochs} of 600; the weights of epoch ${best} came back.`;
    say(words);
    page.heading("Learning").text(words);
    page.plot({ "rows to learn from": history.loss, "rows held back": history.val_loss }, { y: "loss" });
    page.plot({ "rows to learn from": history.accuracy, "rows held back": history.val_accuracy }, { y: "accuracy" });

    const { loss, accuracy } = await model.evaluate(...held);
    const guesses = greater(await model.predict(held[0]), 0.5);
    page.heading("Rows held back: what is taken for what").confusion(await metrics.confusionMatrix(held[1].reshape([-1]), guesses.reshape([-1]), { numClasses: 2 }).array(), ["benign", "malignant"]);
    return { "accuracy on rows held back": accuracy, "loss on them": loss, "best epoch": best, "epochs in all": epochs };
  },
);
