// What the stages of a dataset share: how one is opened, and how an error of the user's own function is told.
import { ValueError } from "../../base/errors.js";

/** One pass over a dataset. The number of the pass decides orders and augmentations, so that any pass can be repeated. */
export interface Pass {
  /** From 0. */
  readonly epoch: number;
}

/** What the user's functions are told of the element they get. */
export interface ElementInfo extends Pass {
  /** The element's number at this stage in this pass, from 0. */
  readonly index: number;
}

/** Opens a pass. Every call gives an iterator of its own, whose return() ends the stages before it as well. */
export type Open<T> = (pass: Pass) => AsyncGenerator<T, void, undefined>;

/** The error of a user's function or generator: with the stage and the element it stopped at, and the error itself as its cause. */
export function stageError(stage: string, index: number, cause: unknown): ValueError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ValueError(`dataset: ${stage}: element ${index}: ${message}`, { cause });
}
