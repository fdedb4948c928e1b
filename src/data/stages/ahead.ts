// Stages that keep elements: prefetch (for a moment) and cache (for good).
import type { Open } from "./stage.js";

/** Asks for up to `count` elements before they are wanted, so that reading goes on while the step before it runs. */
export function prefetched<T>(open: Open<T>, count: number): Open<T> {
  return async function* (pass) {
    const source = open(pass);
    const ahead: Promise<IteratorResult<T, void>>[] = [];
    const ask = (): void => {
      const next = source.next();
      next.catch(() => {}); // Thrown where it is awaited; nobody may come to that when the pass is broken off.
      ahead.push(next);
    };
    try {
      for (let i = 0; i < count; i++) ask();
      for (;;) {
        const next = await ahead.shift()!;
        if (next.done) return;
        ask();
        yield next.value;
      }
    } finally {
      await source.return();
    }
  };
}

/** Keeps the elements of the first pass that comes to its end; later passes are these again, in their order. */
export function cached<T>(open: Open<T>): Open<T> {
  let kept: readonly T[] | undefined;
  return async function* (pass) {
    if (kept) {
      yield* kept;
      return;
    }
    const elements: T[] = [];
    for await (const element of open(pass)) {
      elements.push(element);
      yield element;
    }
    kept ??= elements;
  };
}
