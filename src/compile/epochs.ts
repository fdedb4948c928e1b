// Epochs: puts steps that need not wait for each other's threads side by side, so that there are fewer barriers. Changes no result: what a step reads
// is written before it as ever. Knows slots, not where they lie: see barriers.ts for that.
import type { KernelStep, Step } from "../program/program.js";
import { stepsInside } from "../program/walk.js";

/** How threads touch a slot: one of them alone, in equal slices, or anywhere. */
type Cut = string;
const ALONE = "one";
const ANYWHERE = "any";

interface Node {
  readonly step: Step;
  readonly reads: ReadonlyMap<number, Cut>;
  readonly writes: ReadonlyMap<number, Cut>;
  /** Nodes that have to be over before this one. */
  before: number;
  readonly after: number[];
}

/**
 * The steps in an order of few barriers: in turn, always the first one that is ready and needs none, where there is one. Those that may report a failure to the
 * `status` slot stay in order, so that the first one of a run stays the first.
 */
export function groupSteps(steps: readonly Step[], status: number): Step[] {
  const nodes = steps.map(nodeOf);
  connect(nodes, status);
  const order: Step[] = [];
  let ready = nodes.flatMap(({ before }, i) => (before === 0 ? [i] : []));
  let epoch: Node[] = [];
  while (ready.length > 0) {
    let at = ready.findIndex((i) => !epoch.some((other) => clash(other, nodes[i]!)));
    if (at < 0) {
      epoch = [];
      at = 0;
    }
    const node = nodes[ready[at]!]!;
    epoch.push(node);
    order.push(node.step);
    ready.splice(at, 1);
    for (const next of node.after) if (--nodes[next]!.before === 0) ready = insert(ready, next);
  }
  return order;
}

function insert(list: readonly number[], item: number): number[] {
  const at = list.findIndex((other) => other > item);
  return at < 0 ? [...list, item] : [...list.slice(0, at), item, ...list.slice(at)];
}

function nodeOf(step: Step): Node {
  const [reads, writes] = [new Map<number, Cut>(), new Map<number, Cut>()];
  const add = (inner: Step): void => {
    if (inner.kind === "kernel") {
      for (const slot of inner.reads) reads.set(slot, cutOf(inner, slot));
      for (const slot of inner.writes) if (slot !== inner.workspace) writes.set(slot, cutOf(inner, slot));
      return;
    }
    if (inner.condition !== undefined) reads.set(inner.condition, ANYWHERE);
    stepsInside(inner).forEach(add);
  };
  add(step);
  return { step, reads, writes, before: 0, after: [] };
}

function cutOf({ split }: KernelStep, slot: number): Cut {
  if (split === undefined || split.units <= 1) return ALONE;
  const bytes = split.slices[slot];
  return bytes === undefined ? ANYWHERE : `${split.units}/${bytes}`;
}

/** Who writes a slot comes after all who touched it before, and before all who touch it later. */
function connect(nodes: readonly Node[], status: number): void {
  let lastReporter = -1;
  const lastWriter = new Map<number, number>();
  const readersSince = new Map<number, number[]>();
  nodes.forEach((node, i) => {
    const earlier = new Set<number>();
    for (const slot of [...node.reads.keys(), ...node.writes.keys()]) if (lastWriter.has(slot)) earlier.add(lastWriter.get(slot)!);
    for (const slot of node.writes.keys()) for (const reader of readersSince.get(slot) ?? []) earlier.add(reader);
    for (const slot of node.writes.keys()) {
      lastWriter.set(slot, i);
      readersSince.set(slot, []);
    }
    for (const slot of node.reads.keys()) {
      const list = readersSince.get(slot);
      if (list) list.push(i);
      else readersSince.set(slot, [i]);
    }
    if (reports(node.step, status)) {
      if (lastReporter >= 0) earlier.add(lastReporter);
      lastReporter = i;
    }
    earlier.delete(i);
    for (const other of earlier) nodes[other]!.after.push(i);
    node.before = earlier.size;
  });
}

function reports(step: Step, status: number): boolean {
  if (step.kind === "kernel") return step.words.some((word) => typeof word !== "number" && word.slot === status);
  return stepsInside(step).some((inner) => reports(inner, status));
}

function clash(earlier: Node, later: Node): boolean {
  const meets = (a: ReadonlyMap<number, Cut>, b: ReadonlyMap<number, Cut>): boolean => {
    for (const [slot, cut] of b) {
      const other = a.get(slot);
      if (other !== undefined && (cut !== other || cut === ANYWHERE)) return true;
    }
    return false;
  };
  return meets(earlier.writes, later.reads) || meets(earlier.writes, later.writes) || meets(earlier.reads, later.writes);
}
