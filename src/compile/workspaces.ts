// Workspaces in the memory plan. A workspace is used while its step runs; but between two barriers threads are at different steps, and where one shared
// bytes with what another step touches there, they would have to wait. So it may also be given its bytes from barrier to barrier.
import type { Life } from "../program/lives.js";
import type { Step } from "../program/program.js";
import { kernelSteps, stepsInside } from "../program/walk.js";

/** Workspaces that lie in the same place, and how long the place is theirs. */
export interface WorkspaceGroup extends Life {
  readonly slots: number[];
}

export function workspacesOf(steps: readonly Step[]): Set<number> {
  return new Set(kernelSteps(steps).flatMap(({ workspace }) => workspace ?? []));
}

/** Each by itself, while its step runs. lives: of each slot, as scratchLives counts. */
export function ownWorkspaces(steps: readonly Step[], lives: ReadonlyMap<number, Life>): WorkspaceGroup[] {
  return [...workspacesOf(steps)].map((slot) => ({ slots: [slot], ...lives.get(slot)! }));
}

/** Those between the same two barriers share a place from the one to the other; steps: with their barriers. */
export function workspaceGroups(steps: readonly Step[], lives: ReadonlyMap<number, Life>): WorkspaceGroup[] {
  const starts = startsOf(steps);
  const groups: WorkspaceGroup[] = [];
  for (const { slots, first, last } of ownWorkspaces(steps, lives).sort((a, b) => a.first - b.first)) {
    const begin = starts.findLast((start) => start <= first) ?? 0;
    const end = (starts.find((start) => start > last) ?? Infinity) - 1;
    const group = groups[groups.length - 1];
    if (group !== undefined && begin <= group.last) {
      group.slots.push(...slots);
      group.last = Math.max(group.last, end);
    } else groups.push({ slots, first: begin, last: end });
  }
  return groups;
}

/** Times, as scratchLives counts, before which threads wait. */
function startsOf(steps: readonly Step[]): number[] {
  const starts: number[] = [];
  let time = 0;
  const walk = (list: readonly Step[]): void => {
    for (const step of list) {
      if (step.barrier === true) starts.push(time);
      if (step.kind === "kernel") time++;
      else walk(stepsInside(step));
    }
  };
  walk(steps);
  return starts;
}
