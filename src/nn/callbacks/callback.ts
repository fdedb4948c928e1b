// Callbacks: what may watch and steer a training run.
import type { Model } from "../model.js";

/** Loss and metrics by name: running means over the epoch's examples so far. */
export type Logs = Readonly<Record<string, number>>;

/** What a callback is told of the run before it begins. */
export interface RunInfo {
  readonly model: Model;
  /** Number of the last epoch. */
  readonly epochs: number;
  /** Steps in an epoch. */
  readonly steps: number;
  /** Examples in an epoch. */
  readonly samples: number;
  readonly batchSize: number;
}

/**
 * Hooks of fit, each optional. Epochs and batches count from 0; a promise is awaited before training goes on.
 * Setting `model.stopTraining` ends the run after the current step.
 */
export interface Callback {
  onTrainBegin?(info: RunInfo): void | Promise<void>;
  onTrainEnd?(logs: Logs): void | Promise<void>;
  /** Instead of onTrainEnd, when an error ends the run; fit then throws it. */
  onTrainError?(error: unknown): void;
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** logs: of the whole epoch, with val_loss and so on where there is validation. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  onBatchBegin?(batch: number): void | Promise<void>;
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
}

/** Where text goes: `process.stdout` fits. */
export interface Writer {
  write(text: string): unknown;
  /** Whether a line can be drawn again with "\r". */
  readonly isTTY?: boolean;
}

/** A writer of lines to the console. */
export function consoleWriter(): Writer {
  return { write: (text) => console.log(text.replace(/\n$/, "")) };
}
