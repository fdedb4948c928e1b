// Emission: the last stage. Orders the steps, gives every slot its place in its space, marks where threads must wait, and freezes the program.
import { withBarriers } from "../program/barriers.js";
import { scratchLives } from "../program/lives.js";
import { paddedBytes, PROGRAM_VERSION, type Program, type Slot, type Space, type Step } from "../program/program.js";
import { kernelSteps, stepsInside } from "../program/walk.js";
import { groupSteps } from "./epochs.js";
import type { Draft } from "./lower.js";
import { plan, type Lifetime } from "./plan.js";
import { ownWorkspaces, workspaceGroups, workspacesOf, type WorkspaceGroup } from "./workspaces.js";

const ALWAYS = { first: 0, last: Infinity };
/** An order with fewer barriers may take so much more memory than the one that was made to take little: a share of it, and bytes that nobody misses. */
const MORE_MEMORY = 1.1;
const MORE_BYTES = 1 << 17;
/** And so may places of workspaces that need fewer barriers. */
const LITTLE_MORE = 1.04;
/** Longer programs are placed in one way: they should compile fast. */
const MANY_STEPS = 500;

/** With `reuse` off every intermediate gets memory of its own, and steps stay as they are: the reference the plan is judged by. */
export function emit(draft: Draft, reuse: boolean): Program {
  const made = place(draft, draft.steps, reuse);
  if (!reuse || countBarriers(made.steps) === 0) return made;
  const grouped = place(draft, groupSteps(draft.steps, draft.status), reuse);
  const better = countBarriers(grouped.steps) < countBarriers(made.steps) && grouped.bytes.scratch <= MORE_MEMORY * made.bytes.scratch + MORE_BYTES;
  return better ? grouped : made;
}

/**
 * The slots in their places, with the workspaces apart from all else; or, its barriers known, each in a place of its own from barrier to barrier, or while
 * its step runs. The fewest barriers win among those that take little.
 */
function place(draft: Draft, order: readonly Step[], reuse: boolean): Program {
  const apart = laid(draft, order, reuse, [{ slots: [...workspacesOf(order)], ...ALWAYS }]);
  if (!reuse || kernelSteps(order).length > MANY_STEPS) return apart;
  const lives = scratchLives(draft.slots, order);
  const ways = [apart, laid(draft, order, reuse, workspaceGroups(apart.steps, lives)), laid(draft, order, reuse, ownWorkspaces(order, lives))];
  const least = Math.min(...ways.map(({ bytes }) => bytes.scratch));
  const little = ways.filter(({ bytes }) => bytes.scratch <= LITTLE_MORE * least);
  return little.reduce((best, way) => (countBarriers(way.steps) - countBarriers(best.steps) || way.bytes.scratch - best.bytes.scratch) < 0 ? way : best);
}

function laid(draft: Draft, order: readonly Step[], reuse: boolean, workspaces: readonly WorkspaceGroup[]): Program {
  const bytes: Record<Exclude<Space, "state">, number> = { input: 0, output: 0, constant: 0, derived: 0, scratch: 0 };
  const offsets = new Array<number>(draft.slots.length).fill(0);
  draft.slots.forEach(({ space, bytes: size }, i) => {
    if (space === "state" || space === "scratch") return;
    offsets[i] = bytes[space];
    bytes[space] += paddedBytes(size);
  });
  const lives = scratchLives(draft.slots, order);
  const grouped = new Set(workspaces.flatMap(({ slots }) => slots));
  const places = [
    ...draft.slots.flatMap(({ space }, i) => (space === "scratch" && !grouped.has(i) ? [{ slots: [i], ...((reuse && lives.get(i)) || ALWAYS) }] : [])),
    ...workspaces.filter(({ slots }) => slots.length > 0),
  ];
  const arena = plan(places.map(({ slots, first, last }): Lifetime => ({ bytes: Math.max(...slots.map((slot) => draft.slots[slot]!.bytes)), first, last })));
  places.forEach(({ slots }, k) => slots.forEach((slot) => (offsets[slot] = arena.offsets[k]!)));
  bytes.scratch = arena.bytes;

  const slots = draft.slots.map((slot, i): Slot => Object.freeze({ ...slot, offset: offsets[i]! }));
  const { inputs, outputs, states, updates, status, prologue, modules } = draft;
  const steps = withBarriers(slots, order);
  return Object.freeze({ format: "edgegrad-program", version: PROGRAM_VERSION, modules, slots, inputs, outputs, states, updates, status, prologue, steps, bytes });
}

function countBarriers(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + Number(step.barrier === true) + countBarriers(stepsInside(step)), 0);
}
