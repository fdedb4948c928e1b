// Races: plays a program's steps for some numbers of threads and looks for bytes that two threads touch, one of them writing, with no barrier
// between. Independent of barriers.ts: it compares the ranges that threads really touch, not how steps declare them.
import type { KernelStep, Slot, Step } from "./program.js";
import { firstUnit, isShareable } from "./split.js";

/** Bytes that one thread touches; `step` by number, a branch's condition by the branch's place. */
interface Touch {
  readonly step: string;
  readonly slot: number;
  readonly thread: number;
  readonly region: string;
  readonly from: number;
  readonly to: number;
  readonly write: boolean;
}

/** Cuts that fall together for some numbers fall apart for others. */
const THREADS = [2, 3, 8];

/** Two steps that may touch the same bytes at the same time, as a sentence; null when there are none. */
export function findRace(slots: readonly Slot[], steps: readonly Step[]): string | null {
  if (!isShareable(steps)) return null;
  for (const threads of THREADS) {
    const race = play(slots, steps, threads, []);
    if (typeof race === "string") return race;
  }
  return null;
}

/** What has been touched since the last barrier; or the race found. */
function play(slots: readonly Slot[], steps: readonly Step[], threads: number, start: readonly Touch[]): readonly Touch[] | string {
  let recent = start;
  for (const step of steps) {
    if (step.barrier) recent = [];
    if (step.kind === "loop") {
      // The second round meets what the first one left.
      for (let round = 0; round < Math.min(step.count, 2); round++) {
        const played = play(slots, step.steps, threads, recent);
        if (typeof played === "string") return played;
        recent = played;
      }
      continue;
    }
    const touches = step.kind === "kernel" ? touchesOf(step, slots, threads) : everywhere(`the branch on slot ${step.condition}`, step.condition, slots, threads, false);
    for (const touch of touches) {
      const old = recent.find((other) => collide(other, touch));
      if (old !== undefined) return `${touch.step} touches slot ${touch.slot} while another of ${threads} threads may be at slot ${old.slot} in ${old.step}: a barrier is missing between them`;
    }
    recent = [...recent, ...touches];
    if (step.kind === "branch") {
      const yes = play(slots, step.steps, threads, recent);
      const no = play(slots, step.otherwise, threads, recent);
      if (typeof yes === "string" || typeof no === "string") return typeof yes === "string" ? yes : no;
      recent = [...new Set([...yes, ...no])];
    }
  }
  return recent;
}

function collide(a: Touch, b: Touch): boolean {
  return a.thread !== b.thread && (a.write || b.write) && a.region === b.region && a.from < b.to && b.from < a.to;
}

function touchesOf(step: KernelStep, slots: readonly Slot[], threads: number): Touch[] {
  const name = `step ${step.id} (${step.kernel})`;
  const { split, workspace } = step;
  const touch = (slot: number, write: boolean): Touch[] => {
    // Only the first thread's workspace lies in the program's memory.
    if (split === undefined || split.units <= 1 || slot === workspace) return [range(name, slot, slots, 0, 0, Infinity, write)];
    const bytes = split.slices[slot];
    if (bytes === undefined) return everywhere(name, slot, slots, threads, write);
    return Array.from({ length: threads }, (_, t) =>
      range(name, slot, slots, t, bytes * firstUnit(split.units, t, threads), bytes * firstUnit(split.units, t + 1, threads), write),
    ).filter(({ from, to }) => from < to);
  };
  return [...step.reads.flatMap((slot) => touch(slot, false)), ...step.writes.flatMap((slot) => touch(slot, true))];
}

function everywhere(step: string, slot: number, slots: readonly Slot[], threads: number, write: boolean): Touch[] {
  return Array.from({ length: threads }, (_, t) => range(step, slot, slots, t, 0, Infinity, write));
}

function range(step: string, slot: number, slots: readonly Slot[], thread: number, from: number, to: number, write: boolean): Touch {
  const { space, offset, bytes } = slots[slot]!;
  return { step, slot, thread, region: space === "state" ? `state ${slot}` : space, from: offset + Math.min(from, bytes), to: offset + Math.min(to, bytes), write };
}
