// Report: tells all callbacks of a run what happens, one after the other. Batches wait only for those that return a promise.
import type { Callback, CallbackState, Logs, RunInfo } from "./callbacks/callback.js";

export class Report {
  private readonly watchesBatches: boolean;
  private readonly watchesBegins: boolean;
  private readonly watchesDone: boolean;

  private readonly callbacks: readonly Callback[];

  /** last: told after all others, and remembered under −1, however many those are. */
  constructor(others: readonly Callback[], private readonly last: Callback) {
    const callbacks = (this.callbacks = [...others, last]);
    this.watchesBatches = callbacks.some(({ onBatchEnd }) => onBatchEnd !== undefined);
    this.watchesBegins = callbacks.some(({ onBatchBegin }) => onBatchBegin !== undefined);
    this.watchesDone = callbacks.some(({ onBatchDone }) => onBatchDone !== undefined);
  }

  async begin(info: RunInfo): Promise<void> {
    for (const callback of this.callbacks) {
      callback.setModel?.(info.model);
      await callback.onTrainBegin?.(info);
    }
  }

  async epochBegin(epoch: number, step: number): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochBegin?.(epoch, step);
  }

  async epochEnd(epoch: number, logs: Record<string, number>): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochEnd?.(epoch, logs);
  }

  async epochDone(epoch: number): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochDone?.(epoch);
  }

  async end(logs: Logs): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainEnd?.(logs);
  }

  error(error: unknown): void {
    for (const callback of this.callbacks) callback.onTrainError?.(error);
  }

  /** Whether somebody takes it that a step was not finite. */
  notFinite(batch: number, message: string): boolean {
    const taking = this.callbacks.filter(({ onNotFinite }) => onNotFinite !== undefined);
    for (const callback of taking) callback.onNotFinite!(batch, message);
    return taking.length > 0;
  }

  batchBegin(batch: number): Promise<unknown> | undefined {
    return this.watchesBegins ? gathered(this.callbacks.map((callback) => callback.onBatchBegin?.(batch))) : undefined;
  }

  batchEnd(batch: number, sums: { means(): Logs }): Promise<unknown> | undefined {
    if (!this.watchesBatches) return undefined;
    const logs = sums.means();
    return gathered(this.callbacks.map((callback) => callback.onBatchEnd?.(batch, logs)));
  }

  batchDone(batch: number): Promise<unknown> | undefined {
    return this.watchesDone ? gathered(this.callbacks.map((callback) => callback.onBatchDone?.(batch))) : undefined;
  }

  /** What the callbacks remember, by their place. */
  save(): Record<number, CallbackState> {
    return Object.fromEntries(this.callbacks.flatMap((callback, i) => {
      const state = callback.saveState?.();
      return state === undefined ? [] : [[this.placeOf(callback, i), state] as const];
    }));
  }

  load(states: Readonly<Record<number, CallbackState>>): void {
    this.callbacks.forEach((callback, i) => {
      const state = states[this.placeOf(callback, i)];
      if (state !== undefined) callback.loadState?.(state);
    });
  }

  private placeOf(callback: Callback, i: number): number {
    return callback === this.last ? -1 : i;
  }
}

function gathered(results: readonly (void | Promise<void>)[]): Promise<unknown> | undefined {
  const promises = results.filter((result) => result !== undefined);
  return promises.length > 0 ? Promise.all(promises) : undefined;
}
