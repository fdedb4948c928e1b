// Early stopping: ends a run when a number stops getting better.
import type { Tensor } from "../../engine/index.js";
import type { Model } from "../model.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { consoleWriter, type Callback, type CallbackState, type Logs, type RunInfo, type Writer } from "./callback.js";
import { Monitor, MONITOR, type MonitorOptions } from "./monitor.js";

/** Options of earlyStopping(). */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement that are allowed; default 0. */
  readonly patience?: number;
  /** What has to be beaten for the run to go on, by an epoch that is the best so far; default: nothing. */
  readonly baseline?: number;
  /** Epochs before this one, from 0, are not looked at; default 0. */
  readonly startFromEpoch?: number;
  /** Whether the weights of the best epoch are put back in the end, whatever ends the run; default false. */
  readonly restoreBestWeights?: boolean;
  /** 1 says at which epoch the run was stopped. */
  readonly verbose?: 0 | 1;
  readonly writer?: Writer;
}

/** The callback that earlyStopping() makes: it tells when it stopped, and which epoch was best. */
export class EarlyStopping implements Callback {
  /** Epoch, from 0, that the run was stopped after; undefined if it was not. */
  stoppedEpoch: number | undefined;
  /** Epoch with the best value. */
  bestEpoch = 0;
  private readonly monitor: Monitor;
  private readonly patience: number;
  private readonly start: number;
  private waited = 0;
  /** The best epoch's value, even where it does not beat the baseline. */
  private bestSeen = NaN;
  private bestWeights: readonly Tensor[] | undefined;
  private model: Model | undefined;

  constructor(private readonly options: EarlyStoppingOptions) {
    checkOptions(options, [...MONITOR, "patience", "baseline", "startFromEpoch", "restoreBestWeights", "verbose", "writer"], "earlyStopping");
    this.monitor = new Monitor("earlyStopping", options);
    this.patience = checkWhole(options.patience ?? 0, "earlyStopping: patience", 0);
    this.start = checkWhole(options.startFromEpoch ?? 0, "earlyStopping: startFromEpoch", 0);
    if (options.baseline !== undefined) checkNumber(options.baseline, "earlyStopping: baseline");
  }

  /** Best value so far; NaN before the first. */
  get best(): number {
    return this.bestSeen;
  }

  onTrainBegin(info: RunInfo): void {
    this.model = info.model;
    this.monitor.begin(info, this.options.baseline);
    this.waited = this.bestEpoch = 0;
    this.bestSeen = NaN;
    this.bestWeights = this.stoppedEpoch = undefined;
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    const value = this.monitor.valueIn(logs);
    if (value === undefined || epoch < this.start) return;
    const isBest = this.monitor.isBetter(value, this.bestSeen);
    if (isBest) {
      this.bestSeen = value;
      this.bestEpoch = epoch;
      if (this.options.restoreBestWeights) this.bestWeights = this.model!.getWeights();
    }
    if (this.monitor.improves(value)) {
      this.waited = 0;
      return;
    }
    this.waited++;
    // As in Keras, the best epoch so far is not the last one, even where it does not beat the baseline; nor is the first.
    if (!isBest && this.waited >= this.patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.model!.stopTraining = true;
    }
  }

  onTrainEnd(): void {
    if (this.bestWeights) this.model!.setWeights(this.bestWeights);
    if (this.stoppedEpoch === undefined || this.options.verbose !== 1) return;
    (this.options.writer ?? consoleWriter()).write(`Epoch ${this.stoppedEpoch + 1}: early stopping\n`);
  }

  saveState(): CallbackState {
    const { waited, bestEpoch, bestSeen, monitor, bestWeights, stoppedEpoch = null } = this;
    // NaN is null in JSON.
    return { values: { waited, bestEpoch, bestSeen, best: monitor.best, stoppedEpoch }, ...(bestWeights && { tensors: bestWeights }) };
  }

  loadState({ values, tensors }: CallbackState): void {
    this.waited = Number(values["waited"]);
    this.bestEpoch = Number(values["bestEpoch"]);
    this.bestSeen = numberOf(values["bestSeen"]);
    this.monitor.best = numberOf(values["best"]);
    this.bestWeights = tensors;
    if (typeof values["stoppedEpoch"] !== "number") return;
    this.stoppedEpoch = values["stoppedEpoch"];
    this.model!.stopTraining = true;
  }
}

/** A number that JSON may have made null of. */
export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : NaN;
}

/** Ends the run after `patience` epochs in which `monitor` did not improve by more than `minDelta`. */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  return new EarlyStopping(options);
}
