// One training step on a batch, with its report when something is not finite.
import { ValueError } from "../base/errors.js";
import type { Batch } from "./batches.js";
import type { Model } from "./model.js";
import type { ScoreSums } from "./scores.js";

/** A step whose loss or gradient is not finite; it changed nothing. */
export class NotFiniteStep extends ValueError {}

/**
 * Trains on a batch and adds its scores, from before the step, to the sums.
 *
 * where: public function, for errors   Throws NotFiniteStep when loss or gradient are not finite; the model is then as it was before.
 */
export async function trainOn(model: Model, batch: Batch, sums: ScoreSums, where: string): Promise<void> {
  const { run, watched } = model.trainStep;
  const { optimizer } = model;
  const iterations = optimizer.iterations;
  const scores = await run.callAsync(...batch.tensors);
  const { code, tensor } = run.lastStatus;
  if (code !== "ok") {
    optimizer.iterations = iterations;
    const what = tensor === 0 ? `the loss is ${scores[0]!.dataSync()[0]}` : `the gradient of ${watched[tensor - 1]?.name ?? "a weight"} is not finite`;
    throw new NotFiniteStep(`${where}: step ${iterations + 1}: ${what}. The weights are those from before this step. Lower the learning rate, or check the data?`);
  }
  sums.add(scores, batch.count);
}
