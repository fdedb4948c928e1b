// Stages that make one element of several, batch and window, and the way back.
import { tableOf, type Example } from "./columns.js";
import { stack, type Stacked } from "./stack.js";
import type { Open } from "./stage.js";

/** `size` elements at a time, stacked along a new first axis; the last batch takes what is left, unless that is dropped. prepare: what is done to elements first */
export function batched<T>(open: Open<T>, size: number, dropRemainder: boolean, prepare?: (elements: T[], first: number) => Promise<T[]>, stage = "batch"): Open<Stacked<T>> {
  const joined = async (elements: T[], first: number): Promise<Stacked<T>> => stack(prepare ? await prepare(elements, first) : elements, first, stage);
  return async function* (pass) {
    let elements: T[] = [];
    let first = 0;
    for await (const element of open(pass)) {
      elements.push(element);
      if (elements.length < size) continue;
      yield await joined(elements, first);
      first += size;
      elements = [];
    }
    if (elements.length > 0 && !dropRemainder) yield await joined(elements, first);
  };
}

export interface WindowOptions {
  /** Elements from one window's first to the next one's; the size when left out: windows then do not overlap. */
  readonly shift?: number;
  /** Elements from one to the next within a window (1). */
  readonly stride?: number;
  /** Whether windows that run over the end are left out (false). */
  readonly dropRemainder?: boolean;
}

/** Windows: elements k·shift, k·shift + stride, … stacked along a new first axis, which is time. */
export function windowed<T>(open: Open<T>, size: number, { shift = size, stride = 1, dropRemainder = false }: WindowOptions): Open<Stacked<T>> {
  const span = (size - 1) * stride + 1;
  const pick = (elements: readonly T[]): T[] => elements.filter((_, i) => i < span && i % stride === 0);
  return async function* (pass) {
    // Holds the elements from number `first` on, the start of the next window; those between two windows are never held.
    let held: T[] = [];
    let first = 0;
    let index = 0;
    for await (const element of open(pass)) {
      if (index++ >= first) held.push(element);
      if (held.length < span) continue;
      yield await stack(pick(held), first, "window");
      first += shift;
      held = held.slice(shift);
    }
    while (held.length > 0 && !dropRemainder) {
      yield await stack(pick(held), first, "window");
      first += shift;
      held = held.slice(shift);
    }
  };
}

/** How many windows of `size` elements there are. */
export function windowCount(elements: number, size: number, { shift = size, stride = 1, dropRemainder = false }: WindowOptions): number {
  const starts = dropRemainder ? elements - (size - 1) * stride : elements;
  return Math.max(0, Math.ceil(starts / shift));
}

/** The rows of each element, along its first axis. */
export function unbatched<T>(open: Open<T>): Open<Example<T>> {
  return async function* (pass) {
    let index = 0;
    for await (const element of open(pass)) {
      const { count, load } = tableOf(element, `dataset: unbatch: element ${index++}`);
      const { row } = await load();
      for (let i = 0; i < count; i++) yield row(i) as Example<T>;
    }
  };
}
