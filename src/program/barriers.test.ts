import { describe, expect, it } from "vitest";
import { Hand } from "../../test/executor.contract.js";
import { randomExpression } from "../../test/expressions.js";
import { compileGraph } from "../compile/index.js";
import { withBarriers } from "./barriers.js";
import type { Program, Step } from "./program.js";
import { findRace } from "./races.js";
import { verifyProgram } from "./verify.js";
import { stepsInside } from "./walk.js";

/** A step that is shared by threads; names are of slots below. s: slices, else touched anywhere. */
interface Row {
  readonly claim: string;
  readonly steps: (make: Make) => readonly Step[];
  /** Which of the steps, bodies' counted where they stand, have a barrier before them. */
  readonly barriers: readonly number[];
}

interface Make {
  /** reads, writes: slot numbers; cut: units, and bytes a unit by slot; none: one thread runs the step. */
  readonly step: (reads: readonly number[], writes: readonly number[], cut?: { units: number; bytes?: readonly number[] }) => Step;
  readonly branch: (condition: number, steps: readonly Step[], otherwise?: readonly Step[]) => Step;
  readonly loop: (count: number, steps: readonly Step[]) => Step;
}

// Scratch slots of 4096 B: 0 and 1 lie at the same place, 5 overlaps half of both; 2, 3 and 4 are apart.
const OFFSETS = [0, 0, 8192, 16384, 24576, 2048];
const eighths = (...slots: readonly number[]): { units: number; bytes: readonly number[] } => ({ units: 8, bytes: slots.flatMap((slot) => [slot, 512]) });

const ROWS: readonly Row[] = [
  { claim: "steps of one thread never wait", steps: ({ step }) => [step([], [2]), step([2], [3]), step([3], [2])], barriers: [] },
  { claim: "the same slices of the same slot need no barrier", steps: ({ step }) => [step([], [2], eighths(2)), step([2], [3], eighths(2, 3)), step([3, 2], [4], eighths(2, 3, 4))], barriers: [] },
  { claim: "a slot read anywhere waits for who wrote it in slices", steps: ({ step }) => [step([], [2], eighths(2)), step([2], [3], eighths(3))], barriers: [1] },
  { claim: "other units wait, and other bytes a unit", steps: ({ step }) => [step([], [2], eighths(2)), step([2], [3], { units: 16, bytes: [2, 256, 3, 256] }), step([2], [3], { units: 16, bytes: [2, 128, 3, 256] })], barriers: [1] },
  { claim: "a single unit is one thread's", steps: ({ step }) => [step([], [2], { units: 1 }), step([2], [2], { units: 1, bytes: [2, 80] }), step([2], [3])], barriers: [] },
  { claim: "bytes of the first unit are the first thread's, however they are cut", steps: ({ step }) => [step([], [5], { units: 2, bytes: [5, 2048] }), step([], [0])], barriers: [] },
  { claim: "two readers do not wait", steps: ({ step }) => [step([2], [3], eighths(3)), step([2], [4], { units: 3 })], barriers: [] },
  { claim: "a writer waits for readers elsewhere", steps: ({ step }) => [step([2], [3], eighths(3)), step([], [2], eighths(2))], barriers: [1] },
  { claim: "one thread waits for slices, and slices for one thread", steps: ({ step }) => [step([], [2], eighths(2)), step([2], [3]), step([3], [4], eighths(3, 4))], barriers: [1, 2] },
  { claim: "slots at the same place are the same bytes", steps: ({ step }) => [step([], [0], eighths(0)), step([], [1], eighths(1)), step([], [1], { units: 4 })], barriers: [2] },
  { claim: "slots that overlap from another byte wait", steps: ({ step }) => [step([], [0], eighths(0)), step([], [5], eighths(5))], barriers: [1] },
  { claim: "a barrier counts for all that was before it", steps: ({ step }) => [step([], [2, 3], eighths(2, 3)), step([2], [4], eighths(4)), step([3], [0], eighths(0))], barriers: [1] },
  {
    claim: "a branch waits for its condition, and its sides for each other's past only",
    steps: ({ step, branch }) => [step([], [2], eighths(2)), branch(2, [step([], [3], eighths(3))], [step([], [4], eighths(4))]), step([3], [0], { units: 2 }), step([4], [1], eighths(1))],
    barriers: [1, 4, 5],
  },
  {
    claim: "a barrier on one side of a branch does not count for the other",
    steps: ({ step, branch }) => [step([], [3], eighths(3)), branch(2, [step([3], [4], eighths(4))]), step([3], [0], eighths(0))],
    barriers: [2, 3],
  },
  { claim: "every round of a loop waits, loops in loops too", steps: ({ step, loop }) => [loop(3, [loop(2, [step([2], [3], eighths(3)), step([3], [2], eighths(2))])]), step([2], [4], eighths(4, 2))], barriers: [1, 2, 3] },
  { claim: "the loop that never runs leaves the past as it was", steps: ({ step, loop }) => [step([], [2], eighths(2)), loop(0, [step([2], [3], eighths(3))]), step([2], [4], eighths(4))], barriers: [2, 3] },
];

