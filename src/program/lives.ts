// Lives of slots: when a program's steps first and last touch them. The memory plan, its verifier and poisoning all count time this way.
import type { Space, Step } from "./program.js";

/** Numbers of the first and last kernel step, counted in the order they are written down, both included. */
export interface Life {
  first: number;
  last: number;
}

/** The life of each scratch slot. What a loop touches lives through all of it: its next round reads what this one wrote. */
export function scratchLives(slots: readonly { readonly space: Space }[], steps: readonly Step[]): Map<number, Life> {
  const lives = new Map<number, Life>();
  const touch = (slot: number, first: number, last: number): void => {
    if (slots[slot]?.space !== "scratch") return;
    const life = lives.get(slot);
    if (life === undefined) lives.set(slot, { first, last });
    else {
      life.first = Math.min(life.first, first);
      life.last = Math.max(life.last, last);
    }
  };
  let time = 0;
  const walk = (list: readonly Step[], touched: Set<number>): void => {
    for (const step of list) {
      if (step.kind === "kernel") {
        for (const slot of [...step.reads, ...step.writes]) {
          touch(slot, time, time);
          touched.add(slot);
        }
        time++;
      } else if (step.kind === "branch") {
        touch(step.condition, time, time);
        touched.add(step.condition);
        walk(step.steps, touched);
        walk(step.otherwise, touched);
      } else {
        const start = time;
        const inside = new Set<number>(step.condition === undefined ? [] : [step.condition]);
        walk(step.steps, inside);
        for (const slot of inside) {
          touch(slot, start, Math.max(start, time - 1));
          touched.add(slot);
        }
      }
    }
  };
  walk(steps, new Set());
  return lives;
}
