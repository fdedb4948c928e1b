// ReduceLROnPlateau: lowers the learning rate when a number stops getting better.
import type { Model } from "../model.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { consoleWriter, type Callback, type CallbackState, type RunInfo } from "./callback.js";
import { numberOf } from "./earlyStopping.js";
import type { SpokenOptions } from "./learningRateScheduler.js";
import { Monitor, MONITOR, type MonitorOptions } from "./monitor.js";

/** Options of reduceLROnPlateau(). */
export interface ReduceLROnPlateauOptions extends MonitorOptions, SpokenOptions {
  /** Changes smaller than this are no improvement; default 1e-4. */
  readonly minDelta?: number;
  /** What the rate is multiplied by; default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are allowed; default 10. */
  readonly patience?: number;
  /** Epochs after a change that do not count; default 0. */
  readonly cooldown?: number;
  /** The rate never gets lower; default 0. */
  readonly minLr?: number;
}

class ReduceLROnPlateau implements Callback {
  private readonly monitor: Monitor;
  private model: Model | undefined;
  private waited = 0;
  private cooling = 0;

  constructor(private readonly options: ReduceLROnPlateauOptions) {
    checkOptions(options, [...MONITOR, "factor", "patience", "cooldown", "minLr", "verbose", "writer"], "reduceLROnPlateau");
    this.monitor = new Monitor("reduceLROnPlateau", { minDelta: 1e-4, ...options });
    checkNumber(options.factor ?? 0.1, "reduceLROnPlateau: factor", 0, 1, true);
    checkWhole(options.patience ?? 10, "reduceLROnPlateau: patience", 0);
    checkWhole(options.cooldown ?? 0, "reduceLROnPlateau: cooldown", 0);
    checkNumber(options.minLr ?? 0, "reduceLROnPlateau: minLr", 0);
  }

  onTrainBegin(info: RunInfo): void {
    this.model = info.model;
    this.monitor.begin(info);
    this.waited = this.cooling = 0;
  }

  onEpochEnd(epoch: number, logs: Record<string, number>): void {
    const { optimizer } = this.model!;
    const { factor = 0.1, patience = 10, cooldown = 0, minLr = 0, verbose = 0, writer } = this.options;
    logs["learning_rate"] = optimizer.learningRate;
    const value = this.monitor.valueIn(logs);
    if (value === undefined) return;
    if (this.cooling > 0) {
      this.cooling--;
      this.waited = 0;
    }
    if (this.monitor.improves(value)) this.waited = 0;
    else if (this.cooling === 0 && ++this.waited >= patience && optimizer.learningRate > minLr) {
      optimizer.learningRate = Math.max(optimizer.learningRate * factor, minLr);
      if (verbose === 1) (writer ?? consoleWriter()).write(`Epoch ${epoch + 1}: learning rate is reduced to ${optimizer.learningRate}\n`);
      this.cooling = cooldown;
      this.waited = 0;
    }
  }

  saveState(): CallbackState {
    return { values: { waited: this.waited, cooling: this.cooling, best: this.monitor.best } };
  }

  loadState({ values }: CallbackState): void {
    this.waited = Number(values["waited"]);
    this.cooling = Number(values["cooling"]);
    this.monitor.best = numberOf(values["best"]);
  }
}

/** Multiplies the learning rate by `factor` after `patience` epochs in which `monitor` did not improve by more than `minDelta`; the logs then hold "learning_rate". Keras' ReduceLROnPlateau */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callback {
  return new ReduceLROnPlateau(options);
}
