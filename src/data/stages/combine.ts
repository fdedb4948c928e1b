// Stages over several passes or several datasets: repeat, concatenate, zip, interleave.
import { ValueError } from "../../base/errors.js";
import { Tuple } from "./stack.js";
import type { Order } from "./select.js";
import { stageError, type Open, type Pass } from "./stage.js";

/** As many passes of an endless repetition as can be told apart from those of the next. */
const ENDLESS = 2 ** 20;

/** `count` passes, one after the other, each with its own number; without end for Infinity. */
export function repeated<T>(open: Open<T>, count: number): Open<T> {
  return async function* (pass) {
    const first = firstPass(pass, count);
    for (let k = 0; k < count; k++) {
      let empty = true;
      for await (const element of open({ epoch: first + k })) {
        empty = false;
        yield element;
      }
      if (empty && count === Infinity) throw new ValueError("dataset: repeat: expected at least one element to repeat without end, got none.");
    }
  };
}

/** The same of the numbers of rows, of which there are some. */
export function repeatedNumbers(order: Order, count: number): Order {
  return function* (pass) {
    const first = firstPass(pass, count);
    for (let k = 0; k < count; k++) yield* order({ epoch: first + k });
  };
}

function firstPass({ epoch }: Pass, count: number): number {
  return epoch * (count === Infinity ? ENDLESS : count);
}

/** All elements of the first, then all of the second. */
export function concatenated<T, U>(first: Open<T>, second: Open<U>): Open<T | U> {
  return async function* (pass) {
    yield* first(pass);
    yield* second(pass);
  };
}

/** Elements side by side, until one dataset ends; the others are then closed. keys: names of the fields; a tuple without. */
export function zipped(opens: readonly Open<unknown>[], keys: readonly string[] | undefined): Open<unknown> {
  return async function* (pass) {
    const iterators = opens.map((open) => open(pass));
    try {
      for (;;) {
        const next = await Promise.all(iterators.map((iterator) => iterator.next()));
        if (next.some(({ done }) => done)) return;
        const values = next.map(({ value }) => value);
        yield keys ? Object.fromEntries(keys.map((key, i) => [key, values[i]])) : Tuple.from(values);
      }
    } finally {
      await Promise.all(iterators.map((iterator) => iterator.return()));
    }
  };
}

/** `cycle` inner datasets at a time, `block` elements of each in turn. */
export function interleaved<T, U>(open: Open<T>, inner: (element: T) => Open<U>, cycle: number, block: number): Open<U> {
  return async function* (pass) {
    const outer = open(pass);
    const running: AsyncGenerator<U, void, undefined>[] = [];
    let index = 0;
    const start = async (): Promise<void> => {
      const next = await outer.next();
      if (next.done) return;
      try {
        running.push(inner(next.value)(pass));
      } catch (cause) {
        throw stageError("interleave", index, cause);
      }
      index++;
    };
    try {
      for (let i = 0; i < cycle; i++) await start();
      while (running.length > 0) {
        const current = running[0]!; // Stays in the list while it is read, so that it is closed with the others.
        let ended = false;
        for (let i = 0; i < block && !ended; i++) {
          const next = await current.next();
          if (next.done) ended = true;
          else yield next.value;
        }
        running.shift();
        if (ended) await start();
        else running.push(current);
      }
    } finally {
      await Promise.all([outer, ...running].map((iterator) => iterator.return()));
    }
  };
}
