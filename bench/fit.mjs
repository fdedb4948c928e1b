// What fit adds to the bare compiled step: the MLP 784-512-10, batches of 128, with accuracy, history and a progress bar.
// Both take the same steps in turn; printed are medians of the processor's milliseconds a step, which other processes disturb less than the clock's.
import { init, layers, progressBar, sequential, sgd, tensor } from "../dist/bundle/node/index.js";

const [BATCH, STEPS, EPOCHS, ROUNDS] = [128, 10, 3, Number(process.argv[2] ?? 25)];
await init({ threads: 1 });

const model = sequential({ seed: 1, layers: [layers.dense({ units: 512, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
model.compile({ optimizer: sgd(0.01), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
const count = BATCH * STEPS;
const images = Float32Array.from({ length: count * 784 }, (_, i) => ((i * 7919) % 256) / 255);
const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
const [x, y] = [{ data: images, shape: [count, 784] }, { data: labels, shape: [count] }];
const callbacks = progressBar({ writer: { isTTY: true, write: () => {} } });

const bare = model.trainStep.run;
const batch = [tensor(images.subarray(0, BATCH * 784), [BATCH, 784]), tensor(labels.subarray(0, BATCH), [BATCH])];

async function fitted() {
  await model.fit(x, y, { batchSize: BATCH, epochs: EPOCHS, callbacks });
}
function compiled() {
  for (let step = 0; step < EPOCHS * STEPS; step++) bare(...batch);
}
async function timed(work) {
  const begin = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000 / EPOCHS / STEPS;
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

await fitted();
compiled();
const times = { fitted: [], compiled: [], overhead: [] };
for (let round = 0; round < ROUNDS; round++) {
  const [a, b] = round % 2 ? [await timed(fitted), await timed(compiled)] : [await timed(compiled), await timed(fitted)].reverse();
  times.fitted.push(a);
  times.compiled.push(b);
  times.overhead.push(100 * (a / b - 1));
}
const spread = (values) => `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)} … ${Math.max(...values).toFixed(3)})`;
console.log(`${ROUNDS} rounds of ${EPOCHS} epochs of ${STEPS} steps, in turn, one thread`);
console.log(`compiled step: ${spread(times.compiled)} ms`);
console.log(`step of fit:   ${spread(times.fitted)} ms`);
console.log(`overhead:      ${median(times.overhead).toFixed(1)} %, the median of the rounds (of the medians ${(100 * (median(times.fitted) / median(times.compiled) - 1)).toFixed(1)} %); at most 5 % wanted`);
if (process.argv.includes("--check") && median(times.overhead) > 5) process.exitCode = 1;
