// Batches from data sets: anything that can be iterated, now or in a while, again for each epoch.
import type { TypedArray } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, type Shape } from "../base/shape.js";
import { Tensor } from "../engine/index.js";
import { RowsSource, type Batch, type Source, type Stream } from "./batches.js";
import type { History } from "./callbacks/history.js";
import type { Logs } from "./callbacks/callback.js";
import { evaluateSource, predictSource } from "./evaluate.js";
import { borrow, isByName, isList, settle, type Feed } from "./feed.js";
import { checkRun, checkVerbose, RUN_OPTIONS, runEpochs, type RunOptions, type Verbose } from "./fit.js";
import type { Model } from "./model.js";
import { checkOptions, checkWhole } from "../base/options.js";

/** A batch of a data set: inputs, labels and, where there are any, weights. */
export type DatasetBatch = { readonly xs: Feed; readonly ys: Feed; readonly sampleWeight?: Feed } | readonly [x: Feed, y: Feed, sampleWeight?: Feed];

/** Batches, iterated anew for every epoch: a Dataset, a list, or a function that gives a generator. */
export type DatasetLike<T = DatasetBatch> = (AsyncIterable<T> | Iterable<T> | (() => AsyncIterable<T> | Iterable<T>)) & {
  /** Number of batches, where it is known. */
  readonly size?: number | undefined;
  /** Pass number `n`, the same each time; without it every iteration is the next pass. */
  readonly epoch?: (n: number) => AsyncIterable<T>;
};

/** Options of fitDataset(). */
export interface FitDatasetOptions extends RunOptions {
  /** Batches, or [x, y] or [x, y, sampleWeight], that are evaluated after each epoch and never trained on. */
  readonly validationData?: DatasetLike | readonly [x: Feed, y: Feed, sampleWeight?: Feed];
  /** Examples at a time of validationData that is no data set; default 32. */
  readonly validationBatchSize?: number;
}

/** Options of evaluateDataset() and predictDataset(). */
export interface DatasetOptions {
  /** Batches that are taken; default: all. */
  readonly steps?: number;
  /** Default 0: silent. Above it, evaluateDataset writes a line with its scores on the console; predictDataset has none to write. */
  readonly verbose?: Verbose;
}

/** See Model.fitDataset. */
export async function fitDataset(model: Model, dataset: DatasetLike, options: FitDatasetOptions): Promise<History> {
  checkOptions(options, [...RUN_OPTIONS, "validationData", "validationBatchSize"], "fitDataset");
  checkRun(options, "fitDataset");
  const { validationData, validationBatchSize = 32, stepsPerEpoch } = options;
  const source = new DatasetSource(dataset, labelled(model, "fitDataset"), "fitDataset", stepsPerEpoch);
  const validation = validationData === undefined ? undefined : await validationOf(model, validationData, validationBatchSize);
  return runEpochs(model, source, options, { where: "fitDataset", batchSize: 0, validation });
}

/** See Model.evaluateDataset. */
export async function evaluateDataset(model: Model, dataset: DatasetLike, options: DatasetOptions): Promise<Logs> {
  const scores = await evaluateSource(model, new DatasetSource(dataset, labelled(model, "evaluateDataset"), "evaluateDataset"), "evaluateDataset", stepsOf(options, "evaluateDataset"));
  if (options.verbose) (await import("./callbacks/verbose.js")).writeScores(scores);
  return scores;
}

/** See Model.predictDataset. */
export async function predictDataset(model: Model, dataset: DatasetLike<Feed | DatasetBatch>, options: DatasetOptions): Promise<readonly Tensor[]> {
  const read = async (given: Feed | DatasetBatch): Promise<Batch> => {
    // Two tensors are the inputs of a model that has several.
    const x = isBatch(given) && !(model.inputNames.length > 1 && isList(given)) ? inputsOf(given) : given;
    await settle(x);
    checkBatched(model, x, undefined, "predictDataset");
    const rows = model.prepareInputs(x, "predictDataset");
    return { tensors: rows.map(borrow), count: rows[0]!.count };
  };
  return predictSource(model, new DatasetSource(dataset, read, "predictDataset"), "predictDataset", stepsOf(options, "predictDataset"));
}

