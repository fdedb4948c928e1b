// What a program needs of scratch memory, three ways: what its plan takes, what its intermediates would take side by side, and what is alive at
// once. The last two are counted from the steps' reads and writes, by nothing that made the plan: they are its judge.
import type { Program, Step } from "./program.js";

export interface MemoryReport {
  /** Bytes of the arena. */
  readonly planned: number;
  /** Bytes of all intermediates and workspaces, none sharing memory with another. */
  readonly sum: number;
  /** Most bytes alive during one step: between a slot's first write and its last read, both included. */
  readonly peak: number;
  /** The number of a step at which the peak is reached, as printProgram numbers it; −1 for none. */
  readonly peakStep: number;
}

/** What a program needs of scratch memory. */
export function memoryReport({ slots, steps, bytes }: Program): MemoryReport {
  const times: number[] = [];
  const born = new Map<number, number>();
  const died = new Map<number, number>();
  const touch = (slot: number, from: number, to: number): void => {
    if (slots[slot]!.space !== "scratch") return;
    born.set(slot, Math.min(from, born.get(slot) ?? from));
    died.set(slot, Math.max(to, died.get(slot) ?? to));
  };
  /** Walks steps; returns the slots they touch. */
  const walk = (list: readonly Step[]): Set<number> => {
    const touched = new Set<number>();
    for (const step of list) {
      const start = times.length;
      let used: Iterable<number>;
      if (step.kind === "kernel") {
        times.push(step.id);
        used = [...step.reads, ...step.writes];
      } else if (step.kind === "branch") {
        touch(step.condition, start, start);
        used = [...walk(step.steps), ...walk(step.otherwise)];
      } else used = walk(step.steps);
      for (const slot of used) {
        // A loop's next round may read what this one has written.
        if (step.kind !== "branch") touch(slot, start, Math.max(start, times.length - 1));
        touched.add(slot);
      }
    }
    return touched;
  };
  walk(steps);
  const change = new Float64Array(times.length + 1);
  let sum = 0;
  for (const [slot, from] of born) {
    sum += slots[slot]!.bytes;
    change[from]! += slots[slot]!.bytes;
    change[Math.min(times.length, died.get(slot)! + 1)]! -= slots[slot]!.bytes;
  }
  let [live, peak, at] = [0, 0, -1];
  times.forEach((_, time) => {
    live += change[time]!;
    if (live > peak) [peak, at] = [live, time];
  });
  return { planned: bytes.scratch, sum, peak, peakStep: times[at] ?? -1 };
}
