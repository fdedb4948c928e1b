// Emission: the last stage. Gives every slot its place in its space, marks where threads must wait, and freezes the program.
import { withBarriers } from "../program/barriers.js";
import { scratchLives } from "../program/lives.js";
import type { Program, Slot, Space } from "../program/program.js";
import type { Draft } from "./lower.js";
import { paddedBytes, plan, type Lifetime } from "./plan.js";

const ALWAYS = { first: 0, last: Infinity };

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
  const lives = scratchLives(draft.slots, draft.steps);
  const lifetimes = scratch.map((slot): Lifetime => ({ bytes: draft.slots[slot]!.bytes, ...((reuse && lives.get(slot)) || ALWAYS) }));
  const arena = plan(lifetimes);
  scratch.forEach((slot, k) => (offsets[slot] = arena.offsets[k]!));
  bytes.scratch = arena.bytes;

  const slots = draft.slots.map((slot, i): Slot => Object.freeze({ ...slot, offset: offsets[i]! }));
  const { inputs, outputs, states, updates, status, prologue, modules } = draft;
  const steps = withBarriers(slots, draft.steps);
  return Object.freeze({ format: "edgegrad-program", version: 1, modules, slots, inputs, outputs, states, updates, status, prologue, steps, bytes });
}
