// Monitor: the number in the logs that a callback watches, and whether it got better.
import { ValueError } from "../../base/errors.js";
import { checkNumber, checkWord } from "../../base/options.js";
import type { Logs, RunInfo } from "./callback.js";

/** Options of callbacks that watch a number in the logs. */
export interface MonitorOptions {
  /** Name in the logs; default "val_loss". */
  readonly monitor?: string;
  /** Changes smaller than this are no improvement; default 0. */
  readonly minDelta?: number;
  /** Whether smaller or larger is better; default "auto": larger for accuracies, areas, precision, recall and their like. */
  readonly mode?: "auto" | "min" | "max";
}

/** Names of the options of a monitor. */
export const MONITOR = ["monitor", "minDelta", "mode"] as const satisfies readonly (keyof MonitorOptions)[];

const LARGER = /acc|auc|precision|recall|f1|f_?beta|iou|r2|cosine_?similarity/i;

export class Monitor {
  readonly name: string;
  /** Best value so far; NaN before the first. */
  best = NaN;
  private readonly larger: boolean;
  private readonly minDelta: number;
  private validationFreq = 1;

  constructor(private readonly where: string, { monitor = "val_loss", minDelta = 0, mode = "auto" }: MonitorOptions) {
    this.name = monitor;
    this.minDelta = checkNumber(minDelta, `${where}: minDelta`, 0);
    this.larger = checkWord(mode, ["auto", "min", "max"] as const, `${where}: mode`) === "max" || (mode === "auto" && LARGER.test(monitor) && !/loss/i.test(monitor));
  }

  /** A run begins; best: what is to be beaten. */
  begin({ run }: RunInfo, best = NaN): void {
    this.validationFreq = run?.validationFreq ?? 1;
    this.best = best;
  }

  /** The value after an epoch; undefined after one without validation. Throws ValueError when there is no such number. */
  valueIn(logs: Logs): number | undefined {
    const value = logs[this.name];
    if (value === undefined && !(this.validationFreq > 1 && this.name.startsWith("val_"))) {
      throw new ValueError(`${this.where}: expected "${this.name}" in the logs, got ${Object.keys(logs).join(", ")}. Is validation data missing?`);
    }
    return value;
  }

  /** Whether a value is better than another, by more than minDelta. */
  isBetter(value: number, than = this.best): boolean {
    return Number.isNaN(than) ? !Number.isNaN(value) : (this.larger ? value - than : than - value) > this.minDelta;
  }

  /** Notes a value; true when it is the best so far. */
  improves(value: number): boolean {
    if (!this.isBetter(value)) return false;
    this.best = value;
    return true;
  }
}
