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
  const placed: number[] = [];
  let bytes = 0;
  for (const i of order) {
    const slot = slots[i]!;
    const size = paddedBytes(slot.bytes);
    const busy = placed
      .filter((j) => slots[j]!.first <= slot.last && slot.first <= slots[j]!.last)
      .map((j) => ({ from: offsets[j]!, to: offsets[j]! + paddedBytes(slots[j]!.bytes) }))
      .sort((a, b) => a.from - b.from);
    let offset = 0;
    for (const { from, to } of busy) {
      if (offset + size <= from) break;
      offset = Math.max(offset, to);
    }
    offsets[i] = offset;
    placed.push(i);
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}

/** Room a slot takes: its bytes, the padding that kernels may read beyond the end, rounded to the alignment. */
export function paddedBytes(bytes: number): number {
  return Math.ceil((bytes + PADDING) / ALIGNMENT) * ALIGNMENT;
}
