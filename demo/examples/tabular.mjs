// Tabular binary classification with early stopping: 569 rows of ten measures, 426 to train on.
import { adam, callbacks, datasets, layers, sequential } from "edgegrad";
import { example } from "./lib/example.mjs";

const TRAIN = 426;

export default example(
  import.meta.url,
  "A table, two classes, and when to stop",
  "Ten measures of (made-up) cell nuclei, benign or malignant. Training may take 600 epochs; it stops when the loss on rows held back has not fallen for 25, and takes the best weights back.",
  async ({ page, bar, say }) => {
    const { x, y, featureNames } = datasets.cells();
    const columns = featureNames.length;
    const labels = [...y.data];

    // Columns differ a hundred-thousandfold in size.
    const scaled = labels.map((_, i) => [...x.data.subarray(i * columns, (i + 1) * columns)]);
    for (let c = 0; c < columns; c++) {
      const seen = scaled.slice(0, TRAIN).map((row) => row[c]);
      const mean = seen.reduce((a, b) => a + b, 0) / TRAIN;
      const deviation = Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / TRAIN);
      for (const row of scaled) row[c] = (row[c] - mean) / deviation;
    }
    const model = sequential({
      seed: 3,
      layers: [layers.dense({ units: 16, activation: "relu", inputShape: [columns] }), layers.dense({ units: 8, activation: "relu" }), layers.dense({ units: 1, activation: "sigmoid" })],
    });
    model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: "binaryCrossentropy", metrics: ["accuracy"] });
    let words = "";
    const stopping = callbacks.earlyStopping({ patience: 25, restoreBestWeights: true, verbose: 1, writer: { write: (text) => (words += text) } });
    const held = [scaled.slice(TRAIN), labels.slice(TRAIN)];
    const { history } = await model.fit(scaled.slice(0, TRAIN), labels.slice(0, TRAIN), { epochs: 600, validationData: held, callbacks: [stopping, ...bar()] });
    const score = await model.evaluate(...held);
    say(`\n${words.trim()}`);
    page.heading("Loss").lines({ training: history.loss, "held back": history.val_loss }, { y: "loss" }).text(`${words.trim()}. Weights of epoch ${stopping.bestEpoch + 1} came back.`);
    page.heading("Accuracy").lines({ training: history.accuracy, "held back": history.val_accuracy }, { y: "accuracy" });
    return { epochs: history.loss.length, best: stopping.bestEpoch + 1, loss: score.loss, accuracy: score.accuracy };
  },
);
