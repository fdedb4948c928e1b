// Memory over 10,000 training steps and 10,000 predictions: WebAssembly pages and the JavaScript heap at start, middle and end.
// Run with --expose-gc: `npm run test:memory` takes the mlp and lenet, `--tiny` a small network.
import { init, memory } from "../dist/engine/index.js";
import { makeModel } from "../dist/cli/models.js";
import { layers, sequential } from "../dist/nn/index.js";

const STEPS = 10_000;
const tiny = process.argv.includes("--tiny");
await init();
const report = [];
for (const name of tiny ? ["tiny"] : ["mlp", "lenet"]) {
  const model = name === "tiny" ? tinyModel() : makeModel(name, 28, 28, 1);
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  report.push({ name, training: await watch((steps) => trainFor(model, steps)), prediction: await watch((steps) => predictFor(model, steps)) });
}
console.log(JSON.stringify(report));

/** Measures after a warm-up, after half of the steps, and after all. */
async function watch(run) {
  await run(200);
  const seen = [measure()];
  for (let half = 0; half < 2; half++) {
    await run(STEPS / 2);
    seen.push(measure());
  }
  return seen;
}

function measure() {
  // Twice: what finalisers free is collected by the second.
  gc();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { wasmPages: memory().wasmPages, heapBytes: heapUsed, arrayBufferBytes: arrayBuffers };
}

function tinyModel() {
  return sequential({ layers: [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 8, activation: "relu" }), layers.dense({ units: 10, activation: "softmax" })] });
}

/** Ten different batches, over and over: 10 steps an epoch. */
async function trainFor(model, steps) {
  const batch = tiny ? 8 : 128;
  const shape = [10 * batch, ...model.inputShape];
  const x = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i * 7919) % 251);
  const y = Uint8Array.from({ length: 10 * batch }, (_, i) => i % 10);
  await model.fit({ data: x, shape }, { data: y, shape: [y.length] }, { batchSize: batch, epochs: steps / 10 });
}

async function predictFor(model, steps) {
  const size = model.inputShape.reduce((a, b) => a * b);
  for (let step = 0; step < steps; step++) {
    const x = new Uint8Array(size).fill(step % 256);
    await model.predictOnBatch({ data: x, shape: [1, ...model.inputShape] }).data();
  }
}
