// fit: the training loop. Draws batches in an order that follows from (seed, epoch), runs the step, reports, validates.
import { ValueError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { consoleWriter, type Callback, type Logs, type RunInfo } from "./callbacks/callback.js";
import { History } from "./callbacks/history.js";
import { progressBar } from "./callbacks/progressBar.js";
import { evaluateRows } from "./evaluate.js";
import { settle, sliceRows, type DataLike, type Rows } from "./feed.js";
import type { Model } from "./model.js";
import { checkNumber, checkOptions, checkWhole } from "./options.js";
import { SHUFFLE } from "./streams.js";
import { StepRunner, type Augment } from "./trainer.js";
import { Breather } from "./yielding.js";

export interface FitOptions {
  /** Examples in a step; default 32. The last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Number of the last epoch; default 1. */
  readonly epochs?: number;
  /** Epochs that count as done already; default 0. Given, it also decides the order of samples; left out, training goes on from where the model stands. */
  readonly initialEpoch?: number;
  /** Whether each epoch goes through the examples in a new order; default true. */
  readonly shuffle?: boolean;
  /** Examples that are evaluated after each epoch and never trained on. */
  readonly validationData?: readonly [x: DataLike, y: DataLike];
  /** Share of the examples, the last ones, that serve as validation data. */
  readonly validationSplit?: number;
  readonly callbacks?: Callback | readonly Callback[];
  /** 0 (default): silent. 1: a line an epoch on the console. For a bar in a terminal use the callback progressBar. */
  readonly verbose?: 0 | 1;
  /** Ends the run after the current step; the history then says `aborted`. */
  readonly signal?: AbortSignal;
  /** Steps in an epoch; default: all examples. */
  readonly stepsPerEpoch?: number;
  /** Changes each batch of inputs in place before it is trained on. Inputs then come as float32, bytes too. */
  readonly augment?: Augment;
}

const FIT_OPTIONS = [
  "batchSize", "epochs", "initialEpoch", "shuffle", "validationData", "validationSplit", "callbacks", "verbose", "signal", "stepsPerEpoch", "augment",
] as const satisfies readonly (keyof FitOptions)[]; // prettier-ignore

/** See Model.fit. The engine runs already. */
export async function fit(model: Model, x: DataLike, y: DataLike, options: FitOptions): Promise<History> {
  checkOptions(options, FIT_OPTIONS, "fit");
  const { batchSize = 32, epochs = 1, initialEpoch = 0, shuffle = true, validationSplit = 0, signal } = options;
  checkWhole(batchSize, "fit: batchSize");
  checkWhole(epochs, "fit: epochs");
  checkWhole(initialEpoch, "fit: initialEpoch", 0);
  checkNumber(validationSplit, "fit: validationSplit", 0, 1, true);
  if (options.stepsPerEpoch !== undefined) checkWhole(options.stepsPerEpoch, "fit: stepsPerEpoch");
  const { train, validation } = await dataOf(model, x, y, options);

  const [inputs, labels] = train;
  const runner = new StepRunner(model, inputs, labels, { batchSize, where: "fit", ...(options.augment && { augment: options.augment }) });
  const history = new History();
  const report = new Report([history, ...(options.verbose === 1 ? [progressBar({ writer: consoleWriter() })] : []), ...listOf(options.callbacks)]);
  const steps = Math.min(Math.ceil(inputs.count / batchSize), options.stepsPerEpoch ?? Infinity);
  const samples = Math.min(inputs.count, steps * batchSize);
  const order = new Uint32Array(inputs.count);
  const breather = new Breather();
  const halted = (): boolean => model.stopTraining || signal?.aborted === true;
  let logs: Logs = {};

  model.stopTraining = false;
  if (options.initialEpoch !== undefined) model.epochsTrained = initialEpoch;
  try {
    await report.begin({ model, epochs, steps, samples, batchSize });
    for (let epoch = initialEpoch; epoch < epochs && !halted(); epoch++) {
      await report.epochBegin(epoch);
      arrange(order, shuffle ? model : undefined);
      runner.sums.reset();
      let step = 0;
      for (; step < steps && !halted(); step++) {
        const begin = step * batchSize;
        const wait = report.batchBegin(step);
        if (wait) await wait;
        await runner.step(order, begin, Math.min(batchSize, inputs.count - begin), model.epochsTrained);
        const pause = report.batchEnd(step, runner.sums);
        if (pause) await pause;
        if (breather.due) await breather.breathe();
      }
      if (step < steps) break;
      model.epochsTrained++;
      logs = runner.sums.means();
      if (validation) logs = { ...logs, ...prefixed(await evaluateRows(model.evaluationStep, model.goal.metrics, validation[0], validation[1], batchSize)) };
      await report.epochEnd(epoch, logs);
    }
    history.aborted = signal?.aborted === true;
    await report.end(logs);
  } catch (error) {
    report.error(error);
    throw error;
  } finally {
    breather.close();
  }
  return history;
}

type Labelled = readonly [x: Rows, y: Rows];

/** All data, checked, before anything is changed. */
async function dataOf(model: Model, x: DataLike, y: DataLike, { validationData, validationSplit = 0 }: FitOptions): Promise<{ train: Labelled; validation: Labelled | undefined }> {
  if (validationData !== undefined && validationSplit > 0) throw new ValueError("fit: expected validationData or validationSplit, got both.");
  await settle(x, y, ...(validationData ?? []));
  const all = model.prepare(x, y, "fit");
  if (validationData !== undefined) return { train: all, validation: model.prepare(validationData[0], validationData[1], "fit: validationData") };
  if (validationSplit === 0) return { train: all, validation: undefined };
  const { count } = all[0];
  const border = Math.floor(count * (1 - validationSplit));
  if (border === 0 || border === count) {
    throw new ValueError(`fit: validationSplit: expected a split that leaves examples on both sides, ${validationSplit} of ${count} leaves ${border} and ${count - border}.`);
  }
  return {
    train: [sliceRows(all[0], 0, border), sliceRows(all[1], 0, border)],
    validation: [sliceRows(all[0], border, count), sliceRows(all[1], border, count)],
  };
}

/** 0, 1, 2 …; shuffled by the model's seed and its number of epochs, where there is one. */
function arrange(order: Uint32Array, model: Model | undefined): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (model) createRandom(model.seed, SHUFFLE + model.epochsTrained).shuffle(order);
}

