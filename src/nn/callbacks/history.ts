// History: what fit returns.
import type { Callback, CallbackState, Logs } from "./callback.js";

/** What fit() returns: losses and metrics epoch by epoch. */
export class History implements Callback {
  /** Numbers of the epochs that ended, from 0. */
  readonly epoch: number[] = [];
  /** For every name in the logs ("loss", "accuracy", "val_loss" …) its value after each of those epochs that has one. */
  readonly history: Record<string, number[]> = {};
  /** Whether an AbortSignal ended the run; an epoch it cut short is not recorded. */
  aborted = false;

  onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value);
  }

  saveState(): CallbackState {
    return { values: { epoch: [...this.epoch], history: Object.fromEntries(Object.entries(this.history).map(([name, values]) => [name, [...values]])) } };
  }

  loadState({ values }: CallbackState): void {
    this.epoch.splice(0, Infinity, ...(values["epoch"] as number[]));
    for (const name of Object.keys(this.history)) delete this.history[name];
    for (const [name, list] of Object.entries(values["history"] as Record<string, (number | null)[]>)) this.history[name] = list.map((value) => value ?? NaN);
  }
}

/** A callback that keeps the logs of all epochs: the same as what fit returns. */
export function history(): History {
  return new History();
}
