// What adapt() learns from: arrays at once, data sets batch by batch, so that these may be larger than memory.
import { ValueError } from "../../base/errors.js";
import { Tensor, tensor, type TensorLike } from "../../engine/index.js";

/** A data set, or anything else that is read by `for await`, of batches. */
export type Batches<B> = AsyncIterable<B>;

/** What is learned from one batch after the other. */
export interface Learner<B> {
  add(batch: B): void;
  /** After the last batch. */
  finish(): void;
}

/** Lets a layer learn from data: at once, or for a data set, as a promise. Throws ValueError for a data set without end. */
export function learn<L, B>(layer: L, data: B | Batches<B>, learner: Learner<B>, where: string): L | Promise<L> {
  if (!isBatches(data)) {
    learner.add(data);
    learner.finish();
    return layer;
  }
  return learnFrom(layer, data, learner, where);
}

async function learnFrom<L, B>(layer: L, batches: Batches<B>, learner: Learner<B>, where: string): Promise<L> {
  if ("size" in batches && batches.size === Infinity) throw new ValueError(`${where}: adapt: expected a data set that ends, this one repeats without end. Use take(n) first.`);
  for await (const batch of batches) learner.add(batch);
  learner.finish();
  return layer;
}

function isBatches<B>(data: B | Batches<B>): data is Batches<B> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

/** A batch as a tensor. Throws ValueError for objects with fields, as data sets of examples and labels have them. */
export function batchTensor(batch: TensorLike, where: string): Tensor {
  if (batch instanceof Tensor) return batch;
  if (typeof batch === "object" && !Array.isArray(batch) && !ArrayBuffer.isView(batch) && !("data" in batch)) {
    throw new ValueError(`${where}: adapt: expected arrays or tensors, got an object with the fields ${Object.keys(batch).join(", ")}. Pick one: dataset.map(({ xs }) => xs)?`);
  }
  return tensor(batch);
}
