// History: what fit returns.
import type { Callback, Logs } from "./callback.js";

export class History implements Callback {
  /** Numbers of the epochs that ended, from 0. */
  readonly epoch: number[] = [];
  /** For every name in the logs ("loss", "accuracy", "val_loss" …) its value after each of those epochs. */
  readonly history: Record<string, number[]> = {};
  /** Whether an AbortSignal ended the run; an epoch it cut short is not recorded. */
  aborted = false;

  onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value);
  }
}
