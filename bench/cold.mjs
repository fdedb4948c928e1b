// Measures starts: from the start of a process to its first prediction, less what an empty Node takes. Contenders by turns, in rounds.
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { contendersFor, nodeCommand, script } from "./contenders.mjs";
import { inputsOf, writeTensors } from "./data.mjs";
import { startingWeights } from "./networks.mjs";
import { onnxModel } from "./peers/onnx.mjs";
import { expectedElements } from "./reference/ops.mjs";
import { digits, median } from "./rounds.mjs";

/** Starts vary more than anything else here, and cost little. */
const ROUNDS_A_ROUND = 3;

/** Lines as measure() of rounds.mjs gives them. ms: the median over the rounds of what came on top of the empty Node; best: the best start less its best. */
export async function measureStarts(job, options, machine, folder) {
  const weights = startingWeights(job);
  const inputs = inputsOf(job, 1);
  prepare(job, machine, folder, weights, inputs);
  const expected = expectedElements({ ...job, kind: "infer" }, inputs, weights).map(({ value }) => value);
  const empty = { command: nodeCommand(machine, "cold/empty.mjs"), env: {} };
  const empties = [];
  const runners = starts(options, machine, job).map((runner) => ({ ...runner, times: [] }));
  // The first round only brings the files into the machine's cache.
  for (let round = 0; round <= ROUNDS_A_ROUND * options.rounds; round++) {
    empties.push((await once(empty, folder)).ms);
    for (const runner of runners.filter(({ error }) => error === undefined)) {
      const { ms, result, error } = await once(runner, folder, machine);
      runner.error = error ?? wrong(result, expected);
      runner.times.push(ms);
    }
  }
  return runners.map(({ contender, threads, numerics, error, times }) => {
    const place = { job: job.name, contender, threads, numerics };
    if (error !== undefined) return { ...place, error };
    const rounds = times.map((ms, i) => digits(ms - empties[i])).slice(1);
    return { ...place, ms: digits(median(rounds)), best: digits(Math.min(...times) - Math.min(...empties)), rounds };
  });
}

/** edgegrad by either of its entries, and the peers as far as they are there; one thread each. */
function starts(options, machine, job) {
  const own = (contender, file) => ({ contender, threads: 1, numerics: "reproducible", command: nodeCommand(machine, file), env: {} });
  const peers = contendersFor(job, { threads: [1], numerics: [], peers: options.peers }, machine).map((peer) => {
    if (peer.error) return peer;
    const [program, file] = peer.command;
    return { ...peer, command: [program, script(`peers/cold/${file.split("/").at(-1)}`)] };
  });
  return [own("edgegrad", "cold/edgegrad.mjs"), own("edgegrad/run", "cold/run.mjs"), ...peers];
}

/** Writes what the starts read. */
function prepare(job, machine, folder, weights, [x]) {
  for (const tensor of [...weights, x]) writeTensors(join(folder, tensor.name), [[tensor]]);
  writeFileSync(join(folder, "mlp.onnx"), onnxModel(job, weights));
  const [node, ...save] = nodeCommand(machine, "cold/save.mjs");
  execFileSync(node, [...save, folder, machine.edgegrad]);
}

/** One start: milliseconds to the first line it prints, and what stands there. */
function once({ command: [program, ...args], env }, folder, machine) {
  return new Promise((resolve) => {
    let output = "";
    let ms;
    const begin = performance.now();
    const child = spawn(program, [...args, folder, ...(machine ? [machine.edgegrad] : [])], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.setEncoding("utf8").on("data", (text) => {
      ms ??= performance.now() - begin;
      output += text;
    });
    child.on("error", (error) => resolve({ error: error.message }));
    child.on("close", (code) => resolve(ms === undefined || code !== 0 ? { error: `ended with exit code ${code}, and printed nothing` } : { ms, result: JSON.parse(output) }));
  });
}

function wrong(result, expected) {
  const at = expected.findIndex((value, i) => !(Math.abs(result[i] - value) <= 1e-5));
  return at < 0 ? undefined : `wrong result: y[${at}] is ${result[at]}, expected ${expected[at]}`;
}
