// Stages that draw: shuffle, and the two sides of a split.
import { createRandom } from "../../base/random.js";
import type { Open } from "./stage.js";

/**
 * Elements in random order, drawn from a buffer of bufferSize: a uniform order when the buffer holds all.
 * Each pass has an order of its own, which follows from (seed, pass); without reshuffling all have that of the first.
 */
export function shuffled<T>(open: Open<T>, bufferSize: number, seed: number, reshuffle: boolean): Open<T> {
  return async function* (pass) {
    const random = createRandom(seed, reshuffle ? pass.epoch : 0);
    const buffer: T[] = [];
    for await (const element of open(pass)) {
      if (buffer.length < bufferSize) {
        buffer.push(element);
        continue;
      }
      const i = random.integer(bufferSize);
      const drawn = buffer[i]!;
      buffer[i] = element;
      yield drawn;
    }
    while (buffer.length > 0) {
      const i = random.integer(buffer.length);
      const drawn = buffer[i]!;
      buffer[i] = buffer[buffer.length - 1]!;
      buffer.pop();
      yield drawn;
    }
  };
}

/**
 * One side of a split. Where the number of elements is known, exactly round(share · size) of them are on the left;
 * else each is with probability `share`.
 *
 * Always reads the first pass of what is split: else a shuffle before it would move elements from one side to the other.
 */
export function side<T>(open: Open<T>, { share, seed, size, left }: { share: number; seed: number; size: number | undefined; left: boolean }): Open<T> {
  return async function* () {
    const random = createRandom(seed);
    const onLeft = size === undefined ? () => random.uniform() < share : chosen(random.permutation(size), Math.round(share * size));
    let index = 0;
    for await (const element of open({ epoch: 0 })) if (onLeft(index++) === left) yield element;
  };
}

/** Whether a number stands among the first `count` of a permutation. */
function chosen(order: Uint32Array, count: number): (index: number) => boolean {
  const marks = new Uint8Array(order.length);
  for (let i = 0; i < count; i++) marks[order[i]!] = 1;
  return (index) => marks[index] === 1;
}
