// fit: the training loop. Draws batches in an order that follows from (seed, epoch), runs the step, reports, validates.
import { ValueError } from "../base/errors.js";
import { RowsSource, type Augment, type Source } from "./batches.js";
import type { Callback, Logs, Run } from "./callbacks/callback.js";
import { History } from "./callbacks/history.js";
import { evaluateSource } from "./evaluate.js";
import type { ClassWeight } from "./exampleWeights.js";
import { settle, sliceRows, type Feed, type Rows } from "./feed.js";
import type { Model } from "./model.js";
import { checkNumber, checkOptions, checkWhole } from "../base/options.js";
import { Report } from "./report.js";
import { ScoreSums } from "./scores.js";
import { NotFiniteStep, trainOn } from "./trainer.js";
import { Breather } from "./yielding.js";

/** How much is written, as Keras spells it. */
export type Verbose = 0 | 1 | 2 | boolean | "auto";

/** Throws ValueError for what is no Verbose. */
export function checkVerbose(verbose: Verbose, where: string): void {
  if (verbose !== "auto") checkWhole(Number(verbose), `${where}: verbose`, 0);
}

/** What fit and fitDataset have in common. */
export interface RunOptions {
  /** Number of the last epoch; default 1. */
  readonly epochs?: number;
  /** Epochs that count as done already; default 0. Given, it also decides the order of samples; left out, training goes on from where the model stands. */
  readonly initialEpoch?: number;
  readonly callbacks?: Callback | readonly Callback[];
  /** 0 (default): silent. 1, true or "auto": a progress bar in a terminal, elsewhere as 2. 2: a line an epoch on the console. For a bar on another writer use the callback progressBar. */
  readonly verbose?: Verbose;
  /** Ends the run after the current step; the history then says `aborted`. */
  readonly signal?: AbortSignal;
  /** Steps in an epoch; default: all examples. */
  readonly stepsPerEpoch?: number;
  /** Batches that are evaluated after an epoch; default: all. */
  readonly validationSteps?: number;
  /** Every how many epochs there is validation (1), or the numbers, from 1, of the epochs that have one. */
  readonly validationFreq?: number | readonly number[];
}

/** Options of fit(). */
export interface FitOptions extends RunOptions {
  /** Examples in a step; default 32. The last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Whether each epoch goes through the examples in a new order; default true. */
  readonly shuffle?: boolean;
  /** Examples that are evaluated after each epoch and never trained on; with their weights, if they have any. */
  readonly validationData?: readonly [x: Feed, y: Feed, sampleWeight?: Feed];
  /** Share of the examples, the last ones, that serve as validation data. */
  readonly validationSplit?: number;
  /** Default: batchSize. */
  readonly validationBatchSize?: number;
  /** How much each example counts in the loss and in weighted metrics: [examples]; for several outputs one for all, a list, or an object by output name. */
  readonly sampleWeight?: Feed;
  /** How much the examples of a class count: { 0: 1, 1: 4 }; 1 where it is left out. For models of one output. */
  readonly classWeight?: ClassWeight;
  /** Changes each batch of inputs in place before it is trained on. Inputs then come as float32, bytes too. */
  readonly augment?: Augment;
}

export const RUN_OPTIONS = [
  "epochs", "initialEpoch", "callbacks", "verbose", "signal", "stepsPerEpoch", "validationSteps", "validationFreq",
] as const satisfies readonly (keyof RunOptions)[]; // prettier-ignore
const FIT_OPTIONS = [
  "batchSize", ...RUN_OPTIONS, "shuffle", "validationData", "validationSplit", "validationBatchSize", "sampleWeight", "classWeight", "augment",
] as const satisfies readonly (keyof FitOptions)[]; // prettier-ignore

/** See Model.fit. The engine runs already. */
export async function fit(model: Model, x: Feed, y: Feed, options: FitOptions): Promise<History> {
  checkOptions(options, FIT_OPTIONS, "fit");
  const { batchSize = 32, shuffle = true, validationSplit = 0, validationBatchSize = batchSize, augment } = options;
  checkWhole(batchSize, "fit: batchSize");
  checkWhole(validationBatchSize, "fit: validationBatchSize");
  checkNumber(validationSplit, "fit: validationSplit", 0, 1, true);
  checkRun(options, "fit");
  const { train, validation } = await dataOf(model, x, y, options);
  const source = new RowsSource(train, { batchSize, augment, seed: shuffle ? model.seed : undefined });
  return runEpochs(model, source, options, {
    where: "fit",
    batchSize,
    validation: validation && new RowsSource(validation, { batchSize: validationBatchSize }),
  });
}

/** Throws for options of a run that are out of range. */
export function checkRun({ epochs = 1, initialEpoch = 0, stepsPerEpoch = 1, validationSteps = 1, validationFreq = 1, verbose = 0 }: RunOptions, where: string): void {
  checkWhole(epochs, `${where}: epochs`);
  checkWhole(initialEpoch, `${where}: initialEpoch`, 0);
  checkWhole(stepsPerEpoch, `${where}: stepsPerEpoch`);
  checkWhole(validationSteps, `${where}: validationSteps`);
  checkVerbose(verbose, where);
  for (const epoch of typeof validationFreq === "object" ? validationFreq : [validationFreq]) checkWhole(epoch, `${where}: validationFreq`);
}

