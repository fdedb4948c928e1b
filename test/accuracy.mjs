// `npm run test:accuracy -- --data DIR [mlp lenet cnn]`: test accuracy after five epochs on real MNIST, over seeds, against what is expected.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const EXPECTED = {
  mlp: { optimizer: "rmsprop", seeds: 5, mean: 0.978, each: 0.975 },
  lenet: { optimizer: "adam", seeds: 3, mean: 0.988, each: 0 },
  cnn: { optimizer: "adam", seeds: 3, mean: 0.991, each: 0 },
};

const { values, positionals } = parseArgs({ options: { data: { type: "string" } }, allowPositionals: true });
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
let failed = false;
for (const model of positionals.length > 0 ? positionals : Object.keys(EXPECTED)) {
  const { optimizer, seeds, mean, each } = EXPECTED[model];
  const accuracies = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const args = ["train", "digits", "--model", model, "--optimizer", optimizer, "--epochs", "5", "--batch-size", "128", "--seed", String(seed), "--json"];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args, ...(values.data ? ["--data", values.data] : [])]);
    const { testAccuracy, epochs, stepMs } = JSON.parse(stdout);
    if (seed === 1) console.log(stderr.split("\n")[0]);
    accuracies.push(testAccuracy);
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    console.log(`${model} seed ${seed}: ${testAccuracy.toFixed(4)}; epoch 1 loss ${epochs[0].loss.toFixed(4)} accuracy ${epochs[0].accuracy.toFixed(4)}; ${stepMs.toFixed(2)} ms a step, ${seconds.toFixed(0)} s`);
  }
  const reached = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / seeds;
  const good = reached >= mean && Math.min(...accuracies) >= each;
  failed ||= !good;
  console.log(`${model} mean ${reached.toFixed(4)}, expected ${mean}${each ? ` and each ${each}` : ""}: ${good ? "reached" : "MISSED"}`);
}
process.exit(failed ? 1 : 0);
