// The machine's limits as contenders. Environment: LIMIT (gemm, triad or cores), THREADS (cores only), MODULE (what build.mjs made).
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { serve } from "../worker.mjs";
import { fastestLoop, instantiate } from "./instance.mjs";
import { ROUND_FLOPS } from "./source.mjs";

const MODULE = process.env.MODULE;
/** As the chain of a million floats: two sets of inputs, one result. */
const TRIAD_FLOATS = 1 << 20;
/** Long enough that waking the other threads does not count, short enough to fit many into a turn. */
const CORES_ROUNDS = 1_200_000;
const GEMM_ROUNDS = 100_000;

const LIMITS = { gemm, triad, cores };

serve(() => LIMITS[process.env.LIMIT](Number(process.env.THREADS)));

async function gemm() {
  const loop = await fastestLoop(readFileSync(MODULE));
  return { work: { flops: GEMM_ROUNDS * ROUND_FLOPS }, call: () => void loop(GEMM_ROUNDS) };
}

function triad() {
  const bytes = 4 * TRIAD_FLOATS;
  const { exports, memory } = instantiate(readFileSync(MODULE), 7 * bytes);
  new Float32Array(memory.buffer).fill(0.5);
  const at = (i) => 65536 + i * bytes;
  return {
    work: { bytes: 4 * bytes },
    sets: 2,
    call: (set) => exports.triad(at(0), at(3 * set + 1), at(3 * set + 2), at(3 * set + 3), TRIAD_FLOATS),
  };
}

/** All threads run the loop of gemm at once; a call ends with the last of them. */
async function cores(threads) {
  const loop = await fastestLoop(readFileSync(MODULE));
  /** Calls begun; threads done with the latest. */
  const signal = new Int32Array(new SharedArrayBuffer(8));
  const others = Array.from({ length: threads - 1 }, () => new Worker(new URL("./thread.mjs", import.meta.url), { workerData: { signal, module: MODULE, rounds: CORES_ROUNDS } }));
  await Promise.all(others.map((other) => new Promise((resolve) => other.once("message", resolve))));
  return {
    work: { flops: threads * CORES_ROUNDS * ROUND_FLOPS },
    call() {
      Atomics.store(signal, 1, 0);
      Atomics.add(signal, 0, 1);
      Atomics.notify(signal, 0);
      loop(CORES_ROUNDS);
      for (let done = Atomics.load(signal, 1); done < others.length; done = Atomics.load(signal, 1)) Atomics.wait(signal, 1, done);
    },
  };
}
