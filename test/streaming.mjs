// Trains on more than Node may hold: `node --max-old-space-size=64 test/streaming.mjs`. Each batch is made as arrays of numbers, used, and forgotten; with
// `--hold` all of them are kept instead, and Node stops for want of memory. Prints one line of JSON.
import { data, init, layers, sequential } from "../dist/index.js";

const [BATCHES, BATCH, FEATURES] = [400, 64, 1000];
const hold = process.argv.includes("--hold");

/** x is a wave of its number; y the mean of a few of its values. */
function* examples() {
  for (let n = 0; n < BATCHES * BATCH; n++) {
    const xs = Array.from({ length: FEATURES }, (_, k) => Math.sin(n * 0.37 + k * 0.11) * 0.5);
    yield { xs, ys: [xs[1] + xs[2] - xs[3]] };
  }
}

await init();
const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [FEATURES] })] });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });
const dataset = hold ? data.array(await data.generator(examples).toArray()) : data.generator(examples);
const sums = []; // of the losses up to each step
let peakBytes = 0;
const watch = {
  onBatchEnd: (step, { loss }) => {
    sums.push(loss * (step + 1));
    peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed);
  },
};
await model.fitDataset(dataset.batch(BATCH).prefetch(1), { epochs: 1, callbacks: [watch] });
console.log(JSON.stringify({ dataBytes: BATCHES * BATCH * FEATURES * 8, peakBytes, rssBytes: process.resourceUsage().maxRSS * 1024, steps: sums.length, first: sums[19] / 20, last: (sums.at(-1) - sums.at(-21)) / 20 }));