function prefixed(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
}

function listOf(callbacks: Callback | readonly Callback[] | undefined): readonly Callback[] {
  const list: readonly Callback[] = callbacks === undefined ? [] : Array.isArray(callbacks) ? callbacks : [callbacks as Callback];
  const wrong = list.find((callback) => typeof callback !== "object" || callback === null);
  if (wrong !== undefined) throw new ValueError(`fit: callbacks: expected objects with hooks, got ${String(wrong)}.`);
  return list;
}

/** Tells all callbacks, one after the other. Batches wait only for those that return a promise. */
class Report {
  private readonly watchesBatches: boolean;

  constructor(private readonly callbacks: readonly Callback[]) {
    this.watchesBatches = callbacks.some(({ onBatchEnd }) => onBatchEnd !== undefined);
  }

  async begin(info: RunInfo): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainBegin?.(info);
  }

  async epochBegin(epoch: number): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochBegin?.(epoch);
  }

  async epochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochEnd?.(epoch, logs);
  }

  async end(logs: Logs): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainEnd?.(logs);
  }

  error(error: unknown): void {
    for (const callback of this.callbacks) callback.onTrainError?.(error);
  }

  batchBegin(batch: number): Promise<unknown> | undefined {
    return gathered(this.callbacks.map((callback) => callback.onBatchBegin?.(batch)));
  }

  batchEnd(batch: number, sums: { means(): Logs }): Promise<unknown> | undefined {
    if (!this.watchesBatches) return undefined;
    const logs = sums.means();
    return gathered(this.callbacks.map((callback) => callback.onBatchEnd?.(batch, logs)));
  }
}

function gathered(results: readonly (void | Promise<void>)[]): Promise<unknown> | undefined {
  const promises = results.filter((result) => result !== undefined);
  return promises.length > 0 ? Promise.all(promises) : undefined;
}
