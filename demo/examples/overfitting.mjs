// Underfitting and overfitting: by complexity, by the amount of data, and what each way of regularising does about it, side by side.
import { adam, callbacks, generateDigits, layers, linalg, matmul, regularizers, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const curve = (x) => Math.sin(3 * x);
/** A number around 0 that looks random, the same for the same i. */
const noise = (i) => [1, 2, 3].reduce((sum, k) => sum + (((Math.abs(Math.sin(i * 12.9898 + k * 78.233)) * 43758.5453) % 1) - 0.5), 0);
const basis = (points, degree) => tensor(points.map((x) => Array.from({ length: degree + 1 }, (_, k) => Math.cos(k * Math.acos(x)))), undefined, "float32");

/** Ways to hold a network back: what changes in its layers and in its training. */
const WAYS = {
  nothing: {},
  "L2 on weights": { kernelRegularizer: regularizers.l2(0.002) },
  "L1 on weights": { kernelRegularizer: regularizers.l1(0.0003) },
  dropout: { dropout: 0.5 },
  "noise on inputs": { noise: 0.35 },
  "early stopping": { stop: true },
  "a smaller network": { units: 8 },
  "three times the data": { more: 3 },
};

export default example(
  import.meta.url,
  "Underfitting, overfitting, and what helps",
  "A model that is too simple misses the pattern; one that is free to follow every point learns the noise. The gap between training and test error shows which.",
  async ({ page, small, say }) => {
    // By complexity: polynomials through 30 noisy points.
    const xs = Array.from({ length: 30 }, (_, i) => -0.98 + (1.96 * i) / 29);
    const ys = xs.map((x, i) => [curve(x) + 0.35 * noise(i)]);
    const fine = Array.from({ length: 201 }, (_, i) => -0.99 + (1.98 * i) / 200);
    const fits = { "the truth": fine.map((x) => [x, curve(x)]) };
    const errors = { training: [], test: [] };
    for (let degree = 0; degree <= 22; degree++) {
      const weights = linalg.lstsq(basis(xs, degree), tensor(ys));
      const [seen, smooth] = [await matmul(basis(xs, degree), weights).data(), await matmul(basis(fine, degree), weights).data()];
      errors.training.push([degree, xs.reduce((sum, _, i) => sum + (seen[i] - ys[i][0]) ** 2, 0) / xs.length]);
      errors.test.push([degree, fine.reduce((sum, x, i) => sum + (smooth[i] - curve(x)) ** 2, 0) / fine.length + 0.35 ** 2 / 4]);
      if ([1, 4, 22].includes(degree)) fits[`degree ${degree}`] = fine.map((x, i) => [x, smooth[i]]);
    }
    page.heading("By complexity").chart({
      grid: { left: 56, right: 24, top: 44, bottom: 32 }, legend: { top: 4, itemGap: 20 }, xAxis: {}, yAxis: { min: -2, max: 2 },
      series: [...Object.entries(fits).map(([name, data]) => ({ name, type: "line", showSymbol: false, clip: true, data })), { name: "points", type: "scatter", symbolSize: 6, itemStyle: { color: "#171a2b" }, data: xs.map((x, i) => [x, ys[i][0]]) }],
    });
    page.lines(errors, { x: "degree of the polynomial", y: "squared error", log: true });

    // By data volume and by regulariser: a network that reads digits.
    const scale = (images) => Float32Array.from(images, (value) => value / 255);
    const count = small ? 150 : 300;
    const all = generateDigits({ count: 3 * count, seed: 3 });
    // One label in eight is wrong, as labels are: what a network learns by heart then hurts.
    for (let i = 3; i < all.labels.length; i += 8) all.labels[i] = (all.labels[i] + 1 + (i % 9)) % 10;
    const held = generateDigits({ count: small ? 400 : 1000, seed: 3, first: 50_000 });
    const test = [tensor(scale(held.images), [held.labels.length, 784]), held.labels];
    const epochs = small ? 30 : 60;
    const train = async ({ units = 128, dropout = 0, noise: amount = 0, kernelRegularizer, stop = false, more = 1 }, size = count * more) => {
      const model = sequential({
        seed: 2,
        layers: [
          ...(amount > 0 ? [layers.gaussianNoise({ stddev: amount, inputShape: [784] })] : []),
          layers.dense({ units, activation: "relu", inputShape: [784], ...(kernelRegularizer && { kernelRegularizer }) }),
          ...(dropout > 0 ? [layers.dropout({ rate: dropout })] : []),
          layers.dense({ units: 10, activation: "softmax" }),
        ],
      });
      model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: "sparseCategoricalCrossentropy", metrics: ["sparseCategoricalCrossentropy"] });
      const { history } = await model.fit(tensor(scale(all.images.subarray(0, 784 * size)), [size, 784]), all.labels.subarray(0, size), {
        epochs, batchSize: 25, validationData: test,
        ...(stop && { callbacks: [callbacks.earlyStopping({ patience: 4, restoreBestWeights: true })] }),
      });
      // Without penalties, which the loss includes.
      const loss = (await model.evaluate(...test)).sparseCategoricalCrossentropy;
      const seen = (await model.evaluate(tensor(scale(all.images.subarray(0, 784 * size)), [size, 784]), all.labels.subarray(0, size))).sparseCategoricalCrossentropy;
      return { history, test: loss, training: seen };
    };
    const results = {};
    for (const [name, way] of Object.entries(WAYS)) {
      results[name] = await train(way);
      say(`${name}: test loss ${results[name].test.toFixed(3)}`);
    }
    page.heading("By regulariser").text("Loss on images that were never trained on, epoch by epoch; without anything it turns around and rises.");
    page.lines(Object.fromEntries(Object.entries(results).map(([name, { history }]) => [name, history.val_sparseCategoricalCrossentropy])), { y: "test loss", height: 420 });
    page.table(["", "training loss", "test loss", "gap"], Object.entries(results).map(([name, { training, test: loss }]) => [name, training.toFixed(3), loss.toFixed(3), (loss - training).toFixed(3)]));

    const volumes = { training: [], test: [] };
    for (const size of small ? [50, 150, 450] : [50, 100, 200, 400, 900]) {
      const { training, test: loss } = await train({}, size);
      volumes.training.push([size, training]);
      volumes.test.push([size, loss]);
    }
    page.heading("By the amount of data").lines(volumes, { x: "images", y: "loss", logX: true });
    const best = errors.test.reduce((least, point) => (point[1] < least[1] ? point : least));
    return {
      bestDegree: best[0],
      underfitted: errors.test[0][1] / best[1],
      overfitted: errors.test.at(-1)[1] / best[1],
      gap: results.nothing.test - results.nothing.training,
      helped: Object.entries(results).filter(([name, { test: loss }]) => name !== "nothing" && loss < results.nothing.test).length,
      moreData: volumes.test.at(-1)[1] / volumes.test[0][1],
    };
  },
);
