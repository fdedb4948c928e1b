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
const dataset = data.generator(examples);
const losses = [];
let peakBytes = 0;
const all = hold ? await dataset.toArray() : undefined;
for await (const { xs, ys } of (all ? data.array(all) : dataset).batch(BATCH).prefetch(1)) {
  losses.push((await model.trainOnBatch(xs, ys)).loss);
  peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed);
}
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
console.log(JSON.stringify({ dataBytes: BATCHES * BATCH * FEATURES * 8, peakBytes, rssBytes: process.resourceUsage().maxRSS * 1024, steps: losses.length, first: mean(losses.slice(0, 20)), last: mean(losses.slice(-20)) }));
