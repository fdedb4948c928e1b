// Measures one job: every contender in a process of its own, turn by turn in rounds, each round with new inputs and with what came out checked.
// Only the one whose turn it is computes.
import { join } from "node:path";
import { contendersFor } from "./contenders.mjs";
import { inputsOf, readTensors, writeTensors } from "./data.mjs";
import { startingWeights } from "./networks.mjs";
import { ContenderProcess } from "./process.mjs";
import { expectedElements } from "./reference/ops.mjs";
import { trainingLosses } from "./reference/training.mjs";

/** Sets of inputs that the calls of a turn go through in turn. */
const SETS = 2;
/** Training steps whose losses are compared with the reference's. */
const CHECKED_STEPS = 3;
/** Losses after a few steps differ by the order of float32 sums, and by what the optimizer's roots make of that. */
const LOSS_TOLERANCE = 2e-3;
/** Turns before the first that counts: until V8 has compiled the kernels again, for speed. It exchanges functions of WebAssembly between calls only. */
const WARM_TURNS = 3;
/** A limit's turn, as a share of the others'. */
const LIMIT_SHARE = 0.3;
/** Who needs longer for one call has a single round. */
const SLOW_MS = 1500;
/** Threads that spin before they sleep get the time to. */
const PAUSE_MS = 25;

/**
 * Runs `rounds` rounds of `ms` milliseconds a contender. folder: where tensors are exchanged.
 * Returns a line a contender: { job, contender, threads, numerics, ms, best, cpu, rounds, gflops?, gbps?, ofLimit? }, or with error in place of the times.
 */
export async function measure(job, options, machine, folder) {
  const runners = contendersFor(job, options, machine).map((contender) => ({ ...contender, rounds: [], cpu: [], best: Infinity }));
  const weights = job.network ? startingWeights(job) : [];
  const files = weights.length > 0 ? writeTensors(join(folder, "weights"), [weights]) : undefined;
  const able = () => runners.filter(({ error }) => error === undefined);
  try {
    const first = inputs(job, 0, CHECKED_STEPS, folder);
    for (const runner of able()) await start(runner, job, files, first, weights, folder);
    for (const ms of [WARM_TURNS * options.ms, options.ms]) for (const runner of able()) await warm(runner, ms);
    for (let round = 0; round < options.rounds; round++) {
      const fresh = inputs(job, round + 1, SETS, folder);
      const list = able();
      for (let i = 0; i < list.length; i++) await turn(list[(i + round) % list.length], job, fresh, weights, round, options, folder);
    }
  } finally {
    for (const { process } of runners) process?.end();
  }
  return withLimits(runners.map((runner) => line(job, runner)));
}

/** Inputs for `count` calls, in memory and in a file. */
function inputs(job, round, count, folder) {
  if (Object.keys(job.inputs).length === 0) return {};
  const sets = Array.from({ length: count }, (_, i) => inputsOf(job, round * CHECKED_STEPS + i + 1));
  return { sets, files: writeTensors(join(folder, "inputs"), sets) };
}

async function start(runner, job, files, first, weights, folder) {
  runner.process = new ContenderProcess(runner.command, runner.env);
  const made = await ask(runner, { make: job, weights: files });
  if (runner.error) return;
  runner.work = made.work ?? { flops: job.flops, bytes: job.bytes };
  const calls = job.kind === "train" ? CHECKED_STEPS : 1;
  const answer = await ask(runner, { turn: { ...given(runner, first), calls, out: outputs(job, runner, folder) } });
  if (runner.error) return;
  runner.callMs = answer.ms;
  if (job.kind === "train" && !isLimit(runner)) runner.error = wrongLosses(answer.losses, referenceLosses(job, weights, first.sets, made.form));
  else check(runner, job, first.sets, answer, weights);
  if (runner.error) runner.process.end();
}

async function warm(runner, ms) {
  if (runner.callMs > SLOW_MS) return;
  const answer = await ask(runner, { turn: { ms: turnMs(runner, ms) } });
  if (runner.error === undefined) runner.callMs = answer.ms;
}