/** A pass: what iteration gives, as batches of tensors. */
class DatasetSource<T> implements Source {
  readonly steps: number | undefined;
  readonly samples: undefined;
  /** Goes on from epoch to epoch where stepsPerEpoch cuts them. */
  private running: Passes<T> | undefined;

  constructor(private readonly dataset: DatasetLike<T>, private readonly read: (given: T, number: number) => Promise<Batch>, private readonly where: string, private readonly stepsPerEpoch?: number) {
    checkDataset(dataset, where);
    const { size } = dataset;
    this.steps = stepsPerEpoch ?? (size === undefined || !Number.isFinite(size) ? undefined : size);
    if (size === Infinity && stepsPerEpoch === undefined) throw new ValueError(`${where}: the data set is endless. Say stepsPerEpoch, or take() a part of it.`);
  }

  open(epoch: number, begin: number): Stream {
    const { stepsPerEpoch } = this;
    if (stepsPerEpoch === undefined) return this.stream(new Passes(this.dataset, epoch, false, this.where), begin);
    const at = epoch * stepsPerEpoch + begin;
    if (this.running?.taken !== at) this.running = new Passes(this.dataset, 0, true, this.where);
    const passes = this.running;
    return { ...this.stream(passes, at - passes.taken), close: () => {} };
  }

  private stream(passes: Passes<T>, skipped: number): Stream {
    let number = skipped;
    let left = skipped;
    return {
      next: async () => {
        for (; left > 0; left--) if (!(await passes.next())) return undefined;
        const found = await passes.next();
        return found && this.read(found.value, number++);
      },
      close: () => passes.close(),
    };
  }
}

/** Elements of one pass, or of one pass after the other. */
class Passes<T> {
  /** Elements given so far. */
  taken = 0;
  private iterator: AsyncIterator<T> | Iterator<T> | undefined;
  private fresh = true;

  constructor(private readonly dataset: DatasetLike<T>, private pass: number, private readonly endless: boolean, private readonly where: string) {}

  async next(): Promise<{ value: T } | undefined> {
    this.iterator ??= iterate(this.dataset, this.pass);
    const { done, value } = await this.iterator.next();
    if (!done) {
      this.fresh = false;
      this.taken++;
      return { value: value as T };
    }
    if (this.fresh) {
      if (this.taken === 0) return undefined;
      throw new ValueError(`${this.where}: the data set ended after ${this.taken} batches and cannot be iterated again. Pass a function that makes a generator, instead of one.`);
    }
    if (!this.endless) return undefined;
    this.iterator = undefined;
    this.fresh = true;
    this.pass++;
    return this.next();
  }

  async close(): Promise<void> {
    await this.iterator?.return?.();
  }
}

function iterate<T>(dataset: DatasetLike<T>, pass: number): AsyncIterator<T> | Iterator<T> {
  const iterable = dataset.epoch ? dataset.epoch(pass) : typeof dataset === "function" ? dataset() : dataset;
  return Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}

function checkDataset(dataset: unknown, where: string): void {
  const there = typeof dataset === "function" || (typeof dataset === "object" && dataset !== null && (Symbol.asyncIterator in dataset || Symbol.iterator in dataset));
  if (!there) throw new ValueError(`${where}: expected a data set: something that can be iterated, or a function that gives it; got ${String(dataset)}.${dataset instanceof Promise ? " Await it first." : ""}`);
}

