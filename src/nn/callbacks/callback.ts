// Callbacks: what may watch and steer a training run.
import type { Tensor } from "../../engine/index.js";
import type { Model } from "../model.js";
import type { ScoreState } from "../scores.js";

/** Loss and metrics by name: running means over the epoch's examples so far. */
export type Logs = Readonly<Record<string, number>>;

/** What a callback is told of the run before it begins. */
export interface RunInfo {
  readonly model: Model;
  /** Number of the last epoch. */
  readonly epochs: number;
  /** Steps in an epoch; Infinity where only the data set's end tells. */
  readonly steps: number;
  /** Examples in an epoch; Infinity where only the data set's end tells. */
  readonly samples: number;
  /** 0 where the data set decides. */
  readonly batchSize: number;
  /** The run, for callbacks that save it, or go back in it. */
  readonly run?: Run;
}

/** Where a run stands, apart from the model's weights and its optimizer. */
export interface RunState {
  /** Epoch, from 0, and the steps of it that are done. */
  readonly epoch: number;
  readonly step: number;
  /** Which pass over the data this epoch is: the order of examples follows from it. */
  readonly pass: number;
  /** Scores of the epoch so far. */
  readonly scores: ScoreState;
  /** What the callbacks remember, by their place in the list. */
  readonly callbacks: Readonly<Record<number, CallbackState>>;
}

/** A run as callbacks may steer it. */
export interface Run {
  /** Every how many epochs there is validation; 0: never. */
  readonly validationFreq: number;
  /** Whether an AbortSignal has ended the run. */
  readonly aborted: boolean;
  /** Where the run stands; after a step, or after an epoch. */
  capture(): RunState;
  /** Goes on from there. In onTrainBegin only. */
  restore(state: RunState): void;
  /** Trains on the same examples in the same order again, instead of going on to the next epoch. In onEpochEnd only. */
  repeatEpoch(): void;
}

/** What a callback remembers, so that a run can go on in another process. */
export interface CallbackState {
  /** Plain data, as JSON holds it. */
  readonly values: Readonly<Record<string, number | string | boolean | null | readonly (number | null)[] | Readonly<Record<string, readonly (number | null)[]>>>>;
  readonly tensors?: readonly Tensor[];
}

/**
 * Hooks of fit, each optional. Epochs and batches count from 0; a promise is awaited before training goes on.
 * Setting `model.stopTraining` ends the run after the current step.
 */
export interface Callback {
  /** Before onTrainBegin, which is told the model too. */
  setModel?(model: Model): void;
  /** Before the first epoch. */
  onTrainBegin?(info: RunInfo): void | Promise<void>;
  /** After the last step, unless an error ended the run. */
  onTrainEnd?(logs: Logs): void | Promise<void>;
  /** Instead of onTrainEnd, when an error ends the run; fit then throws it. */
  onTrainError?(error: unknown): void;
  /** step: above 0 where a run goes on in the middle of the epoch. */
  onEpochBegin?(epoch: number, step?: number): void | Promise<void>;
  /** logs: of the whole epoch, with val_loss and so on where there is validation. What a callback adds to them is in the history. */
  onEpochEnd?(epoch: number, logs: Record<string, number>): void | Promise<void>;
  /** Before each step. */
  onBatchBegin?(batch: number): void | Promise<void>;
  /** After each step; logs: means over the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  /** After onBatchEnd of all callbacks: what they remember is then that of this step. */
  onBatchDone?(batch: number): void | Promise<void>;
  /** After onEpochEnd of all callbacks. */
  onEpochDone?(epoch: number): void | Promise<void>;
  /** Instead of an error, when loss or gradient of a step are not finite; the step changed nothing, and the run ends. */
  onNotFinite?(batch: number, message: string): void;
  /** What it remembers; undefined: nothing. */
  saveState?(): CallbackState | undefined;
  /** What saveState() gave, in a run that goes on. Called after its onTrainBegin. */
  loadState?(state: CallbackState): void;
}

/** Where text goes: `process.stdout` fits. */
export interface Writer {
  /** Takes whole lines; where isTTY, also lines that begin with "\r" and are drawn over the last one. */
  write(text: string): unknown;
  /** Whether a line can be drawn again with "\r". */
  readonly isTTY?: boolean;
}

/** A writer of lines to the console. */
export function consoleWriter(): Writer {
  return { write: (text) => console.log(text.replace(/\n$/, "")) };
}
