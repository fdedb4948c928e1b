// The progress bar of a terminal, as Keras draws it; on anything else one plain line an epoch.
import type { Callback, Logs, RunInfo, Writer } from "./callback.js";

const WIDTH = 30;
/** A line is drawn again at most this often. */
const REDRAW_MS = 50;

/** Options of progressBar(). */
export interface ProgressBarOptions {
  /** Where it is drawn: `process.stdout`. Its isTTY decides between bar and lines. */
  readonly writer: Writer;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

class ProgressBar implements Callback {
  private epochs = 0;
  private steps = 0;
  private epoch = 0;
  private done = 0;
  /** Steps of the epoch that another process did. */
  private begunAt = 0;
  private begun = 0;
  private trained = 0;
  private drawn = -Infinity;
  private lineLength = 0;

  constructor(private readonly writer: Writer, private readonly now: () => number) {}

  onTrainBegin({ epochs, steps }: RunInfo): void {
    this.epochs = epochs;
    this.steps = steps;
  }

  onEpochBegin(epoch: number, step = 0): void {
    this.epoch = epoch;
    this.done = step;
    this.begunAt = step;
    this.begun = this.trained = this.now();
    this.drawn = -Infinity;
    this.lineLength = 0;
    if (this.writer.isTTY) this.writer.write(`Epoch ${epoch + 1}/${this.epochs}\n`);
  }

  onBatchEnd(batch: number, logs: Logs): void {
    this.done = batch + 1;
    const now = this.now();
    this.trained = now;
    if (!this.writer.isTTY || now - this.drawn < REDRAW_MS) return;
    this.drawn = now;
    const left = ((now - this.begun) / (this.done - this.begunAt)) * (this.steps - this.done);
    this.redraw(`${this.bar()}${left < Infinity ? ` - ETA: ${showEta(left)}` : ""}${showLogs(logs)}`);
  }

  onEpochEnd(_epoch: number, logs: Logs): void {
    // From the second epoch on it is known how long a data set is.
    this.steps = Math.min(this.steps, this.done);
    // The duration counts validation, the time of a step does not.
    const times = `${Math.round((this.now() - this.begun) / 1000)}s ${showStep((this.trained - this.begun) / Math.max(1, this.done - this.begunAt))}`;
    if (this.writer.isTTY) {
      this.redraw(`${this.bar()} - ${times}${showLogs(logs)}`);
      this.endLine();
    } else {
      this.writer.write(`Epoch ${this.epoch + 1}/${this.epochs} - ${this.done}/${this.steps} - ${times}${showLogs(logs)}\n`);
    }
  }

  onTrainEnd(): void {
    this.endLine();
  }

  onTrainError(): void {
    this.endLine();
  }

  /** A run that stops in the middle of an epoch leaves a line open. */
  private endLine(): void {
    if (this.lineLength > 0) this.writer.write("\n");
    this.lineLength = 0;
  }

  private redraw(line: string): void {
    this.writer.write(`\r${line}${" ".repeat(Math.max(0, this.lineLength - line.length))}`);
    this.lineLength = line.length;
  }

  private bar(): string {
    if (this.steps === Infinity) return `${this.done}/Unknown`;
    const count = `${String(this.done).padStart(String(this.steps).length)}/${this.steps}`;
    const full = Math.floor((WIDTH * this.done) / this.steps);
    const head = full === 0 ? "" : "=".repeat(full - 1) + (this.done < this.steps ? ">" : "=");
    return `${count} [${head.padEnd(WIDTH, ".")}]`;
  }
}

/** Steps, bar, time left and the running loss and metrics; after the epoch its duration, the time of a step, and validation. */
export function progressBar({ writer, now = () => performance.now() }: ProgressBarOptions): Callback {
  return new ProgressBar(writer, now);
}

function showEta(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}` : `${seconds}s`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

function showStep(ms: number): string {
  return ms >= 1 ? `${Math.round(ms)}ms/step` : `${Math.round(ms * 1000)}us/step`;
}

/** Each with its name, a dash before it; small ones keep their digits. */
export function showLogs(logs: Logs): string {
  return Object.entries(logs)
    .map(([name, value]) => ` - ${name}: ${Math.abs(value) > 1e-3 || value === 0 ? value.toFixed(4) : value.toExponential(4)}`)
    .join("");
}