/** Batches with labels, checked like the data of fit. */
function labelled(model: Model, where: string): (given: DatasetBatch, number: number) => Promise<Batch> {
  return async (given, number) => {
    const place = `${where}: batch ${number}`;
    if (!isBatch(given)) throw new ValueError(`${place}: expected { xs, ys }, [x, y] or [x, y, sampleWeight], got ${showKind(given)}.`);
    const [x, y, sampleWeight] = "xs" in given ? [given.xs, given.ys, given.sampleWeight] : given;
    checkBatched(model, x, y, place);
    await settle(x, y, sampleWeight);
    const rows = await model.prepare(x, y, place, { sampleWeight });
    return { tensors: rows.map(borrow), count: rows[0]!.count };
  };
}

/** Throws ShapeError for single examples: inputs of the very shape that the model takes of one, or numbers without an axis that counts; before they build a model. */
function checkBatched(model: Model, x: Feed, y: Feed | undefined, where: string): void {
  const [xs, ys] = [shapesOf(x), y === undefined ? [] : shapesOf(y)];
  const { inputShapes } = model;
  const known = inputShapes !== undefined && xs.length === inputShapes.length && xs.every((shape) => inputShapes.some((one) => sameShape(one, shape)));
  const differ = inputShapes === undefined && ys.length > 0 && xs[0]?.[0] !== ys[0]?.[0];
  if (!known && !differ && ![...xs, ...ys].some(({ length }) => length === 0)) return;
  const show = (shapes: readonly Shape[]): string => shapes.map(showShape).join(" and ");
  throw new ShapeError(`${where}: expected a batch, whose first axis counts examples, got inputs ${show(xs)}${ys.length > 0 ? ` and labels ${show(ys)}` : ""}. Is it a single example? Group them: dataset.batch(32).`);
}

/** Shapes of the parts of a feed, as far as their first elements tell. */
function shapesOf(given: Feed): readonly Shape[] {
  const parts: readonly unknown[] = isList(given) ? given : isByName(given) ? Object.values(given) : [given];
  return parts.map(shapeOf);
}

function shapeOf(given: unknown): Shape {
  if (given instanceof Tensor) return given.shape;
  if (Array.isArray(given)) return [given.length, ...shapeOf(given[0])];
  if (ArrayBuffer.isView(given)) return [(given as TypedArray).length];
  return typeof given === "object" && given !== null && "shape" in given && Array.isArray(given.shape) ? given.shape : [];
}

function showKind(given: unknown): string {
  return given instanceof Tensor ? "a tensor" : Array.isArray(given) ? `a list of ${given.length}` : given === null ? "null" : typeof given;
}

function isBatch(given: unknown): given is DatasetBatch {
  if (Array.isArray(given)) return given.length === 2 || given.length === 3;
  return typeof given === "object" && given !== null && "xs" in given;
}

function inputsOf(given: DatasetBatch): Feed {
  return "xs" in given ? given.xs : given[0];
}

function stepsOf(options: DatasetOptions, where: string): number | undefined {
  const { steps, verbose = 0 } = checkOptions(options, ["steps", "verbose"], where);
  checkVerbose(verbose, where);
  return steps === undefined ? undefined : checkWhole(steps, `${where}: steps`);
}

type Data = readonly [x: Feed, y: Feed, sampleWeight?: Feed];

async function validationOf(model: Model, given: DatasetLike | Data, batchSize: number): Promise<Source> {
  const where = "fitDataset: validationData";
  if (!isPair(given)) return new DatasetSource(given as DatasetLike, labelled(model, where), where);
  await settle(...given);
  return new RowsSource(await model.prepare(given[0], given[1], where, { sampleWeight: given[2] }), { batchSize: checkWhole(batchSize, "fitDataset: validationBatchSize") });
}

/** [x, y] is data; a list of batches is a data set. */
function isPair(given: DatasetLike | Data): given is Data {
  return Array.isArray(given) && (given.length === 2 || given.length === 3) && (isList(given) || !(given as readonly unknown[]).every(isBatch));
}
