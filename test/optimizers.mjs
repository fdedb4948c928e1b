// `npm run test:optimizers -- --data DIR [--train N] [NAME …]`: every optimizer trains 784-512-10 for three epochs, at its default rate or the stated one;
// test accuracy against 0.97, which takes real MNIST. Muon's step alone costs 30 of the others': its matrices are multiplied 18 times a step.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { init, layers, loadMnist, sequential, tensor, train } from "../dist/index.js";

const EXPECTED = 0.97;
const ROWS = JSON.parse(readFileSync(new URL("optimizers.json", import.meta.url), "utf8"));

const { values, positionals } = parseArgs({ options: { data: { type: "string" }, train: { type: "string" } }, allowPositionals: true });
const digits = await loadMnist(values.data === undefined ? {} : { data: values.data });
console.log(digits.description);
await init();
const [x, y] = pixels(digits.train, Number(values.train ?? digits.train.count));
const [testX, testY] = pixels(digits.test, digits.test.count);

let failed = false;
for (const name of positionals.length > 0 ? positionals : Object.keys(ROWS)) {
  const optimizer = train.getOptimizer(ROWS[name].name, ROWS[name].options);
  const rate = optimizer.learningRate;
  const model = sequential({ seed: 1, layers: [layers.dense({ units: 512, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
  model.compile({ optimizer, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const start = performance.now();
  const problem = await model.fit(x, y, { epochs: 3, batchSize: 128 }).then(() => "", (error) => `  ${error.message}`);
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = await model.evaluate(testX, testY, { batchSize: 512 });
  const good = accuracy >= EXPECTED;
  failed ||= !good;
  console.log(`${name.padEnd(28)} learning rate ${String(rate).padEnd(7)} accuracy ${accuracy.toFixed(4)}  ${((1000 * seconds) / optimizer.iterations).toFixed(2).padStart(6)} ms a step  ${good ? "reached" : "MISSED"}${problem}`);
}
process.exit(failed ? 1 : 0);

function pixels({ images, labels }, count) {
  return [tensor(Float32Array.from(images.subarray(0, 784 * count), (byte) => byte / 255), [count, 784]), labels.subarray(0, count)];
}
