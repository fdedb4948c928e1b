// Memory plan: gives every slot of one space an offset so that slots alive at the same time never overlap.
// Greedy, into the lowest gap; the slots in several orders, of which the one that takes least wins. Does not reorder steps: see schedule.ts.
import { paddedBytes } from "../program/program.js";

export interface Lifetime {
  readonly bytes: number;
  /** First and last step that touches the slot, both included. */
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Beyond so many slots only one order is tried. */
const MANY_SLOTS = 600;

export function plan(slots: readonly Lifetime[]): MemoryPlan {
  const live = liveBytes(slots);
  const least = live.reduce((most, bytes) => Math.max(most, bytes), 0);
  let best: MemoryPlan = { offsets: [], bytes: Infinity };
  for (const order of ordersOf(slots, live)) {
    const tried = inOrder(slots, order());
    if (tried.bytes < best.bytes) best = tried;
    if (best.bytes === least) break;
  }
  return best;
}

/** Orders to place slots in: by bytes; by bytes times steps; by how full memory is while they live, and then by either. */
function ordersOf(slots: readonly Lifetime[], live: readonly number[]): (() => number[])[] {
  const steps = ({ first, last }: Lifetime): number => Math.min(last, live.length) - first + 1;
  const by = (...keys: ((slot: Lifetime) => number)[]) => (): number[] => {
    const values = slots.map((slot) => keys.map((key) => key(slot)));
    const larger = (a: number, b: number): number => {
      for (let k = 0; k < keys.length; k++) if (values[a]![k] !== values[b]![k]) return values[b]![k]! - values[a]![k]!;
      return slots[a]!.first - slots[b]!.first || a - b;
    };
    return slots.map((_, i) => i).sort(larger);
  };
  const bytes = (slot: Lifetime): number => slot.bytes;
  const fullness = ({ first, last }: Lifetime): number => live.slice(first, last + 1).reduce((most, bytes) => Math.max(most, bytes), 0);
  if (slots.length > MANY_SLOTS) return [by(bytes)];
  return [by(bytes), by((slot) => slot.bytes * steps(slot)), by(fullness, steps), by(fullness, bytes)];
}

/** Bytes alive in each step, padding included. */
function liveBytes(slots: readonly Lifetime[]): number[] {
  const end = slots.reduce((most, { first, last }) => Math.max(most, Number.isFinite(last) ? last : first), -1) + 1;
  const change = new Array<number>(end + 1).fill(0);
  for (const { bytes, first, last } of slots) {
    change[first]! += paddedBytes(bytes);
    change[Math.min(last + 1, end)]! -= paddedBytes(bytes);
  }
  let live = 0;
  return change.slice(0, end).map((bytes) => (live += bytes));
}

function inOrder(slots: readonly Lifetime[], order: readonly number[]): MemoryPlan {
  const offsets = new Array<number>(slots.length).fill(0);
  const placed = new Placed(slots.length);
  let bytes = 0;
  for (const i of order) {
    const { first, last, bytes: wanted } = slots[i]!;
    const size = paddedBytes(wanted);
    const offset = placed.lowestGap(first, last, size);
    placed.add(offset, size, first, last);
    offsets[i] = offset;
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}

/** The slots that have a place, by offset. Typed arrays: a program can have thousands, and each is compared with those before it. */
class Placed {
  private count = 0;
  private readonly from: Float64Array;
  private readonly to: Float64Array;
  private readonly first: Float64Array;
  private readonly last: Float64Array;

  constructor(capacity: number) {
    [this.from, this.to, this.first, this.last] = [new Float64Array(capacity), new Float64Array(capacity), new Float64Array(capacity), new Float64Array(capacity)];
  }

  /** The lowest offset at which `size` bytes are free from step `first` to `last`. */
  lowestGap(first: number, last: number, size: number): number {
    let offset = 0;
    for (let k = 0; k < this.count && this.from[k]! < offset + size; k++) {
      if (this.first[k]! <= last && first <= this.last[k]! && this.to[k]! > offset) offset = this.to[k]!;
    }
    return offset;
  }

  add(offset: number, size: number, first: number, last: number): void {
    let at = this.count;
    while (at > 0 && this.from[at - 1]! > offset) at--;
    for (const [list, value] of [[this.from, offset], [this.to, offset + size], [this.first, first], [this.last, last]] as const) {
      list.copyWithin(at + 1, at, this.count);
      list[at] = value;
    }
    this.count++;
  }
}
