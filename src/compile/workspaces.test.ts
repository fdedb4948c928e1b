import { describe, expect, it } from "vitest";
import type { KernelStep, Step } from "../program/program.js";
import { ownWorkspaces, workspaceGroups, workspacesOf } from "./workspaces.js";

const step = (workspace: number | null, barrier = false): KernelStep => ({
  kind: "kernel", id: 0, kernel: "f32_gemm", words: [], reads: [], writes: [], ...(workspace !== null && { workspace }), ...(barrier && { barrier: true as const }),
});
/** A life of one step for each of the first `count` times, by workspace number. */
const at = (...times: number[]): Map<number, { first: number; last: number }> => new Map(times.map((time, slot) => [slot, { first: time, last: time }]));

describe("workspaces", () => {
  it("share a place from barrier to barrier", () => {
    const steps = [step(0), step(1), step(null, true), step(2), step(3, true), step(null)];
    expect(workspaceGroups(steps, at(0, 1, 3, 4))).toEqual([
      { slots: [0, 1], first: 0, last: 1 },
      { slots: [2], first: 2, last: 3 },
      { slots: [3], first: 4, last: Infinity },
    ]);
  });

  it("are found in branches and loops, whose life is the loop's", () => {
    const steps: Step[] = [step(0), { kind: "loop", count: 2, steps: [step(1, true), step(null, true)] }, { kind: "branch", condition: 9, steps: [step(2, true)], otherwise: [step(3)] }];
    expect([...workspacesOf(steps)]).toEqual([0, 1, 2, 3]);
    const lives = new Map([[0, { first: 0, last: 0 }], [1, { first: 1, last: 2 }], [2, { first: 3, last: 3 }], [3, { first: 4, last: 4 }]]);
    expect(workspaceGroups(steps, lives)).toEqual([
      { slots: [0], first: 0, last: 0 },
      { slots: [1], first: 1, last: 2 },
      { slots: [2, 3], first: 3, last: Infinity },
    ]);
  });

  it("live by themselves while their steps run", () => {
    expect(ownWorkspaces([step(0), step(1)], at(0, 1))).toEqual([{ slots: [0], first: 0, last: 0 }, { slots: [1], first: 1, last: 1 }]);
  });
});
