// Memory plan: gives every slot of one space an offset so that slots alive at the same time never overlap.
// Greedy by size, largest first, into the lowest gap. Does not reorder steps: see schedule.ts.
import { ALIGNMENT, PADDING } from "../program/program.js";

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

export function plan(slots: readonly Lifetime[]): MemoryPlan {
  const offsets = new Array<number>(slots.length).fill(0);
  const order = slots.map((_, i) => i).sort((a, b) => slots[b]!.bytes - slots[a]!.bytes || slots[a]!.first - slots[b]!.first || a - b);
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

/** Room a slot takes: its bytes, the padding that kernels may read beyond the end, rounded to the alignment. */
export function paddedBytes(bytes: number): number {
  return Math.ceil((bytes + PADDING) / ALIGNMENT) * ALIGNMENT;
}
