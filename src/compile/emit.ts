// Emission: the last stage. Orders the steps, gives every slot its place in its space, marks where threads must wait, and freezes the program.
import { withBarriers } from "../program/barriers.js";
import { scratchLives } from "../program/lives.js";
import type { Program, Slot, Space, Step } from "../program/program.js";
import { groupSteps } from "./epochs.js";
import type { Draft } from "./lower.js";
import { paddedBytes, plan, type Lifetime } from "./plan.js";

const ALWAYS = { first: 0, last: Infinity };
/** An order with fewer barriers may take so much more memory than the one that was made to take little: a share of it, and bytes that nobody misses. */
const MORE_MEMORY = 1.1;
const MORE_BYTES = 1 << 17;

/** With `reuse` off every intermediate gets memory of its own, and steps stay as they are: the reference the plan is judged by. */
export function emit(draft: Draft, reuse: boolean): Program {
  const made = place(draft, draft.steps, reuse);
  if (!reuse || countBarriers(made.steps) === 0) return made;
  const grouped = place(draft, groupSteps(draft.steps, draft.status), reuse);
  const better = countBarriers(grouped.steps) < countBarriers(made.steps) && grouped.bytes.scratch <= MORE_MEMORY * made.bytes.scratch + MORE_BYTES;
  return better ? grouped : made;
}

function place(draft: Draft, order: readonly Step[], reuse: boolean): Program {
  const bytes: Record<Exclude<Space, "state">, number> = { input: 0, output: 0, constant: 0, derived: 0, scratch: 0 };
  const offsets = new Array<number>(draft.slots.length).fill(0);
  draft.slots.forEach(({ space, bytes: size }, i) => {
    if (space === "state" || space === "scratch") return;
    offsets[i] = bytes[space];
    bytes[space] += paddedBytes(size);
  });
  const workspaces = workspacesOf(order);
  const scratch = draft.slots.flatMap(({ space }, i) => (space === "scratch" && !workspaces.has(i) ? [i] : []));
  const lives = scratchLives(draft.slots, order);
  const lifetimes = scratch.map((slot): Lifetime => ({ bytes: draft.slots[slot]!.bytes, ...((reuse && lives.get(slot)) || ALWAYS) }));
  const arena = plan(lifetimes);
  scratch.forEach((slot, k) => (offsets[slot] = arena.offsets[k]!));
  // Workspaces lie apart, all in the same place: where they shared bytes with intermediates, threads would have to wait for the first one's.
  for (const slot of workspaces) offsets[slot] = arena.bytes;
  bytes.scratch = arena.bytes + Math.max(0, ...[...workspaces].map((slot) => paddedBytes(draft.slots[slot]!.bytes)));

  const slots = draft.slots.map((slot, i): Slot => Object.freeze({ ...slot, offset: offsets[i]! }));
  const { inputs, outputs, states, updates, status, prologue, modules } = draft;
  const steps = withBarriers(slots, order);
  return Object.freeze({ format: "edgegrad-program", version: 1, modules, slots, inputs, outputs, states, updates, status, prologue, steps, bytes });
}

function workspacesOf(steps: readonly Step[]): Set<number> {
  return new Set(steps.flatMap((step) => {
    if (step.kind === "kernel") return step.workspace ?? [];
    return [...workspacesOf(step.steps), ...(step.kind === "branch" ? workspacesOf(step.otherwise) : [])];
  }));
}

function countBarriers(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => {
    const inside = step.kind === "kernel" ? 0 : countBarriers(step.steps) + (step.kind === "branch" ? countBarriers(step.otherwise) : 0);
    return sum + inside + Number(step.barrier === true);
  }, 0);
}
