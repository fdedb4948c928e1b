// What a legal program is, whoever wrote it. Knows slots, reads and writes; knows no kernel's words beyond their addresses.
import { FormatError } from "../base/errors.js";
import { KERNELS } from "./kernels.js";
import type { KernelStep, Program, Step } from "./program.js";

/** Throws FormatError, naming the step and slot, when addresses leave their slots, a slot is read before it is written, or live slots overlap. */
export function verifyProgram(program: Program): void {
  const { slots } = program;
  const fail = (message: string): never => {
    throw new FormatError(`program: ${message}`);
  };
  if (program.format !== "edgegrad-program" || program.version !== 1) fail(`format ${program.format} version ${program.version} is not known; expected edgegrad-program version 1`);
  slots.forEach((slot, i) => {
    if (slot.space !== "state" && (slot.offset < 0 || slot.offset + slot.bytes > program.bytes[slot.space])) {
      fail(`slot ${i} ends at byte ${slot.offset + slot.bytes} of ${slot.space}, which has ${program.bytes[slot.space]}`);
    }
  });
  const written = new Set<number>();
  slots.forEach(({ space }, i) => {
    if (space === "input" || space === "state" || space === "constant") written.add(i);
  });
  written.add(program.status);

  const timeline: { step: KernelStep; time: number }[] = [];
  const check = (step: KernelStep): void => {
    if (!(step.kernel in KERNELS)) fail(`step ${step.id}: kernel ${step.kernel} is not known`);
    for (const word of step.words) {
      if (typeof word === "number") continue;
      const slot = slots[word.slot] ?? fail(`step ${step.id} (${step.kernel}): slot ${word.slot} does not exist`);
      if (word.offset < 0 || word.offset > slot.bytes) fail(`step ${step.id} (${step.kernel}): byte ${word.offset} of slot ${word.slot}, which has ${slot.bytes}`);
      const declared = step.reads.includes(word.slot) || step.writes.includes(word.slot) || word.slot === program.status;
      if (!declared) fail(`step ${step.id} (${step.kernel}): slot ${word.slot} is used but neither read nor written by its declaration`);
    }
    for (const slot of step.reads) if (!written.has(slot)) fail(`step ${step.id} (${step.kernel}) reads slot ${slot} before anything has written it`);
    for (const slot of step.writes) {
      if (slots[slot]!.space === "constant") fail(`step ${step.id} (${step.kernel}) writes constant slot ${slot}`);
      written.add(slot);
    }
    timeline.push({ step, time: timeline.length });
  };
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === "kernel") check(step);
      else {
        if (step.kind === "branch" && !written.has(step.condition)) fail(`a branch reads slot ${step.condition} before anything has written it`);
        walk(step.steps);
        if (step.kind === "branch") walk(step.otherwise);
      }
    }
  };
  walk(program.prologue);
  timeline.length = 0;
  walk(program.steps);
  for (const slot of program.outputs) if (!written.has(slot)) fail(`output slot ${slot} is never written`);

  const life = new Map<number, { first: number; last: number }>();
  for (const { step, time } of timeline) {
    for (const slot of [...step.reads, ...step.writes]) {
      if (slots[slot]!.space !== "scratch") continue;
      const known = life.get(slot);
      if (known) known.last = time;
      else life.set(slot, { first: time, last: time });
    }
  }
  const alive = [...life];
  for (const [i, a] of alive) {
    for (const [j, b] of alive) {
      if (i >= j || a.last < b.first || b.last < a.first) continue;
      const [x, y] = [slots[i]!, slots[j]!];
      if (x.offset < y.offset + y.bytes && y.offset < x.offset + x.bytes) fail(`slots ${i} and ${j} are alive together and overlap at byte ${Math.max(x.offset, y.offset)} of scratch`);
    }
  }
}
