// Batches: what training and evaluation are given, one after the other. Here from rows in host memory; from data sets see datasetBatches.ts.
import { createRandom } from "../base/random.js";
import type { Tensor } from "../engine/index.js";
import { BatchBuffer, type Rows } from "./feed.js";
import { SHUFFLE } from "./streams.js";

/** Examples, as a model's programs take them. */
export interface Batch {
  /** Inputs, then labels, then weights where there are any. Valid until the next batch is drawn. */
  readonly tensors: readonly Tensor[];
  readonly count: number;
}

/** Where batches come from. */
export interface Source {
  /** Batches in a pass; undefined when that is known at its end only. */
  readonly steps: number | undefined;
  /** Examples in a pass. */
  readonly samples: number | undefined;
  /** Pass number `epoch`, from batch number `begin` on. The same numbers give the same batches. */
  open(epoch: number, begin: number): Stream;
}

export interface Stream {
  /** The next batch, or undefined after the last. */
  next(): Batch | undefined | Promise<Batch | undefined>;
  close(): void | Promise<void>;
}

/** Changes a batch of images in place: floats, count images one after another; indices say which examples they are. */
export type Augment = (images: Float32Array, count: number, context: { readonly epoch: number; readonly indices: Uint32Array }) => void;

export interface RowsOptions {
  readonly batchSize: number;
  /** Examples come in an order that follows from this seed and the number of the pass; without it as they are. */
  readonly seed?: number | undefined;
  readonly augment?: Augment | undefined;
}

/** Batches of rows that lie in memory, all of the same count. The last batch takes what is left. */
export class RowsSource implements Source {
  readonly steps: number;
  readonly samples: number;
  private readonly buffers: readonly BatchBuffer[];
  private readonly order: Uint32Array | undefined;

  constructor(rows: readonly Rows[], private readonly options: RowsOptions) {
    this.samples = rows[0]!.count;
    this.steps = Math.ceil(this.samples / options.batchSize);
    const capacity = Math.min(options.batchSize, this.samples);
    this.buffers = rows.map((part, i) => new BatchBuffer(part, capacity, i === 0 && options.augment !== undefined));
    this.order = options.seed === undefined ? undefined : new Uint32Array(this.samples);
  }

  open(epoch: number, begin: number): Stream {
    const { order, samples, options } = this;
    if (order) {
      for (let i = 0; i < order.length; i++) order[i] = i;
      createRandom(options.seed!, SHUFFLE + epoch).shuffle(order);
    }
    let at = begin * options.batchSize;
    const next = (): Batch | undefined => {
      if (at >= samples) return undefined;
      const count = Math.min(options.batchSize, samples - at);
      const tensors = this.buffers.map((buffer) => buffer.gather(order, at, count));
      options.augment?.(this.buffers[0]!.elements(count) as Float32Array, count, { epoch, indices: indicesOf(order, at, count) });
      at += count;
      return { tensors, count };
    };
    return { next, close: () => {} };
  }
}

function indicesOf(order: Uint32Array | undefined, begin: number, count: number): Uint32Array {
  return order ? order.subarray(begin, begin + count) : Uint32Array.from({ length: count }, (_, i) => begin + i);
}
