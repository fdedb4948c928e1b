// Trains a model on generated digits and prints, as JSON, what the platform test compares. The same in every runtime; closes nothing, and has to end.
//   train.mjs '{"model": "mlp", "steps": 100, "optimizer": "rmsprop", "threads": 2}'
import { generatedDigits } from "../../dist/data/mnist.js";
import { compile, init, tensor, threads } from "../../dist/engine/index.js";
import { Pace } from "../../dist/runtime/wasm/pace.js";
import { trainDigits } from "../../dist/cli/training.js";
import { weightsSha256 } from "../../dist/cli/weightsSha256.js";

/** Threads that have not started by then will not. */
const STARTING_MS = 30_000;

export async function train({ threads: wanted, ...options }) {
  // However short its steps and few the cores: every run is shared by all threads.
  for (const name of ["isLong", "together"]) Object.defineProperty(Pace.prototype, name, { get: () => true });
  await init({ threads: wanted });
  await allReady(wanted);
  const { model, epochs } = await trainDigits(generatedDigits(), { ...options, epochs: 5, batchSize: 128, seed: 1 });
  return { weightsSha256: await weightsSha256(model), loss: epochs[0].loss, threads: threads().ready };
}

/** Runs a program, which starts the threads, until they are there. */
async function allReady(wanted) {
  const x = tensor(new Float32Array(128 * 128), [128, 128]);
  const product = compile((a) => a.matmul(a));
  for (const begin = performance.now(); threads().ready < wanted && performance.now() - begin < STARTING_MS; ) {
    await product.callAsync(x);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

if (typeof process === "object") console.log(JSON.stringify(await train(JSON.parse(process.argv[2]))));
