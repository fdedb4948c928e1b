// Regression from a CSV file: prices of (made-up) houses from their size, age and district.
import { fileURLToPath } from "node:url";
import { adam, data, layers, sequential } from "edgegrad";
import { example } from "./lib/example.mjs";

const FILE = fileURLToPath(new URL("data/houses.csv", import.meta.url));

export default example(
  import.meta.url,
  "Prices of houses, from a CSV file",
  "Three numbers and a word in each row. The word becomes four numbers, one a district; all columns are brought to mean 0 and deviation 1; a small network predicts the price.",
  async ({ page, small, bar, say }) => {
    const table = data.csv(FILE, { columnConfigs: { district: { vocabulary: true, encoding: "oneHot" }, price: { isLabel: true } }, vectors: true });
    const names = await table.featureNames();
    const rows = await table.toArray();
    const x = rows.map(({ xs }) => [...xs]);
    const y = rows.map(({ ys }) => [...ys]);

    const seen = Math.round(0.8 * rows.length);
    const scale = names.map((_, column) => {
      const values = x.slice(0, seen).map((row) => row[column]);
      const mean = values.reduce((sum, value) => sum + value, 0) / seen;
      return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen) };
    });
    const scaled = x.map((row) => row.map((value, column) => (value - scale[column].mean) / scale[column].deviation));
    const thousands = y.map(([price]) => [price / 100]);

    const model = sequential({ seed: 1, layers: [layers.dense({ units: 32, activation: "relu", inputShape: [names.length] }), layers.dense({ units: 1 })] });
    model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "meanSquaredError", metrics: ["meanAbsoluteError"] });
    const held = [scaled.slice(seen), thousands.slice(seen)];
    const { history } = await model.fit(scaled.slice(0, seen), thousands.slice(0, seen), { epochs: small ? 60 : 150, batchSize: 16, validationData: held, callbacks: bar() });
    say("");

    const predicted = [...(await (await model.predict(held[0])).data())].map((value) => 100 * value);
    const truth = y.slice(seen).map(([price]) => price);
    const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
    const off = truth.reduce((sum, price, i) => sum + (price - predicted[i]) ** 2, 0);
    const r2 = 1 - off / truth.reduce((sum, price) => sum + (price - mean) ** 2, 0);
    page.heading("Learning").lines({ loss: history.loss, "on houses held back": history.val_loss }, { y: "squared error", log: true });
    page.heading("Predicted and true prices of houses held back").chart({
      grid: { left: 64, right: 24, top: 24, bottom: 48 },
      xAxis: { name: "true price", nameLocation: "middle", nameGap: 28, scale: true },
      yAxis: { name: "predicted", scale: true },
      series: [
        { type: "scatter", symbolSize: 7, data: truth.map((price, i) => [price, predicted[i]]) },
        { type: "line", showSymbol: false, lineStyle: { type: "dashed" }, data: [Math.min(...truth), Math.max(...truth)].map((price) => [price, price]) },
      ],
    }, { height: 420 });
    page.heading("Columns").table(["column", "mean", "deviation"], names.map((name, i) => [name, scale[i].mean.toFixed(2), scale[i].deviation.toFixed(2)]));
    return { r2, rows: rows.length, columns: names.length };
  },
);
