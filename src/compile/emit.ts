// Emission: the last stage. Gives every slot its place in its space and freezes the program.
import type { Program, Slot, Space, Step } from "../program/program.js";
import type { Draft } from "./lower.js";
import { paddedBytes, plan, type Lifetime } from "./plan.js";

/** With `reuse` off every intermediate gets memory of its own: the reference the plan is judged by. */
export function emit(draft: Draft, reuse: boolean): Program {
  const bytes: Record<Exclude<Space, "state">, number> = { input: 0, output: 0, constant: 0, derived: 0, scratch: 0 };
  const offsets = new Array<number>(draft.slots.length).fill(0);
  draft.slots.forEach(({ space, bytes: size }, i) => {
    if (space === "state" || space === "scratch") return;
    offsets[i] = bytes[space];
    bytes[space] += paddedBytes(size);
  });
  const scratch = draft.slots.flatMap(({ space }, i) => (space === "scratch" ? [i] : []));
  const lifetimes = lifetimesOf(draft, scratch, reuse);
  const arena = plan(lifetimes);
  scratch.forEach((slot, k) => (offsets[slot] = arena.offsets[k]!));
  bytes.scratch = arena.bytes;

  const slots = draft.slots.map((slot, i): Slot => Object.freeze({ ...slot, offset: offsets[i]! }));
  const { inputs, outputs, states, updates, status, prologue, steps, modules } = draft;
  return Object.freeze({ format: "edgegrad-program", version: 1, modules, slots, inputs, outputs, states, updates, status, prologue, steps, bytes });
}

/** First and last step that touches each slot, over the steps laid out in a row. */
function lifetimesOf(draft: Draft, scratch: readonly number[], reuse: boolean): Lifetime[] {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  let time = 0;
  const touch = (slot: number): void => {
    if (!first.has(slot)) first.set(slot, time);
    last.set(slot, time);
  };
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === "kernel") {
        step.reads.forEach(touch);
        step.writes.forEach(touch);
        time++;
      } else {
        if (step.kind === "branch") touch(step.condition);
        walk(step.steps);
        if (step.kind === "branch") walk(step.otherwise);
      }
    }
  };
  walk(draft.steps);
  return scratch.map((slot) => ({
    bytes: draft.slots[slot]!.bytes,
    first: reuse ? (first.get(slot) ?? 0) : 0,
    last: reuse ? (last.get(slot) ?? 0) : time,
  }));
}

