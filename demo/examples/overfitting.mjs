// Underfitting and overfitting: by complexity, by the amount of data, and what each way of regularising does about it, side by side.
import { adam, callbacks, classics, constraints, generateDigits, imageAugmenter, layers, linalg, losses, matmul, oneHot, regularizers, sequential, tensor, train as optimizers } from "edgegrad";
import { imagesOf } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

const NOISE = 0.35;
const curve = (x) => Math.sin(3 * x);
/** A number around 0 that looks random, the same for the same i. */
const random = (i) => [1, 2, 3].reduce((sum, k) => sum + (((Math.abs(Math.sin(i * 12.9898 + k * 78.233)) * 43758.5453) % 1) - 0.5), 0);
/** Chebyshev polynomials up to a degree at each point: a better-behaved basis than powers of x. */
const basis = (points, degree) => tensor(points.map((x) => Array.from({ length: degree + 1 }, (_, k) => Math.cos(k * Math.acos(x)))), undefined, "float32");
const meanSquare = (differences) => differences.reduce((sum, d) => sum + d * d, 0) / differences.length;

/** Polynomials of growing degree through 30 noisy points: the curves, and the errors on the points and on new ones. */
async function byComplexity(degrees) {
  const xs = Array.from({ length: 30 }, (_, i) => -0.98 + (1.96 * i) / 29);
  const ys = xs.map((x, i) => curve(x) + NOISE * random(i));
  const fine = Array.from({ length: 201 }, (_, i) => -0.99 + (1.98 * i) / 200);
  const result = { points: xs.map((x, i) => [x, ys[i]]), truth: fine.map((x) => [x, curve(x)]), curves: [], training: [], test: [] };
  for (const degree of degrees) {
    const weights = linalg.lstsq(basis(xs, degree), tensor(ys.map((y) => [y])));
    const [seen, smooth] = [await matmul(basis(xs, degree), weights).data(), await matmul(basis(fine, degree), weights).data()];
    result.curves.push(fine.map((x, i) => [x, smooth[i]]));
    result.training.push([degree, meanSquare(ys.map((y, i) => y - seen[i]))]);
    // New points carry the same noise, whose variance is NOISE² / 4.
    result.test.push([degree, meanSquare(fine.map((x, i) => smooth[i] - curve(x))) + NOISE ** 2 / 4]);
  }
  return result;
}

/** Ways to hold a network back: what changes in its layers and in its training. */
const WAYS = {
  nothing: {},
  "L1 penalty": { dense: { kernelRegularizer: regularizers.l1(0.0003) } },
  "L2 penalty": { dense: { kernelRegularizer: regularizers.l2(0.002) } },
  "L1 and L2": { dense: { kernelRegularizer: regularizers.l1l2({ l1: 0.0001, l2: 0.001 }) } },
  "weights held orthogonal": { dense: { kernelRegularizer: regularizers.orthogonal({ factor: 0.001, mode: "columns" }) } },
  "penalty on activities": { dense: { activityRegularizer: regularizers.l2(0.0003) } },
  "weight decay": { optimizer: () => optimizers.adamw({ learningRate: 0.002, weightDecay: 0.3 }) },
  "weights at most 1 long": { dense: { kernelConstraint: constraints.maxNorm({ maxValue: 1 }) } },
  dropout: { after: () => layers.dropout({ rate: 0.5 }) },
  "noise on inputs": { before: () => layers.gaussianNoise({ stddev: 0.35, inputShape: [784] }) },
  "noise on units": { after: () => layers.gaussianDropout({ rate: 0.5 }) },
  "batch normalisation": { after: () => layers.batchNormalization() },
  "label smoothing": { smoothing: 0.2 },
  "early stopping": { stop: true },
  "images moved a little": { augment: imageAugmenter({ height: 28, width: 28, seed: 1, shift: 2, rotation: 10 }) },
  "a smaller network": { units: 8 },
  "five networks' mean": { networks: 5 },
  "three times the data": { more: 3 },
};

