// modelCheckpoint: the model as a file, after every epoch, every few steps, or whenever it is the best so far.
import { checkWritable, writeAtomically } from "../../data/files.js";
import { ValueError } from "../../base/errors.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { consoleWriter, type Callback, type CallbackState, type Logs, type RunInfo, type Writer } from "../../nn/callbacks/callback.js";
import { Monitor, MONITOR, type MonitorOptions } from "../../nn/callbacks/monitor.js";
import type { Model } from "../../nn/model.js";
import { modelToBytes, weightsToBytes } from "../../nn/serialize.js";

/** Options of modelCheckpoint(). */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** Whether only a model that is better than all before is saved; default false. */
  readonly saveBestOnly?: boolean;
  /** Whether the file holds the weights alone; default false. */
  readonly saveWeightsOnly?: boolean;
  /** "epoch" (default), or every how many steps. */
  readonly saveFreq?: "epoch" | number;
  /** What the first file has to beat. */
  readonly initialValueThreshold?: number;
  /** 1 says when a file is written. */
  readonly verbose?: 0 | 1;
  readonly writer?: Writer;
}

const OPTIONS = [...MONITOR, "saveBestOnly", "saveWeightsOnly", "saveFreq", "initialValueThreshold", "verbose", "writer"] as const satisfies readonly (keyof ModelCheckpointOptions)[];

class ModelCheckpoint implements Callback {
  private readonly monitor: Monitor;
  private model: Model | undefined;
  private epoch = 0;
  private steps = 0;

  constructor(private readonly path: string, private readonly options: ModelCheckpointOptions) {
    checkOptions(options, OPTIONS, "modelCheckpoint");
    if (typeof path !== "string" || path === "") throw new ValueError(`modelCheckpoint: expected the path of a file, got ${JSON.stringify(path)}.`);
    if (options.saveFreq !== undefined && options.saveFreq !== "epoch") checkWhole(options.saveFreq, "modelCheckpoint: saveFreq");
    if (options.initialValueThreshold !== undefined) checkNumber(options.initialValueThreshold, "modelCheckpoint: initialValueThreshold");
    this.monitor = new Monitor("modelCheckpoint", options);
  }

  async onTrainBegin(info: RunInfo): Promise<void> {
    this.model = info.model;
    this.steps = 0;
    this.monitor.begin(info, this.options.initialValueThreshold);
    // A name that depends on the logs can only be tried when they are there.
    if (!this.path.includes("{")) await checkWritable(this.path);
  }

  onEpochBegin(epoch: number): void {
    this.epoch = epoch;
  }

  async onBatchEnd(batch: number, logs: Logs): Promise<void> {
    const { saveFreq } = this.options;
    if (typeof saveFreq === "number" && ++this.steps % saveFreq === 0) await this.save({ ...logs, batch: batch + 1 });
  }

  async onEpochEnd(_epoch: number, logs: Logs): Promise<void> {
    if (typeof this.options.saveFreq !== "number") await this.save(logs);
  }

  saveState(): CallbackState {
    return { values: { steps: this.steps, best: this.monitor.best } };
  }

  loadState({ values }: CallbackState): void {
    this.steps = Number(values["steps"]);
    this.monitor.best = typeof values["best"] === "number" ? values["best"] : NaN;
  }

  private async save(logs: Logs): Promise<void> {
    const { saveBestOnly = false, saveWeightsOnly = false, verbose = 0, writer = consoleWriter() } = this.options;
    if (saveBestOnly) {
      const value = this.monitor.valueIn(logs);
      if (value === undefined || !this.monitor.improves(value)) return;
    }
    const path = nameOf(this.path, { ...logs, epoch: this.epoch + 1 });
    await writeAtomically(path, saveWeightsOnly ? weightsToBytes(this.model!) : await modelToBytes(this.model!));
    if (verbose === 1) writer.write(`Epoch ${this.epoch + 1}: saved ${path}\n`);
  }
}

/** A path with numbers in it: {epoch}, {epoch:02d}, {val_loss:.4f}, {loss:.2e}. Throws ValueError for names that are not in the logs. */
function nameOf(path: string, values: Logs): string {
  return path.replace(/\{(\w+)(?::([^}]*))?\}/g, (whole, name: string, format = "") => {
    const value = values[name];
    if (value === undefined) throw new ValueError(`modelCheckpoint: ${path}: there is no "${name}" in the logs, which hold ${Object.keys(values).join(", ")}.`);
    const [, zero, width = "0", digits, kind = ""] = /^(0?)(\d*)(?:\.(\d+))?([dfeg]?)$/.exec(format as string) ?? [];
    if (zero === undefined) throw new ValueError(`modelCheckpoint: ${path}: expected a format as {epoch:02d} or {val_loss:.4f}, got ${whole}.`);
    const text = kind === "f" ? value.toFixed(Number(digits ?? 6)) : kind === "e" ? value.toExponential(Number(digits ?? 6)) : digits === undefined ? String(value) : value.toPrecision(Number(digits));
    return text.padStart(Number(width), zero === "0" ? "0" : " ");
  });
}

/**
 * Saves the model after every epoch, or every saveFreq steps. A reader sees the old file or the whole new one; when the new one cannot be written, the old one stays.
 *
 * path: as first argument, or an option; may hold {epoch}, counted from 1, {batch} and names of the logs, with formats as {epoch:02d} and {val_loss:.4f}
 * Throws FileError where the file cannot be written. Keras' ModelCheckpoint
 */
export function modelCheckpoint(path: string, options?: ModelCheckpointOptions): Callback;
export function modelCheckpoint(options: ModelCheckpointOptions & { readonly path: string }): Callback;
export function modelCheckpoint(given: string | (ModelCheckpointOptions & { readonly path: string }), options: ModelCheckpointOptions = {}): Callback {
  if (typeof given !== "object" || given === null) return new ModelCheckpoint(given, options);
  const { path, ...others } = given;
  checkOptions(given, ["path", ...OPTIONS], "modelCheckpoint");
  return new ModelCheckpoint(path, others);
}
