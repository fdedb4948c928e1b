// A contender's side of the bench: a process that makes one job and runs it when it is told to. peers/pytorch.py is the same in Python.
//
// Lines of JSON come on standard input, answers go to file descriptor 3, one a line; what libraries print goes nowhere.
//   { make: job, weights: files }                  → { form?, work? } or { error }
//   { turn: { inputs: files, ms | calls, out } }   → { ms, best, cpu, calls, set, losses, outputs: files } or { error }
// A turn runs calls on the sets of inputs, by turns, until the time is up, then hands over what the last call gave. Without inputs it goes on with those
// it has. "files": see data.mjs.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { readTensors, writeTensors } from "./data.mjs";

/** Samples shorter than this are mostly the clock. */
const SAMPLE_MS = 4;

/**
 * @param make (job, weights: { name, shape, data }[]) => {
 *   load(sets): takes new inputs, { name: { shape, data } } each; not timed
 *   call(i): computes set i; its result, or its promise's, is a loss where the job is training. Timed: the result must be there when it ends
 *   read(): what the last call gave, { name, data } each, images channels-last; not timed
 *   form?: how the optimizer places its epsilon, "inside" or "outside" the root
 *   work?: { flops } or { bytes } of a call, where the job does not say   sets?: how many sets it has of its own
 * }
 */
export async function serve(make) {
  let contender;
  const state = { callMs: SAMPLE_MS, sets: 1 };
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    try {
      if (message.make) {
        contender = await make(message.make, message.weights ? readTensors(message.weights)[0] : []);
        answer({ form: contender.form, work: contender.work });
      } else {
        answer(await turn(contender, message.turn, state));
      }
    } catch (error) {
      answer({ error: String(error?.message ?? error).split("\n")[0].slice(0, 300) });
    }
  }
  process.exit(0);
}

async function turn(contender, { inputs, ms = Infinity, calls: wanted = Infinity, out }, state) {
  if (inputs) {
    const sets = readTensors(inputs).map((tensors) => Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor])));
    await contender.load(sets);
    state.sets = sets.length;
  }
  const setCount = contender.sets ?? state.sets;
  const samples = [];
  const losses = [];
  let calls = 0;
  const used = process.cpuUsage();
  const begin = performance.now();
  do {
    const count = Math.min(wanted - calls, Math.max(1, Math.round(SAMPLE_MS / state.callMs)));
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      let loss = contender.call(calls++ % setCount);
      if (loss instanceof Promise) loss = await loss;
      if (typeof loss === "number") losses.push(loss);
    }
    state.callMs = (performance.now() - start) / count;
    samples.push(state.callMs);
  } while (calls < wanted && performance.now() - begin < ms);
  const { user, system } = process.cpuUsage(used);
  samples.sort((a, b) => a - b);
  const result = { ms: samples[samples.length >> 1], best: samples[0], cpu: (user + system) / 1000 / calls, calls, set: (calls - 1) % setCount, losses };
  if (!out) return result;
  const tensors = (await contender.read()).map(({ name, data }) => ({ name, shape: [data.length], data }));
  return { ...result, outputs: writeTensors(out, [tensors]) };
}

function answer(message) {
  writeSync(3, `${JSON.stringify(message)}\n`);
}
