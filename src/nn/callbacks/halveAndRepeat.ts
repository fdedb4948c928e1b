// halveAndRepeat: an epoch after which validation is worse is taken back, and tried again with half the learning rate.
import type { TypedArray } from "../../base/dtype.js";
import type { Variable } from "../../engine/index.js";
import type { Model } from "../model.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { consoleWriter, type Callback, type Run, type RunInfo } from "./callback.js";
import type { SpokenOptions } from "./learningRateScheduler.js";
import { Monitor, MONITOR, type MonitorOptions } from "./monitor.js";

/** Options of halveAndRepeat(). */
export interface HalveAndRepeatOptions extends MonitorOptions, SpokenOptions {
  /** What the rate is multiplied by; default 0.5. */
  readonly factor?: number;
  /** Tries of one epoch; the run ends with the best weights when none of them is better. Default 10. */
  readonly attempts?: number;
}

class HalveAndRepeat implements Callback {
  private readonly monitor: Monitor;
  private readonly factor: number;
  private readonly attempts: number;
  private model: Model | undefined;
  private run: Run | undefined;
  private best: Snapshot | undefined;
  private tried = 0;

  constructor(private readonly options: HalveAndRepeatOptions) {
    checkOptions(options, [...MONITOR, "factor", "attempts", "verbose", "writer"], "halveAndRepeat");
    this.monitor = new Monitor("halveAndRepeat", options);
    this.factor = checkNumber(options.factor ?? 0.5, "halveAndRepeat: factor", 0, 1, true);
    this.attempts = checkWhole(options.attempts ?? 10, "halveAndRepeat: attempts");
  }

  onTrainBegin(info: RunInfo): void {
    ({ model: this.model, run: this.run } = info);
    this.monitor.begin(info);
    this.best = undefined;
    this.tried = 0;
  }

  onEpochEnd(epoch: number, logs: Record<string, number>): void {
    const { optimizer } = this.model!;
    logs["learning_rate"] = optimizer.learningRate;
    const value = this.monitor.valueIn(logs);
    if (value === undefined) return;
    if (this.best === undefined || this.monitor.improves(value)) {
      this.monitor.best = value;
      this.best = snapshotOf(this.model!);
      this.tried = 0;
      return;
    }
    this.best.restore();
    if (++this.tried >= this.attempts) {
      this.model!.stopTraining = true;
      return;
    }
    optimizer.learningRate *= this.factor;
    this.run?.repeatEpoch();
    if (this.options.verbose === 1) (this.options.writer ?? consoleWriter()).write(`Epoch ${epoch + 1}: taken back, learning rate is ${optimizer.learningRate}\n`);
  }
}

interface Snapshot {
  restore(): void;
}

/** Weights, the optimizer's state and the key of the random layers, to be put back later. */
function snapshotOf(model: Model): Snapshot {
  const { optimizer } = model;
  const kept = [...model.weights, ...optimizer.slots, model.randomKey].map((target): readonly [Variable, TypedArray] => [target, target.snapshot()]);
  const { iterations } = optimizer;
  return {
    restore() {
      for (const [target, data] of kept) target.store(data);
      optimizer.iterations = iterations;
    },
  };
}

/**
 * Takes an epoch back after which `monitor` did not improve, halves the learning rate and trains it again on the same examples; the next epoch goes on with
 * the rate that did better. The history holds every try, under the epoch's number.
 *
 * After the rule of thumb for annealing by hand: when the validation error rises, the rate is halved and the epoch run again.
 */
export function halveAndRepeat(options: HalveAndRepeatOptions = {}): Callback {
  return new HalveAndRepeat(options);
}
