// Trains a model on generated digits and prints, as JSON, what the platform test compares. The same in every runtime; closes nothing, and has to end.
//   train.mjs '{"model": "mlp", "steps": 100, "optimizer": "rmsprop", "threads": 2}'
import { generatedDigits } from "../../dist/data/mnist.js";
import { init, threads } from "../../dist/engine/index.js";
import { trainDigits } from "../../dist/cli/training.js";
import { weightsSha256 } from "../../dist/cli/weightsSha256.js";

export async function train({ threads: wanted, ...options }) {
  await init({ threads: wanted });
  const { model, epochs } = await trainDigits(generatedDigits(), { ...options, epochs: 5, batchSize: 128, seed: 1 });
  return { weightsSha256: await weightsSha256(model), loss: epochs[0].loss, threads: threads().ready };
}

if (typeof process === "object") console.log(JSON.stringify(await train(JSON.parse(process.argv[2]))));
