// LearningRateScheduler: sets the learning rate before every epoch.
import { ValueError } from "../../base/errors.js";
import type { Model } from "../model.js";
import { checkNumber, checkOptions } from "../../base/options.js";
import { consoleWriter, type Callback, type RunInfo, type Writer } from "./callback.js";

/** Options of callbacks that can say what they do. */
export interface SpokenOptions {
  /** 1 says when it does something. */
  readonly verbose?: 0 | 1;
  readonly writer?: Writer;
}

class LearningRateScheduler implements Callback {
  private model: Model | undefined;

  constructor(private readonly schedule: (epoch: number, learningRate: number) => number, private readonly options: SpokenOptions) {
    if (typeof schedule !== "function") throw new ValueError(`learningRateScheduler: expected a function of (epoch, learningRate), got ${typeof schedule}.`);
    checkOptions(options, ["verbose", "writer"], "learningRateScheduler");
  }

  onTrainBegin({ model }: RunInfo): void {
    this.model = model;
  }

  onEpochBegin(epoch: number, step = 0): void {
    // In the middle of an epoch the rate is what it was.
    if (step > 0) return;
    const { optimizer } = this.model!;
    const rate = checkNumber(this.schedule(epoch, optimizer.learningRate), `learningRateScheduler: learning rate of epoch ${epoch}`, 0);
    optimizer.learningRate = rate;
    if (this.options.verbose === 1) (this.options.writer ?? consoleWriter()).write(`Epoch ${epoch + 1}: learning rate is set to ${rate}\n`);
  }

  onEpochEnd(_epoch: number, logs: Record<string, number>): void {
    logs["learning_rate"] = this.model!.optimizer.learningRate;
  }
}

/**
 * Sets the learning rate of each epoch to schedule(epoch, learningRate), epochs counting from 0; the logs then hold "learning_rate".
 *
 * Throws ValueError when it is no number of at least 0.   Keras' LearningRateScheduler
 */
export function learningRateScheduler(schedule: (epoch: number, learningRate: number) => number, options: SpokenOptions = {}): Callback {
  return new LearningRateScheduler(schedule, options);
}
