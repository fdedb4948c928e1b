// Early stopping: ends a run when a number stops getting better.
import { ValueError } from "../../base/errors.js";
import type { Tensor } from "../../engine/index.js";
import type { Model } from "../model.js";
import { checkNumber, checkOptions, checkWhole, checkWord } from "../options.js";
import { consoleWriter, type Callback, type Logs, type RunInfo, type Writer } from "./callback.js";

export interface EarlyStoppingOptions {
  /** Name in the logs; default "val_loss". */
  readonly monitor?: string;
  /** Changes smaller than this are no improvement; default 0. */
  readonly minDelta?: number;
  /** Epochs without improvement that are allowed; default 0. */
  readonly patience?: number;
  /** Whether smaller or larger is better; default "auto": larger for accuracies. */
  readonly mode?: "auto" | "min" | "max";
  /** Whether the weights of the best epoch are put back in the end; default false. */
  readonly restoreBestWeights?: boolean;
  /** 1 says at which epoch the run was stopped. */
  readonly verbose?: 0 | 1;
  readonly writer?: Writer;
}

export class EarlyStopping implements Callback {
  /** Epoch, from 0, that the run was stopped after; undefined if it was not. */
  stoppedEpoch: number | undefined;
  /** Epoch with the best value. */
  bestEpoch = 0;
  best = NaN;
  private readonly monitor: string;
  private readonly minDelta: number;
  private readonly patience: number;
  private readonly larger: boolean;
  private waited = 0;
  private bestWeights: readonly Tensor[] | undefined;
  private model: Model | undefined;

  constructor(private readonly options: EarlyStoppingOptions) {
    checkOptions(options, ["monitor", "minDelta", "patience", "mode", "restoreBestWeights", "verbose", "writer"], "earlyStopping");
    this.monitor = options.monitor ?? "val_loss";
    this.minDelta = checkNumber(options.minDelta ?? 0, "earlyStopping: minDelta", 0);
    this.patience = checkWhole(options.patience ?? 0, "earlyStopping: patience", 0);
    const mode = checkWord(options.mode ?? "auto", ["auto", "min", "max"] as const, "earlyStopping: mode");
    this.larger = mode === "max" || (mode === "auto" && /acc/i.test(this.monitor));
  }

  onTrainBegin({ model }: RunInfo): void {
    this.model = model;
    this.waited = 0;
    this.best = NaN;
    this.bestWeights = undefined;
    this.stoppedEpoch = undefined;
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    const value = logs[this.monitor];
    if (value === undefined) {
      throw new ValueError(`earlyStopping: expected "${this.monitor}" in the logs, got ${Object.keys(logs).join(", ")}. Is validation data missing?`);
    }
    const gain = this.larger ? value - this.best : this.best - value;
    if (Number.isNaN(this.best) || gain > this.minDelta) {
      this.best = value;
      this.bestEpoch = epoch;
      this.waited = 0;
      if (this.options.restoreBestWeights) this.bestWeights = this.model!.getWeights();
      return;
    }
    if (++this.waited >= this.patience) {
      this.stoppedEpoch = epoch;
      this.model!.stopTraining = true;
    }
  }

  onTrainEnd(): void {
    if (this.bestWeights) this.model!.setWeights(this.bestWeights);
    if (this.stoppedEpoch === undefined || this.options.verbose !== 1) return;
    (this.options.writer ?? consoleWriter()).write(`Epoch ${this.stoppedEpoch + 1}: early stopping\n`);
  }
}

/** Ends the run after `patience` epochs in which `monitor` did not improve by more than `minDelta`. */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  return new EarlyStopping(options);
}
