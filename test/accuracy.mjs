// `npm run test:accuracy -- --data DIR [mlp lenet cnn]`: test accuracy after five epochs on real MNIST, over seeds, against what is expected.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const EXPECTED = {
  mlp: { optimizer: "rmsprop", seeds: 5, mean: 0.978, each: 0.975, firstLoss: [0.25, 0.262], firstAccuracy: [0.925, 0.93] },
  lenet: { optimizer: "adam", seeds: 3, mean: 0.988, each: 0 },
  cnn: { optimizer: "adam", seeds: 3, mean: 0.991, each: 0 },
};

const { values, positionals } = parseArgs({ options: { data: { type: "string" } }, allowPositionals: true });
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
let failed = false;
for (const model of positionals.length > 0 ? positionals : Object.keys(EXPECTED)) {
  const { optimizer, seeds, mean, each, ...first } = EXPECTED[model];
  const accuracies = [];
  const firstEpochs = { firstLoss: [], firstAccuracy: [] };
  for (let seed = 1; seed <= seeds; seed++) {
    const args = ["train", "digits", "--model", model, "--optimizer", optimizer, "--epochs", "5", "--batch-size", "128", "--seed", String(seed), "--json"];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args, ...(values.data ? ["--data", values.data] : [])]);
    const { testAccuracy, epochs, stepMs } = JSON.parse(stdout);
    if (seed === 1) console.log(stderr.split("\n")[0]);
    accuracies.push(testAccuracy);
    firstEpochs.firstLoss.push(epochs[0].loss);
    firstEpochs.firstAccuracy.push(epochs[0].accuracy);
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    console.log(`${model} seed ${seed}: ${testAccuracy.toFixed(4)}; epoch 1 loss ${epochs[0].loss.toFixed(4)} accuracy ${epochs[0].accuracy.toFixed(4)}; ${stepMs.toFixed(2)} ms a step, ${seconds.toFixed(0)} s`);
  }
  const reached = average(accuracies);
  const good = reached >= mean && Math.min(...accuracies) >= each;
  failed ||= !good;
  console.log(`${model} mean ${reached.toFixed(4)}, expected ${mean}${each ? ` and each ${each}` : ""}: ${good ? "reached" : "MISSED"}`);
  for (const [name, [low, high]] of Object.entries(first)) {
    const value = average(firstEpochs[name]);
    const inside = value >= low && value <= high;
    failed ||= !inside;
    console.log(`${model} ${name} mean ${value.toFixed(4)}, expected ${low} to ${high}: ${inside ? "reached" : "MISSED"}`);
  }
}
process.exit(failed ? 1 : 0);

function average(list) {
  return list.reduce((sum, x) => sum + x, 0) / list.length;
}
