// Evaluation and prediction over many examples, batch by batch.
import { allocate } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { borrowed, type Tensor } from "../engine/index.js";
import type { Batch, Source } from "./batches.js";
import type { Logs } from "./callbacks/callback.js";
import type { Model } from "./model.js";
import { ScoreSums } from "./scores.js";
import { Breather } from "./yielding.js";

/** Loss and metrics over one pass, or its first `steps` batches. where: public function, for errors. Throws ValueError when there is no batch. */
export async function evaluateSource(model: Model, source: Source, where: string, steps = Infinity): Promise<Logs> {
  const sums = new ScoreSums(model.goal);
  await eachBatch(source, where, steps, async ({ tensors, count }) => sums.add(await model.evaluationStep.callAsync(...tensors), count));
  return sums.means();
}

/** Results for one pass, or its first `steps` batches: a tensor for each output. Throws ValueError when there is no batch. */
export async function predictSource(model: Model, source: Source, where: string, steps = Infinity): Promise<readonly Tensor[]> {
  const outputs: Tensor[][] = [];
  await eachBatch(source, where, steps, async ({ tensors }) => {
    (await model.predictionStep.callAsync(...tensors)).forEach((part, i) => (outputs[i] ??= []).push(part));
  });
  return outputs.map(joined);
}

/** The same rows in one tensor. */
function joined(parts: readonly Tensor[]): Tensor {
  const [{ shape, dtype }] = parts as [Tensor];
  const data = allocate(dtype, parts.reduce((total, part) => total + part.size, 0));
  let filled = 0;
  for (const part of parts) {
    data.set(part.dataSync(), filled);
    filled += part.size;
  }
  return borrowed(data, [parts.reduce((count, part) => count + part.shape[0]!, 0), ...shape.slice(1)], dtype);
}

async function eachBatch(source: Source, where: string, steps: number, work: (batch: Batch) => Promise<void>): Promise<void> {
  const breather = new Breather();
  const stream = source.open(0, 0);
  try {
    let step = 0;
    for (; step < steps; step++) {
      let batch = stream.next();
      if (batch instanceof Promise) batch = await batch;
      if (batch === undefined) break;
      await work(batch);
      if (breather.due) await breather.breathe();
    }
    if (step === 0) throw new ValueError(`${where}: expected at least one batch, the data set gave none.`);
  } finally {
    await stream.close();
    breather.close();
  }
}
