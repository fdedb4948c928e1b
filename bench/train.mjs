// npm run bench: training steps against the peers, in one run. Contenders take turns in rounds; every step has new inputs; all start from the same
// weights, and their losses must agree before a ratio counts. Prints a JSON line a job and contender, then the ratios.
//   node bench/train.mjs [--jobs mlp,lenet] [--rounds 5] [--steps 10] [--json]
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

const here = (path) => new URL(path, import.meta.url).pathname;
const { values } = parseArgs({
  options: { jobs: { type: "string", default: "mlp,lenet" }, rounds: { type: "string", default: "5" }, steps: { type: "string", default: "10" }, json: { type: "boolean", default: false } },
});

const CONTENDERS = {
  edgegrad: { file: here("./edgegrad.mjs"), env: {} },
  "edgegrad-fast": { file: here("./edgegrad.mjs"), env: { NUMERICS: "fast" }, flags: ["--experimental-wasm-relaxed-simd"] },
  "tfjs-wasm": { file: here("./peers/tfjs.mjs"), env: {} },
  "jax-js": { file: here("./peers/jax.mjs"), env: {} },
};
/** Losses of the first steps may differ by the order of float32 sums, and by what a step makes of that. */
const TOLERANCE = 2e-3;
const COMPARED_STEPS = 5;
/** A slow contender gets fewer steps a round. */
const ROUND_MS = 4000;

if (!existsSync(here("./peers/node_modules"))) console.error("bench: the peers are not installed (npm ci --prefix bench/peers); their rows will be missing.");
for (const job of values.jobs.split(",")) await bench(job);

async function bench(job) {
  const runners = [];
  for (const [name, { file, env, flags = [] }] of Object.entries(CONTENDERS)) {
    const child = fork(file, { execArgv: flags, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const runner = { name, child, times: [], losses: [], next: 0 };
    const made = await ask(runner, { make: job });
    if (made.error) console.log(JSON.stringify({ job: `train:${job}`, contender: name, error: made.error }));
    else runners.push(runner);
    if (made.error) child.kill();
  }
  // Warm-up: enough steps for the engine's second compiler.
  for (const runner of runners) await run(runner, COMPARED_STEPS, false);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (let i = 0; i < runners.length; i++) {
      const runner = runners[(i + round) % runners.length];
      const last = runner.times.at(-1) ?? runner.warm;
      await run(runner, Math.max(1, Math.min(Number(values.steps), Math.floor(ROUND_MS / last))), true);
    }
  }
  report(job, runners);
  for (const { child } of runners) child.kill();
}

async function run(runner, steps, counts) {
  const { times, losses, error } = await ask(runner, { steps, first: runner.next });
  if (error) throw new Error(`${runner.name}: ${error}`);
  runner.next += steps;
  runner.losses.push(...losses);
  if (counts) runner.times.push(...times);
  runner.warm = median(times);
}

function ask(runner, message) {
  return new Promise((resolve) => {
    const exit = (code) => resolve({ error: `exited with ${code}` });
    runner.child.once("exit", exit);
    runner.child.once("message", (answer) => {
      runner.child.off("exit", exit);
      resolve(answer);
    });
    runner.child.send(message);
  });
}

function report(job, runners) {
  const own = runners.find(({ name }) => name === "edgegrad");
  if (own === undefined) throw new Error(`train:${job}: edgegrad itself could not run`);
  for (const { name, times, losses } of runners) {
    const off = Math.max(...losses.slice(0, COMPARED_STEPS).map((loss, i) => Math.abs(loss - own.losses[i]) / Math.abs(own.losses[i])));
    const agrees = off <= TOLERANCE;
    const line = { job: `train:${job}`, contender: name, ms: round(median(times)), best: round(Math.min(...times)), steps: times.length, ratio: round(median(times) / median(own.times)), lossDifference: off, agrees };
    console.log(values.json ? JSON.stringify(line) : `${line.job}  ${name.padEnd(14)} ${String(line.ms).padStart(9)} ms a step (best ${line.best}), ${line.ratio} × edgegrad, losses ${agrees ? "agree" : "DIFFER"} (${off.toExponential(1)})`);
    if (!agrees) process.exitCode = 1;
  }
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}

function round(x) {
  return Number(x.toPrecision(4));
}
