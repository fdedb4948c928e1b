// One training step on a batch of rows, with its report when something is not finite.
import { ValueError } from "../base/errors.js";
import { ScoreSums } from "./evaluate.js";
import { BatchBuffer, type Rows } from "./feed.js";
import type { Model } from "./model.js";

/** Changes a batch of images in place: floats, count images one after another; indices say which examples they are. */
export type Augment = (images: Float32Array, count: number, context: { readonly epoch: number; readonly indices: Uint32Array }) => void;

export interface RunnerOptions {
  readonly batchSize: number;
  /** Public function, for errors. */
  readonly where: string;
  readonly augment?: Augment;
}

export class StepRunner {
  /** Running means of this epoch. */
  readonly sums: ScoreSums;
  private readonly inputs: BatchBuffer;
  private readonly labels: BatchBuffer;

  constructor(private readonly model: Model, x: Rows, y: Rows, private readonly options: RunnerOptions) {
    this.sums = new ScoreSums(model.goal.metrics);
    const capacity = Math.min(options.batchSize, x.count);
    this.inputs = new BatchBuffer(x, capacity, options.augment !== undefined);
    this.labels = new BatchBuffer(y, capacity);
  }

  /**
   * Trains on the examples order[begin] … and adds their scores to the sums.
   *
   * Throws ValueError when loss or gradient are not finite; the model is then as it was before.
   */
  async step(order: Uint32Array | undefined, begin: number, count: number, epoch = 0): Promise<void> {
    const { model, options } = this;
    const { run, watched } = model.trainStep;
    const x = this.inputs.gather(order, begin, count);
    if (options.augment) options.augment(this.inputs.elements(count) as Float32Array, count, { epoch, indices: indicesOf(order, begin, count) });
    const y = this.labels.gather(order, begin, count);
    const { optimizer } = model;
    const iterations = optimizer.iterations;
    const scores = await run.callAsync(x, y);
    const { code, tensor } = run.lastStatus;
    if (code !== "ok") {
      optimizer.iterations = iterations;
      const what = tensor === 0 ? `the loss is ${scores["loss"]!.dataSync()[0]}` : `the gradient of ${watched[tensor - 1]?.name ?? "a weight"} is not finite`;
      throw new ValueError(`${options.where}: step ${iterations + 1}: ${what}. The weights are those from before this step. Lower the learning rate, or check the data?`);
    }
    this.sums.addScores(scores, count);
  }
}

function indicesOf(order: Uint32Array | undefined, begin: number, count: number): Uint32Array {
  return order ? order.subarray(begin, begin + count) : Uint32Array.from({ length: count }, (_, i) => begin + i);
}
