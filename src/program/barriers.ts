// Barriers: marks the steps before which threads must wait for each other, on a program whose slots have their places.
// Judges by declared reads, writes and splits alone. verify.ts checks the result in another way: see races.ts.
import type { BranchStep, KernelStep, LoopStep, Slot, Split, Step } from "./program.js";

/** Bytes that a step touches, and which thread touches which of them. */
interface Access {
  /** Ranges of different regions never overlap: a space, or a variable. */
  readonly region: string;
  readonly from: number;
  readonly to: number;
  readonly write: boolean;
  /** Units and bytes of equal slices; "one": the first thread alone; "any": threads go where they like. */
  readonly cut: string;
  /** Up to this byte the first thread is alone, in slices too: the first unit is always its. */
  readonly firstTo: number;
}

const ALONE = "one";
const ANYWHERE = "any";

/** The accesses since the last barrier, those of the first thread apart: they never hinder each other. */
class Epoch {
  constructor(
    private alone: readonly Access[] = [],
    private shared: readonly Access[] = [],
  ) {}

  hinders(next: readonly Access[]): boolean {
    return next.some((access) => this.shared.some((old) => clash(old, access)) || (access.cut !== ALONE && this.alone.some((old) => clash(old, access))));
  }

  with(next: readonly Access[]): Epoch {
    const mine = next.filter(({ cut }) => cut === ALONE);
    const ours = next.filter(({ cut }) => cut !== ALONE);
    return new Epoch(mine.length > 0 ? [...this.alone, ...mine] : this.alone, ours.length > 0 ? [...this.shared, ...ours] : this.shared);
  }

  /** Either of two pasts. */
  or(other: Epoch): Epoch {
    return new Epoch([...new Set([...this.alone, ...other.alone])], [...new Set([...this.shared, ...other.shared])]);
  }
}

/** The same steps with barriers where they are needed, and nowhere else; marks they had are ignored. */
export function withBarriers(slots: readonly Slot[], steps: readonly Step[]): Step[] {
  return walk(slots, steps, new Epoch()).steps;
}

function walk(slots: readonly Slot[], steps: readonly Step[], start: Epoch): { steps: Step[]; epoch: Epoch } {
  let epoch = start;
  const marked = steps.map((step): Step => {
    const before = step.kind === "loop" ? [] : step.kind === "branch" ? [conditionOf(step, slots)] : accessesOf(step, slots);
    const barrier = epoch.hinders(before);
    epoch = (barrier ? new Epoch() : epoch).with(before);
    if (step.kind === "kernel") return mark(step, barrier);
    if (step.kind === "branch") {
      const yes = walk(slots, step.steps, epoch);
      const no = walk(slots, step.otherwise, epoch);
      epoch = yes.epoch.or(no.epoch);
      return mark({ ...step, steps: yes.steps, otherwise: no.steps }, barrier);
    }
    // Every round starts with a barrier, so that it finds what the first one found.
    const round = walk(slots, step.steps, new Epoch());
    const [first, ...rest] = round.steps;
    epoch = step.count > 0 && first !== undefined ? round.epoch : epoch;
    return mark({ ...step, steps: first === undefined ? [] : [mark(first, true), ...rest] }, false);
  });
  return { steps: marked, epoch };
}

function mark<S extends KernelStep | BranchStep | LoopStep>(step: S, barrier: boolean): S {
  if ((step.barrier === true) === barrier) return step;
  const { barrier: _, ...bare } = step;
  return (barrier ? { ...bare, barrier: true } : bare) as S;
}

function accessesOf({ reads, writes, split, workspace }: KernelStep, slots: readonly Slot[]): Access[] {
  const access = (slot: number, write: boolean): Access => (slot === workspace || split === undefined || split.units <= 1 ? at(slot, slots, write, ALONE, Infinity) : shared(split, slot, slots, write));
  return [...reads.filter((slot) => !writes.includes(slot)).map((slot) => access(slot, false)), ...writes.map((slot) => access(slot, true))];
}

/** All threads read it. */
function conditionOf({ condition }: BranchStep, slots: readonly Slot[]): Access {
  return at(condition, slots, false, ANYWHERE, 0);
}

function shared({ units, slices }: Split, slot: number, slots: readonly Slot[], write: boolean): Access {
  const bytes = slices[slot];
  return bytes === undefined ? at(slot, slots, write, ANYWHERE, 0) : at(slot, slots, write, `${units} units of ${bytes} B`, bytes);
}

function at(slot: number, slots: readonly Slot[], write: boolean, cut: string, first: number): Access {
  const { space, offset, bytes } = slots[slot]!;
  return { region: space === "state" ? `state ${slot}` : space, from: offset, to: offset + bytes, write, cut, firstTo: offset + first };
}

function clash(a: Access, b: Access): boolean {
  if (!(a.write || b.write) || a.region !== b.region || a.from >= b.to || b.from >= a.to) return false;
  if (Math.min(a.to, b.to) <= Math.min(a.firstTo, b.firstTo)) return false;
  return a.cut === ANYWHERE || a.cut !== b.cut || (a.cut !== ALONE && a.from !== b.from);
}