/** Trains on the first `size` images in one way. test, training: losses without penalties; curve: the test loss after each epoch. */
async function train({ units = 128, dense = {}, before, after, optimizer, smoothing = 0, stop = false, augment, networks = 1 }, { all, held, size, epochs }) {
  const [x, y] = [imagesOf(all, { count: size }), oneHot(tensor(Int32Array.from(all.labels.subarray(0, size))), 10)];
  const heldOut = [imagesOf(held), oneHot(tensor(Int32Array.from(held.labels)), 10)];
  const models = [];
  const runs = [];
  for (let seed = 2; seed < 2 + networks; seed++) {
    const parts = [before?.(), layers.dense({ units, activation: "relu", inputShape: [784], ...dense }), after?.(), layers.dense({ units: 10, activation: "softmax" })];
    const model = sequential({ seed, layers: parts.filter((layer) => layer !== undefined) });
    model.compile({ optimizer: optimizer?.() ?? adam({ learningRate: 0.002 }), loss: { name: "categoricalCrossentropy", labelSmoothing: smoothing }, metrics: ["categoricalCrossentropy"] });
    const stopping = stop ? [callbacks.earlyStopping({ monitor: "val_categoricalCrossentropy", mode: "min", patience: 4, restoreBestWeights: true })] : [];
    const { history } = await model.fit(x, y, { epochs, batchSize: 25, validationData: heldOut, callbacks: stopping, ...(augment && { augment }) });
    models.push(model);
    runs.push(history.val_categoricalCrossentropy);
  }
  const lossOn = async ([inputs, labels]) => {
    const predictions = await Promise.all(models.map((model) => model.predict(inputs)));
    return (await losses.categoricalCrossentropy(labels, classics.averageOf(predictions)).mean().data())[0];
  };
  return { test: await lossOn(heldOut), training: await lossOn([x, y]), curve: runs[0] };
}

export default example(
  import.meta.url,
  "Underfitting, overfitting, and what helps",
  "A model that is too simple misses the pattern; one that is free to follow every point learns the noise as well. The gap between the error on training data and on new data shows which. Seventeen ways to close it, on the same few images with the same wrong labels among them.",
  async ({ page, small, say }) => {
    const degrees = Array.from({ length: 23 }, (_, i) => i);
    const { points, truth, curves, training, test } = await byComplexity(degrees);
    page.heading("By complexity").text("Polynomials through 30 noisy points. A straight line underfits, degree 5 is about right, degree 22 goes through nearly every point and swings wildly between them.");
    page.plot({ "degree 1": curves[1], "degree 5": curves[5], "degree 22": { line: curves[22], thin: true }, "the truth": { line: truth, dashed: true, color: "#495057" }, points: { dots: points, color: "#495057" } }, { x: "x", y: "y", xRange: [-1, 1], yRange: [-2, 2], height: 300 });
    page.plot({ "the 30 points": training, "new points": test }, { x: "degree of the polynomial", y: "squared error", log: true, height: 300 });

    // One label in eight is wrong, as labels are: what a network learns by heart then hurts.
    const count = small ? 150 : 300;
    const all = generateDigits({ count: 3 * count, seed: 3 });
    for (let i = 3; i < all.labels.length; i += 8) all.labels[i] = (all.labels[i] + 1 + (i % 9)) % 10;
    const setting = { all, held: generateDigits({ count: small ? 400 : 1000, seed: 3, first: 50_000 }), epochs: small ? 30 : 60 };
    const results = {};
    for (const [name, { more = 1, ...way }] of Object.entries(WAYS)) {
      results[name] = await train(way, { ...setting, size: count * more });
      say(`${name.padEnd(24)} loss on new images ${results[name].test.toFixed(3)}`);
    }
    page.heading("By regulariser").text(`A network of 128 hidden units learns ${count} images of digits, one in eight with a wrong label. Without anything it knows all of them by heart, wrong labels included, and its loss on new images turns around and rises.`);
    page.bars(["training images", "new images"], Object.entries(results).map(([name, { training: seen, test: loss }]) => [name, [seen, loss]]).sort(([, [, a]], [, [, b]]) => a - b), "Cross-entropy, the best on new images first.");
    const shown = ["nothing", "L2 penalty", "dropout", "early stopping", "images moved a little", "three times the data"];

    const volumes = { "training images": [], "new images": [] };
    for (const size of small ? [50, 150, 450] : [50, 100, 200, 400, 900]) {
      const { training: seen, test: loss } = await train({}, { ...setting, size });
      volumes["training images"].push([String(size), seen]);
      volumes["new images"].push([String(size), loss]);
    }
    page.heading("Epoch by epoch, and by the amount of data").text("On the left, the loss on new images while some of them learn. On the right, the same network with nothing against overfitting but more images.");
    page.plot(Object.fromEntries(shown.map((name) => [name, results[name].curve])), { y: "loss on new images" }).plot(volumes, { x: "images to learn from", y: "loss" });

    const best = test.reduce((least, point) => (point[1] < least[1] ? point : least));
    const { nothing, ...ways } = results;
    return {
      "best degree": best[0],
      "degree 0: error, times the best": test[0][1] / best[1],
      "degree 22: error, times the best": test.at(-1)[1] / best[1],
      "gap of the network": nothing.test - nothing.training,
      [`ways that helped, of ${Object.keys(ways).length}`]: Object.values(ways).filter((way) => way.test < nothing.test).length,
      "loss with most data, to that with least": volumes["new images"].at(-1)[1] / volumes["new images"][0][1],
    };
  },
);
