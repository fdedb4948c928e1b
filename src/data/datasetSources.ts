// Where datasets begin: arrays and tensors in memory, generators and iterables, several datasets side by side.
import { ValueError } from "../base/errors.js";
import { Dataset } from "./dataset.js";
import { tableOf, type Columns, type Example, type Table } from "./stages/columns.js";
import { zipped } from "./stages/combine.js";
import type { TupleOf } from "./stages/stack.js";
import { stageError, type Open, type Pass } from "./stages/stage.js";

/**
 * The rows of arrays: { xs: [n, …], ys: [n, …] } gives n elements { xs: tensor […], ys: tensor […] }. Typed arrays and tensors keep their dtype and
 * are not copied; numbers and nested arrays become float32; a list of strings gives strings.
 *
 * Throws ShapeError for scalars and where fields differ in length.
 */
export function fromArrays<C extends Columns>(columns: C): Dataset<Example<C>> {
  const { count, load } = tableOf(columns, "dataset: fromArrays") as Table<Example<C>>;
  return Dataset.ofRows({ load, order: () => numbersTo(count) }, count);
}

function* numbersTo(count: number): Generator<number, void, undefined> {
  for (let i = 0; i < count; i++) yield i;
}

/** The rows of tensors: the same as fromArrays. */
export function fromTensors<C extends Columns>(columns: C): Dataset<Example<C>> {
  return fromArrays(columns);
}

/** The items of a list, as they are; TensorFlow.js' `data.array`. */
export function array<T>(items: readonly T[]): Dataset<T> {
  if (!Array.isArray(items)) throw new ValueError(`dataset: array: expected a list of elements, got ${String(items)}. For columns use fromArrays({ xs, ys }).`);
  return new Dataset(async function* () {
    yield* items;
  }, items.length);
}

type Maybe<T> = T | Promise<T>;
type AnyIterator<T> = { next(): Maybe<IteratorResult<T, unknown>>; return?(): Maybe<unknown> };
type AnyIterable<T> = Iterable<T> | AsyncIterable<T> | AnyIterator<T>;

/**
 * What a generator gives; it is started anew in each pass, and ended (its finally runs) when a pass is broken off.
 *
 * make: a generator function, sync or async, or any function that gives an iterable or iterator, or a promise of one. It gets { epoch }.
 */
export function fromGenerator<T>(make: (pass: Pass) => Maybe<AnyIterable<T>>): Dataset<T> {
  if (typeof make !== "function") throw new ValueError(`dataset: generator: expected a function that gives an iterable, got ${String(make)}. For an iterable use fromIterable.`);
  return new Dataset(fromUser("generator", make));
}

/** The same as fromGenerator, under TensorFlow.js' name. */
export function generator<T>(make: (pass: Pass) => Maybe<AnyIterable<T>>): Dataset<T> {
  return fromGenerator(make);
}

/** What an iterable gives, sync or async. One that can be gone through once (a generator object, a stream) gives one pass. */
export function fromIterable<T>(iterable: Iterable<T> | AsyncIterable<T>): Dataset<T> {
  const { length } = iterable as { length?: unknown };
  return new Dataset(fromUser("iterable", () => iterable), Array.isArray(iterable) ? (length as number) : undefined);
}

/** Elements of several datasets side by side, until the shortest ends: of [a, b] tuples, of { xs: a, ys: b } objects. */
export function zip<D extends readonly unknown[]>(datasets: readonly [...{ [K in keyof D]: Dataset<D[K]> }]): Dataset<D & TupleOf<D>>;
export function zip<D extends object>(datasets: { readonly [K in keyof D]: Dataset<D[K]> }): Dataset<D>;
export function zip(datasets: readonly Dataset<unknown>[] | Readonly<Record<string, Dataset<unknown>>>): Dataset<unknown> {
  const all = Object.values(datasets);
  const wrong = all.findIndex((dataset) => !(dataset instanceof Dataset));
  if (all.length === 0 || wrong >= 0) throw new ValueError(`dataset: zip: expected datasets, got ${wrong < 0 ? "none" : `${String(all[wrong])} at ${Object.keys(datasets)[wrong]!}`}.`);
  const sizes = all.map(({ size }) => size);
  const size = sizes.includes(undefined) ? undefined : Math.min(...(sizes as number[]));
  return new Dataset(zipped(all.map((dataset) => Dataset.opener(dataset)), Array.isArray(datasets) ? undefined : Object.keys(datasets)), size);
}

function fromUser<T>(stage: string, make: (pass: Pass) => Maybe<AnyIterable<T>>): Open<T> {
  return async function* (pass) {
    let index = 0;
    let ended = true;
    let iterator: AnyIterator<T> | undefined;
    try {
      for (;;) {
        let next: IteratorResult<T, unknown>;
        try {
          iterator ??= iteratorOf(await make(pass), stage);
          ended = true; // One that throws has ended itself.
          next = await iterator.next();
        } catch (cause) {
          throw stageError(stage, index, cause);
        }
        if (next.done) return;
        ended = false;
        yield next.value;
        index++;
      }
    } finally {
      if (!ended) await iterator?.return?.();
    }
  };
}

function iteratorOf<T>(given: AnyIterable<T>, stage: string): AnyIterator<T> {
  if (typeof given === "object" && given !== null) {
    if (Symbol.asyncIterator in given) return given[Symbol.asyncIterator]();
    if (Symbol.iterator in given) return given[Symbol.iterator]();
    if ("next" in given && typeof given.next === "function") return given;
  }
  throw new ValueError(`expected an iterable or an iterator from the ${stage}, got ${String(given)}`);
}
