// Dataset: a lazy, seeded chain of stages over examples. Nothing is read before somebody iterates, and only what is asked for.
import { checkNumber, checkOptions, checkWhole } from "../base/options.js";
import { ValueError } from "../base/errors.js";
import { randomSeed } from "../engine/index.js";
import { cached, prefetched } from "./stages/ahead.js";
import { concatenated, interleaved, repeated, repeatedNumbers } from "./stages/combine.js";
import { padded } from "./stages/pad.js";
import { filtered, mapped } from "./stages/elementwise.js";
import type { Example } from "./stages/columns.js";
import { batched, unbatched, windowCount, windowed, type WindowOptions } from "./stages/group.js";
import { eachRow, rowBatches, type Rows } from "./stages/rows.js";
import { selected, selectedNumbers, sharding, shuffling, siding, skipping, taking, type Select } from "./stages/select.js";
import { Tuple, type Stacked, type TupleOf } from "./stages/stack.js";
import { stageError, type ElementInfo, type Open } from "./stages/stage.js";

/** Options of Dataset.split. */
export interface SplitOptions {
  /** Which elements go to which side follows from it; default: what setRandomSeed set last. */
  readonly seed?: number;
}

/** Options of Dataset.paddedBatch. */
export interface PaddedBatchOptions {
  /** What stands behind elements that are smaller (0). */
  readonly paddingValue?: number;
  /** Whether a last batch that is smaller is left out (false). */
  readonly dropRemainder?: boolean;
}

/** Options of Dataset.interleave. */
export interface InterleaveOptions {
  /** Inner datasets that are open at a time (4). */
  readonly cycleLength?: number;
  /** Elements taken from each in turn (1). */
  readonly blockLength?: number;
}

/**
 * Elements that are read one after the other: numbers, text, arrays, tensors, or objects and tuples of them.
 *
 * Every method gives a new dataset and leaves this one as it is. It is an AsyncIterable: `for await (const { xs, ys } of dataset)`;
 * breaking off ends generators and closes files. Each iteration is a pass of its own, numbered from 0; orders follow from seed and
 * pass number alone, and epoch(n) repeats any of them. An error of a user's function or generator is a ValueError with the stage's name
 * and the element's number.
 */
export class Dataset<T> implements AsyncIterable<T> {
  private passes = 0;

  /** open: starts a pass   size: the number of elements where it is known, Infinity for an endless dataset */
  constructor(
    private readonly open: Open<T>,
    readonly size?: number | undefined,
    private readonly rows?: Rows<T>,
  ) {}

  /** A dataset of rows in memory, which are put in order by their numbers and gathered batch by batch. */
  static ofRows<T>(rows: Rows<T>, size: number | undefined): Dataset<T> {
    return new Dataset(eachRow(rows), size, rows);
  }