function programOf(build: Row["steps"]): Program {
  const hand = new Hand();
  const first = OFFSETS.map(() => hand.slot("scratch", [1024]))[0]!;
  let id = 0;
  const steps = build({
    step: (reads, writes, cut) => ({
      kind: "kernel", id: id++, kernel: "copy", words: [], reads: reads.map((i) => first + i), writes: writes.map((i) => first + i),
      ...(cut && { split: { units: cut.units, slices: Object.fromEntries((cut.bytes ?? []).flatMap((slot, i, list) => (i % 2 === 0 ? [[first + slot, list[i + 1]!]] : []))) } }),
    }),
    branch: (condition, list, otherwise = []) => ({ kind: "branch", condition: first + condition, steps: list, otherwise }),
    loop: (count, list) => ({ kind: "loop", count, steps: list }),
  }); // prettier-ignore
  const program = hand.program({});
  const slots = program.slots.map((slot, i) => (i >= first ? { ...slot, offset: OFFSETS[i - first]! } : slot));
  return { ...program, slots, steps: withBarriers(slots, steps) };
}

/** All steps in the order they are written, those of bodies after their branch or loop. */
function flat(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...flat(stepsInside(step))]);
}

/** The steps without the mark on step `at` of flat(). */
function without(steps: readonly Step[], at: number): Step[] {
  let next = 0;
  const strip = (list: readonly Step[]): Step[] =>
    list.map((step): Step => {
      const { barrier, ...bare } = step;
      const kept = next++ !== at && barrier ? { ...bare, barrier } : bare;
      if (kept.kind === "kernel") return kept;
      if (kept.kind === "loop") return { ...kept, steps: strip(kept.steps) };
      const steps = strip(kept.steps);
      return { ...kept, steps, otherwise: strip(kept.otherwise) };
    });
  return strip(steps);
}

const barriersOf = (steps: readonly Step[]): number[] => flat(steps).flatMap(({ barrier }, i) => (barrier ? [i] : []));

describe("barriers", () => {
  it.each(ROWS)("$claim", ({ steps, barriers }) => {
    const program = programOf(steps);
    expect(barriersOf(program.steps)).toEqual(barriers);
    expect(findRace(program.slots, program.steps)).toBeNull();
  });

  it("are marked anew, whatever marks there were", () => {
    const { slots, steps } = programOf(({ step }) => [step([], [2], eighths(2)), step([2], [3])]);
    const wrong = steps.map((step, i): Step => (i === 0 ? { ...step, barrier: true } : without([step], 0)[0]!));
    expect(withBarriers(slots, wrong)).toEqual(steps);
  });

  it("of compiled programs are enough, and none is there for nothing: taking one away is a race. 300 random expressions", () => {
    let taken = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { program } = compileGraph({ outputs: randomExpression(seed).outputs, updates: [] });
      expect(findRace(program.slots, program.steps), `seed ${seed}`).toBeNull();
      for (const at of barriersOf(program.steps)) {
        const bad = { ...program, steps: without(program.steps, at) };
        expect(() => verifyProgram(bad), `seed ${seed}, barrier before step ${at}`).toThrow(/a barrier is missing between them/);
        taken++;
      }
    }
    expect(taken).toBeGreaterThan(100);
  });
});