async function turn(runner, job, fresh, weights, round, options, folder) {
  if (runner.callMs > SLOW_MS && round > 0) return;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const answer = await ask(runner, { turn: { ...given(runner, fresh), ms: turnMs(runner, options.ms), out: outputs(job, runner, folder) } });
  if (runner.error !== undefined) return;
  if (!answer.losses.every(Number.isFinite)) runner.error = "wrong result: a loss is not finite";
  else check(runner, job, fresh.sets, answer, weights);
  runner.rounds.push(answer.ms);
  runner.cpu.push(answer.cpu);
  runner.best = Math.min(runner.best, answer.best);
}

/** Asks, and notes what went wrong. */
async function ask(runner, message) {
  const answer = await runner.process.ask(message);
  if (answer.error !== undefined) {
    runner.error = answer.error;
    runner.process.end();
  }
  return answer;
}

function given(runner, { files }) {
  return isLimit(runner) ? {} : { inputs: files };
}

function turnMs(runner, ms) {
  return isLimit(runner) ? LIMIT_SHARE * ms : ms;
}

function outputs(job, runner, folder) {
  return Object.keys(job.outputs).length === 0 || isLimit(runner) ? undefined : join(folder, "outputs");
}

function isLimit({ contender }) {
  return contender.startsWith("limit:");
}

/** Compares what a call gave with the reference, and notes the first element that is off. */
function check(runner, job, sets, { set, outputs: files }, weights) {
  if (files === undefined) return;
  const given = Object.fromEntries(readTensors(files)[0].map(({ name, data }) => [name, data]));
  for (const { name, index, value, tolerance } of referenceElements(job, sets[set], weights)) {
    const got = given[name]?.[index];
    if (Math.abs(got - value) <= tolerance) continue;
    runner.error = `wrong result: ${name}[${index}] is ${got}, expected ${value} within ${tolerance.toExponential(1)}`;
    runner.process.end();
    return;
  }
}

/** By inputs, for all contenders of a round; by optimizer form, for all of a job. */
const elements = new WeakMap();
const losses = new WeakMap();

function referenceElements(job, set, weights) {
  if (!elements.has(set)) elements.set(set, expectedElements(job, set, weights));
  return elements.get(set);
}

function referenceLosses(job, weights, sets, form) {
  if (!losses.has(sets)) losses.set(sets, {});
  return (losses.get(sets)[form] ??= trainingLosses(job, weights, sets, form));
}

function wrongLosses(got, expected) {
  const step = expected.findIndex((loss, i) => !(Math.abs(got[i] - loss) <= LOSS_TOLERANCE * loss));
  return step < 0 ? undefined : `wrong result: the loss of step ${step + 1} is ${got[step]}, expected ${expected[step]}`;
}

function line(job, { contender, threads, numerics, error, rounds, best, cpu, work }) {
  const place = { job: job.name, contender, threads, numerics };
  if (error !== undefined) return { ...place, error };
  const ms = median(rounds);
  return {
    ...place,
    ms: digits(ms),
    best: digits(best),
    cpu: digits(median(cpu)),
    ...(work.flops > 0 && { gflops: digits(work.flops / ms / 1e6) }),
    ...(work.bytes > 0 && { gbps: digits(work.bytes / ms / 1e6) }),
    rounds: rounds.map(digits),
  };
}

/** Adds to each line its share of what the machine gave in the same rounds: one core's arithmetic, or its memory. */
export function withLimits(lines) {
  return lines.map((each) => {
    const [unit, limit] = each.gflops !== undefined ? ["gflops", "limit:gemm"] : ["gbps", "limit:triad"];
    const most = lines.find(({ job, contender, numerics }) => job === each.job && contender === limit && (limit === "limit:triad" || numerics === (each.numerics ?? "reproducible")))?.[unit];
    return most && each[unit] ? { ...each, ofLimit: digits(each[unit] / most) } : each;
  });
}

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export function digits(x) {
  return Number(x.toPrecision(4));
}