  /** The next pass. */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    return this.open({ epoch: this.passes++ });
  }

  /** Pass `number`, as often as one likes: the same elements in the same order each time. */
  epoch(number: number): AsyncIterable<T> {
    checkWhole(number, "dataset: epoch", 0);
    return { [Symbol.asyncIterator]: () => this.open({ epoch: number }) };
  }

  /** fn(element, { epoch, index }) in place of each element; fn may be async. */
  map<U>(fn: (element: T, info: ElementInfo) => U | Promise<U>): Dataset<U> {
    return new Dataset(mapped(this.open, checkFunction(fn, "map")), this.size);
  }

  /** The same as map, under TensorFlow.js' name for async functions. */
  mapAsync<U>(fn: (element: T, info: ElementInfo) => Promise<U>): Dataset<U> {
    return this.map(fn);
  }

  /** Only elements for which fn(element, { epoch, index }) gives true. The size is then unknown. */
  filter(fn: (element: T, info: ElementInfo) => boolean | Promise<boolean>): Dataset<T> {
    return new Dataset(filtered(this.open, checkFunction(fn, "filter")));
  }

  /** The elements up to the first for which fn(element, { epoch, index }) gives false; what follows is not read. The size is then unknown. */
  takeWhile(fn: (element: T, info: ElementInfo) => boolean | Promise<boolean>): Dataset<T> {
    return new Dataset(filtered(this.open, checkFunction(fn, "takeWhile"), "takeWhile", "the end"));
  }

  /** Tuples [number, element], counted from `start` in each pass. */
  enumerate(start = 0): Dataset<[number, T] & TupleOf<[number, T]>> {
    checkWhole(start, "dataset: enumerate: start", 0);
    return this.map((element, { index }) => Tuple.from<number | T>([start + index, element]) as unknown[] as [number, T] & TupleOf<[number, T]>);
  }

  /**
   * `size` elements at a time, stacked: numbers become a tensor [batch], arrays and tensors [batch, …], text a list; objects and tuples keep
   * their fields. Typed arrays and tensors keep their dtype; numbers and nested arrays become float32. The last batch takes what is left, or is dropped.
   *
   * The pass ends with ShapeError, DTypeError or ValueError, which name field and element, where elements do not fit together.
   */
  batch(size: number, dropRemainder = false): Dataset<Stacked<T>> {
    checkWhole(size, "dataset: batch: size");
    const batches = this.rows ? rowBatches(this.rows, size, dropRemainder) : batched(this.open, size, dropRemainder);
    return new Dataset(batches, scaled(this.size, (n) => (dropRemainder ? Math.floor : Math.ceil)(n / size)));
  }

  /**
   * batch() of elements whose arrays differ in size: along each axis they are filled up to the largest of the batch.
   *
   * paddingValue: what stands behind (0)   dropRemainder: leave out a last batch that is smaller (false)   The pass ends with ShapeError where ranks differ. (Of tf.data's padded_batch
   * there are no paddedShapes: every batch is as long as its longest element.)
   */
  paddedBatch(size: number, options: PaddedBatchOptions = {}): Dataset<Stacked<T>> {
    checkWhole(size, "dataset: paddedBatch: size");
    const { paddingValue = 0, dropRemainder = false } = checkOptions(options, ["paddingValue", "dropRemainder"], "dataset: paddedBatch");
    checkNumber(paddingValue, "dataset: paddedBatch: paddingValue");
    const prepare = (elements: T[], first: number): Promise<T[]> => padded(elements, first, paddingValue);
    return new Dataset(batched(this.open, size, dropRemainder, prepare, "paddedBatch"), scaled(this.size, (n) => (dropRemainder ? Math.floor : Math.ceil)(n / size)));
  }

  /** The way back from batches: the rows of each element along its first axis, field by field. The size is then unknown; the pass ends with ShapeError at an element without such an axis. */
  unbatch(): Dataset<Example<T>> {
    return new Dataset(unbatched(this.open));
  }

  /**
   * Random order, from a buffer of bufferSize elements: uniform over all orders when the buffer holds all of them.
   *
   * seed: default what setRandomSeed set last   reshuffleEachIteration: a new order in each pass (true)
   */
  shuffle(bufferSize: number, seed: number = randomSeed(), reshuffleEachIteration = true): Dataset<T> {
    checkWhole(bufferSize, "dataset: shuffle: bufferSize");
    checkWhole(seed, "dataset: shuffle: seed", 0);
    return this.select(shuffling(bufferSize, seed, reshuffleEachIteration), this.size);
  }

  /** `count` passes one after the other; without end when left out, or −1. */
  repeat(count: number = Infinity): Dataset<T> {
    const passes = count === -1 ? Infinity : count;
    if (passes !== Infinity) checkWhole(passes, "dataset: repeat: count", 0);
    const size = scaled(this.size, (n) => (n === 0 ? 0 : n * passes));
    const { rows } = this;
    return rows && size !== 0 ? Dataset.ofRows({ ...rows, order: repeatedNumbers(rows.order, passes) }, size) : new Dataset(repeated(this.open, passes), size);
  }

  /** Reads up to `count` elements (batches, after batch) ahead, while the caller works on the one before. */
  prefetch(count: number): Dataset<T> {
    return new Dataset(prefetched(this.open, checkWhole(count, "dataset: prefetch: count")), this.size);
  }

  /** The first `count` elements, or all when there are fewer; what follows is not read. */
  take(count: number): Dataset<T> {
    checkWhole(count, "dataset: take: count", 0);
    return this.select(taking(count), count === 0 ? 0 : scaled(this.size, (n) => Math.min(n, count)));
  }

  /** All but the first `count` elements. */
  skip(count: number): Dataset<T> {
    checkWhole(count, "dataset: skip: count", 0);
    return this.select(skipping(count), scaled(this.size, (n) => Math.max(0, n - count)));
  }

  /** Of every `count` elements number `index`, from 0: one of `count` parts, for as many workers. */
  shard(count: number, index: number): Dataset<T> {
    checkWhole(count, "dataset: shard: count");
    if (checkWhole(index, "dataset: shard: index", 0) >= count) throw new ValueError(`dataset: shard: index: expected a number below ${count}, got ${index}.`);
    return this.select(sharding(count, index), scaled(this.size, (n) => (n === Infinity ? n : Math.max(0, Math.ceil((n - index) / count)))));
  }

  /** These elements, then those of `other`. */
  concatenate<U>(other: Dataset<U>): Dataset<T | U> {
    const size = this.size === undefined || other.size === undefined ? undefined : this.size + other.size;
    return new Dataset(concatenated(this.open, other.open), size);
  }

  /**
   * Windows of `size` elements, stacked along a new first axis, which is time: elements [features] become [size, features], and batches of them [batch, size, features].
   *
   * shift: from one window's start to the next (size)   stride: between the elements of a window (1)   dropRemainder: leave out windows
   * that run over the end (false: they are shorter, and no batch can hold them beside others)
   */
  window(size: number, shift: number = size, stride = 1, dropRemainder = false): Dataset<Stacked<T>> {
    for (const [name, value] of Object.entries({ size, shift, stride })) checkWhole(value, `dataset: window: ${name}`);
    const options: WindowOptions = { shift, stride, dropRemainder };
    return new Dataset(windowed(this.open, size, options), scaled(this.size, (n) => windowCount(n, size, options)));
  }

  /** The elements of the datasets that fn makes of these elements, a few of them read in turn: for data in many files. */
  interleave<U>(fn: (element: T) => Dataset<U>, options: InterleaveOptions = {}): Dataset<U> {
    const { cycleLength = 4, blockLength = 1 } = checkOptions(options, ["cycleLength", "blockLength"], "dataset: interleave");
    checkWhole(cycleLength, "dataset: interleave: cycleLength");
    checkWhole(blockLength, "dataset: interleave: blockLength");
    checkFunction(fn, "interleave");
    return new Dataset(interleaved(this.open, (element) => fn(element).open, cycleLength, blockLength));
  }

  /** Keeps all elements in memory once a pass has come to its end; later passes do not read again. Put it before shuffle and before what draws. */
  cache(): Dataset<T> {
    return new Dataset(cached(this.open), this.size);
  }

  /**
   * Two datasets: a share of the elements, 0 to 1, drawn at random, and the rest. Exact to the element where the size is known.
   *
   * The split reads the first pass only, so that a shuffle before it never moves an element to the other side: shuffle and augment after it.
   */
  split(share: number, options: SplitOptions = {}): [Dataset<T>, Dataset<T>] {
    const { seed = randomSeed() } = checkOptions(options, ["seed"], "dataset: split");
    checkNumber(share, "dataset: split: share", 0, 1);
    checkWhole(seed, "dataset: split: seed", 0);
    const { size } = this;
    if (size === Infinity) throw new ValueError("dataset: split: expected a dataset that ends, this one repeats without end. Split it before repeat()?");
    const { open, rows } = this;
    const first = new Dataset(() => open({ epoch: 0 }), size, rows && { ...rows, order: () => rows.order({ epoch: 0 }) });
    const left = size === undefined ? undefined : Math.round(share * size);
    return [
      first.select(siding({ share, seed, size, left: true }), left),
      first.select(siding({ share, seed, size, left: false }), left === undefined ? undefined : size! - left),
    ];
  }

  /** Calls fn with each element of the next pass; a promise is awaited before the next one. */
  async forEach(fn: (element: T, index: number) => unknown): Promise<void> {
    checkFunction(fn, "forEach");
    let index = 0;
    for await (const element of this) await fn(element, index++);
  }

  /** The same as forEach, under TensorFlow.js' name. */
  forEachAsync(fn: (element: T, index: number) => unknown): Promise<void> {
    return this.forEach(fn);
  }

  /** fn(… fn(fn(initial, first), second) …, last) over the next pass; fn may be async. Throws ValueError for an endless dataset. */
  async reduce<A>(initial: A, fn: (before: A, element: T, index: number) => A | Promise<A>): Promise<A> {
    checkFunction(fn, "reduce");
    if (this.size === Infinity) throw new ValueError("dataset: reduce: expected a dataset that ends, this one repeats without end. Use take(n) first.");
    let [result, index] = [initial, 0];
    for await (const element of this) {
      try {
        result = await fn(result, element, index);
      } catch (cause) {
        throw stageError("reduce", index, cause);
      }
      index++;
    }
    return result;
  }

  /** All elements of the next pass. Throws ValueError for an endless dataset. */
  async toArray(): Promise<T[]> {
    if (this.size === Infinity) throw new ValueError("dataset: toArray: expected a dataset that ends, this one repeats without end. Use take(n) first.");
    const elements: T[] = [];
    for await (const element of this) elements.push(element);
    return elements;
  }

  /** An iterator over the next pass, as TensorFlow.js has it: `await (await dataset.iterator()).next()`. */
  async iterator(): Promise<AsyncGenerator<T, void, undefined>> {
    return this[Symbol.asyncIterator]();
  }

  private select(select: Select, size: number | undefined): Dataset<T> {
    const { rows } = this;
    return rows ? Dataset.ofRows({ ...rows, order: selectedNumbers(rows.order, select) }, size) : new Dataset(selected(this.open, select), size);
  }

  /** How datasets open each other. */
  static opener<T>(dataset: Dataset<T>): Open<T> {
    return dataset.open;
  }
}

function scaled(size: number | undefined, fn: (size: number) => number): number | undefined {
  return size === undefined ? undefined : fn(size);
}

function checkFunction<F>(fn: F, stage: string): F {
  if (typeof fn !== "function") throw new ValueError(`dataset: ${stage}: expected a function, got ${String(fn)}.`);
  return fn;
}
