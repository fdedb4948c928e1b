// Regression from a CSV file: prices of (made-up) houses from their size, age and district.
import { fileURLToPath } from "node:url";
import { adam, data, layers, metrics, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const FILE = fileURLToPath(new URL("data/houses.csv", import.meta.url));

export default example(
  import.meta.url,
  "Prices of houses, from a CSV file",
  "Each row has numbers and a word. The word, a district, becomes a column for each district, 1 in one of them; the network's first layer brings all columns to mean 0 and deviation 1. Houses on the dashed line are predicted exactly. Notice that after twenty epochs there is nothing left to learn but noise.",
  async ({ page, small, bar }) => {
    const table = data.csv(FILE, { columnConfigs: { district: { vocabulary: true, encoding: "oneHot" }, price: { isLabel: true } }, vectors: true });
    const names = await table.featureNames();
    const rows = await table.toArray();
    const cut = Math.round(0.8 * rows.length);
    // Prices in hundreds of thousands: a network learns numbers near 1 best.
    const set = (part) => [tensor(part.map(({ xs }) => [...xs])), tensor(part.map(({ ys }) => [ys[0] / 100]))];
    const [[x, y], [testX, testY]] = [set(rows.slice(0, cut)), set(rows.slice(cut))];

    const normalization = layers.normalization({ inputShape: [names.length] });
    normalization.adapt(x);
    const model = sequential({ seed: 1, layers: [normalization, layers.dense({ units: 32, activation: "relu" }), layers.dense({ units: 1 })] });
    model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "meanSquaredError", metrics: ["meanAbsoluteError"] });
    const epochs = small ? 60 : 150;
    const { history } = await model.fit(x, y, { epochs, batchSize: 16, validationData: [testX, testY], callbacks: bar(epochs) });

    const predicted = await model.predict(testX);
    const r2 = new metrics.R2Score();
    r2.updateState(testY, predicted);
    const [truth, guess] = [await testY.data(), await predicted.data()];
    const ends = [Math.min(...truth), Math.max(...truth)];
    page.heading("Predicted and true prices of houses held back");
    page.plot({ house: { dots: [...truth].map((price, i) => [price, guess[i]]) }, "predicted = true": { line: ends.map((end) => [end, end]), dashed: true } }, { x: "true price, in 100,000", y: "predicted price, in 100,000", height: 380 });
    page.heading("Learning");
    page.plot({ "houses to learn from": history.loss, "houses held back": history.val_loss }, { y: "squared error", log: true });
    page.plot({ "houses to learn from": history.meanAbsoluteError, "houses held back": history.val_meanAbsoluteError }, { y: "off by, in 100,000" });
    page.heading("The first rows, as the network gets them").table([...names, "price"], rows.slice(0, 5).map(({ xs, ys }) => [...xs, ...ys]));
    return { "R² on houses held back": r2.result(), "off by, in 100,000": history.val_meanAbsoluteError.at(-1), rows: rows.length, columns: names.length };
  },
);
