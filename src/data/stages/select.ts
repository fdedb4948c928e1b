// Stages that pass on some of their elements, perhaps later, and change none: shuffle, take, skip, shard, and the sides of a split.
// Each is written once, and runs over elements or over their numbers: rows in memory are put in order before anything is read.
import { createRandom } from "../../base/random.js";
import type { Open, Pass } from "./stage.js";

/** Nothing comes out for the element that went in. */
export const NONE: unique symbol = /* @__PURE__ */ Symbol("none");

/** A selection under way. */
export interface Selection<T> {
  push(element: T): T | typeof NONE;
  /** What comes out when no more goes in. */
  rest?(): Iterable<T>;
  /** Whether no more has to go in. */
  full?(): boolean;
}

/** Begins a selection, of elements of any kind. */
export type Select = <T>(pass: Pass) => Selection<T>;

/** A selection of elements. */
export function selected<T>(open: Open<T>, select: Select): Open<T> {
  return async function* (pass) {
    const selection = select<T>(pass);
    if (selection.full?.()) return;
    for await (const element of open(pass)) {
      const out = selection.push(element);
      if (out !== NONE) yield out;
      if (selection.full?.()) return;
    }
    if (selection.rest) yield* selection.rest();
  };
}

/** The numbers of rows in the order of a pass. */
export type Order = (pass: Pass) => Iterable<number>;

/** The same selection of numbers. */
export function selectedNumbers(order: Order, select: Select): Order {
  return function* (pass) {
    const selection = select<number>(pass);
    if (selection.full?.()) return;
    for (const number of order(pass)) {
      const out = selection.push(number);
      if (out !== NONE) yield out;
      if (selection.full?.()) return;
    }
    if (selection.rest) yield* selection.rest();
  };
}

/** The first `count`; what comes after them is not asked for. */
export function taking(count: number): Select {
  return () => {
    let left = count;
    return {
      push: (element) => {
        left--;
        return element;
      },
      full: () => left === 0,
    };
  };
}

/** All but the first `count`. */
export function skipping(count: number): Select {
  return () => {
    let left = count;
    return { push: (element) => (left > 0 ? (left--, NONE) : element) };
  };
}

/** Element number `index` of every `count`. */
export function sharding(count: number, index: number): Select {
  return () => {
    let at = 0;
    return { push: (element) => (at++ % count === index ? element : NONE) };
  };
}

/**
 * Random order, drawn from a buffer of bufferSize: a uniform order when the buffer holds all.
 * Each pass has an order of its own, which follows from (seed, pass); without reshuffling all have that of the first.
 */
export function shuffling(bufferSize: number, seed: number, reshuffle: boolean): Select {
  return <T>({ epoch }: Pass): Selection<T> => {
    const random = createRandom(seed, reshuffle ? epoch : 0);
    const buffer: T[] = [];
    return {
      push: (element) => {
        if (buffer.length < bufferSize) {
          buffer.push(element);
          return NONE;
        }
        const i = random.integer(bufferSize);
        const drawn = buffer[i]!;
        buffer[i] = element;
        return drawn;
      },
      *rest() {
        while (buffer.length > 0) {
          const i = random.integer(buffer.length);
          const drawn = buffer[i]!;
          buffer[i] = buffer[buffer.length - 1]!;
          buffer.pop();
          yield drawn;
        }
      },
    };
  };
}

/** One side of a split. Where the number of elements is known, exactly round(share · size) of them are on the left; else each is with probability `share`. */
export function siding({ share, seed, size, left }: { share: number; seed: number; size: number | undefined; left: boolean }): Select {
  return () => {
    const random = createRandom(seed);
    const onLeft = size === undefined ? () => random.uniform() < share : chosen(random.permutation(size), Math.round(share * size));
    let index = 0;
    return { push: (element) => (onLeft(index++) === left ? element : NONE) };
  };
}

/** Whether a number stands among the first `count` of a permutation. */
function chosen(order: Uint32Array, count: number): (index: number) => boolean {
  const marks = new Uint8Array(order.length);
  for (let i = 0; i < count; i++) marks[order[i]!] = 1;
  return (index) => marks[index] === 1;
}