export interface Surroundings {
  /** Public function, for errors. */
  readonly where: string;
  readonly batchSize: number;
  readonly validation: Source | undefined;
}

/** The loop over epochs and steps. */
export async function runEpochs(model: Model, source: Source, options: RunOptions, { where, batchSize, validation }: Surroundings): Promise<History> {
  const { epochs = 1, initialEpoch = 0, stepsPerEpoch = Infinity, validationSteps, validationFreq = 1, signal, verbose = 0 } = options;
  const history = new History();
  const callbacks = options.callbacks === undefined ? [] : (await import("./callbacks/hooks.js")).callbacksOf(options.callbacks, where);
  const report = new Report([...callbacks, ...(verbose ? [(await import("./callbacks/verbose.js")).verboseBar(verbose)] : [])], history);
  const steps = Math.min(source.steps ?? Infinity, stepsPerEpoch);
  const sums = new ScoreSums(model.goal);
  const breather = new Breather();
  const halted = (): boolean => model.stopTraining || signal?.aborted === true;
  let [epoch, step, again] = [initialEpoch, 0, false];
  let logs: Record<string, number> = {};
  const run: Run = {
    validationFreq: validation === undefined ? 0 : typeof validationFreq === "number" ? validationFreq : Infinity,
    get aborted() {
      return signal?.aborted === true;
    },
    capture: () => ({ epoch, step, pass: model.epochsTrained, scores: sums.state, callbacks: report.save() }),
    restore(state) {
      [epoch, step] = [state.epoch, state.step];
      model.epochsTrained = state.pass;
      sums.state = state.scores;
      report.load(state.callbacks);
    },
    repeatEpoch: () => (again = true),
  };
  const validates = (): boolean => (typeof validationFreq === "number" ? (epoch + 1) % validationFreq === 0 : validationFreq.includes(epoch + 1));

  model.stopTraining = false;
  if (options.initialEpoch !== undefined) model.epochsTrained = initialEpoch;
  try {
    const samples = Math.min(source.samples ?? Infinity, steps * (batchSize || Infinity));
    await report.begin({ model, epochs, steps, samples, batchSize, run });
    while (epoch < epochs && !halted()) {
      await report.epochBegin(epoch, step);
      if (step === 0) sums.reset();
      if (!(await trainEpoch())) break;
      model.epochsTrained++;
      step = 0;
      logs = sums.means();
      if (validation && validates()) Object.assign(logs, prefixed(await evaluateSource(model, validation, `${where}: validationData`, validationSteps)));
      epoch++;
      again = false;
      await report.epochEnd(epoch - 1, logs);
      if (again) {
        epoch--;
        model.epochsTrained--;
      }
      await report.epochDone(epoch);
    }
    history.aborted = signal?.aborted === true;
    model.optimizer.finalizeVariableValues(model.trainableWeights);
    await report.end(logs);
  } catch (error) {
    report.error(error);
    throw error;
  } finally {
    breather.close();
  }
  return history;

  /** The steps of an epoch, or what is left of them. False where it was broken off. */
  async function trainEpoch(): Promise<boolean> {
    const stream = source.open(model.epochsTrained, step);
    try {
      while (step < steps) {
        if (halted()) return false;
        let batch = stream.next();
        if (batch instanceof Promise) batch = await batch;
        if (batch === undefined) break;
        const wait = report.batchBegin(step);
        if (wait) await wait;
        try {
          await trainOn(model, batch, sums, where);
        } catch (error) {
          if (error instanceof NotFiniteStep && report.notFinite(step, error.message)) return false;
          throw error;
        }
        const pause = report.batchEnd(step++, sums);
        if (pause) await pause;
        const saved = report.batchDone(step - 1);
        if (saved) await saved;
        if (breather.due) await breather.breathe();
      }
      if (step === 0) throw new ValueError(`${where}: expected at least one batch, the data set gave none.`);
      return true;
    } finally {
      await stream.close();
    }
  }
}

/** All data, checked, before anything is changed: inputs, labels, weights. */
async function dataOf(model: Model, x: Feed, y: Feed, options: FitOptions): Promise<{ train: readonly Rows[]; validation: readonly Rows[] | undefined }> {
  const { validationData, validationSplit = 0 } = options;
  if (validationData !== undefined && validationSplit > 0) throw new ValueError("fit: expected validationData or validationSplit, got both.");
  if (validationData !== undefined && (!Array.isArray(validationData) || validationData.length < 2)) throw new ValueError("fit: validationData: expected [x, y] or [x, y, sampleWeight].");
  await settle(x, y, options.sampleWeight, ...(validationData ?? []));
  const all = await model.prepare(x, y, "fit", options);
  if (validationData !== undefined) return { train: all, validation: await model.prepare(validationData[0], validationData[1], "fit: validationData", { sampleWeight: validationData[2] }) };
  if (validationSplit === 0) return { train: all, validation: undefined };
  const { count } = all[0]!;
  const border = Math.floor(count * (1 - validationSplit));
  if (border === 0 || border === count) {
    throw new ValueError(`fit: validationSplit: expected a split that leaves examples on both sides, ${validationSplit} of ${count} leaves ${border} and ${count - border}.`);
  }
  return { train: all.map((rows) => sliceRows(rows, 0, border)), validation: all.map((rows) => sliceRows(rows, border, count)) };
}

function prefixed(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
}
