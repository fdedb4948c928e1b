// Rows in memory: the numbers are put in order first, and batches are gathered at once, without a tensor for each row.
import type { Order } from "./select.js";
import type { Open } from "./stage.js";
import type { Stacked } from "./stack.js";

/** Arrays in memory, once their numbers are there. */
export interface RowReader<T> {
  row(number: number): T;
  /** The rows of these numbers, stacked as batch would. */
  gather(numbers: Uint32Array): Stacked<T>;
}

/** Rows that have numbers, and the order of a pass over them. */
export interface Rows<T> {
  load(): Promise<RowReader<T>>;
  readonly order: Order;
}

/** One row after the other. */
export function eachRow<T>({ load, order }: Rows<T>): Open<T> {
  return async function* (pass) {
    const reader = await load();
    for (const number of order(pass)) yield reader.row(number);
  };
}

/** `size` rows at a time. */
export function rowBatches<T>({ load, order }: Rows<T>, size: number, dropRemainder: boolean): Open<Stacked<T>> {
  return async function* (pass) {
    const reader = await load();
    const numbers = new Uint32Array(size);
    let count = 0;
    for (const number of order(pass)) {
      numbers[count++] = number;
      if (count < size) continue;
      yield reader.gather(numbers);
      count = 0;
    }
    if (count > 0 && !dropRemainder) yield reader.gather(numbers.subarray(0, count));
  };
}
