import { describe, expect, it } from "vitest";
import { Pace } from "./pace.js";

/** Runs a program that takes so long on one thread and on several. Returns which runs were shared. */
function runs(pace: Pace, count: number, alone: (run: number) => number, together: (run: number) => number): boolean[] {
  return Array.from({ length: count }, (_, run) => {
    const shared = pace.together;
    pace.ran(shared, shared ? together(run) : alone(run));
    return shared;
  });
}

const share = (list: readonly boolean[]): number => list.filter(Boolean).length / list.length;

describe("pace", () => {
  it("gives threads to a program from its third run on, when that saves time", () => {
    const pace = new Pace();
    expect(runs(pace, 100, () => 4, () => 2).map(Number).join("")).toBe("00" + "1".repeat(98));
  });

  it("keeps short programs on one thread, though the first run took long", () => {
    const pace = new Pace();
    expect(share(runs(pace, 100, (run) => (run === 0 ? 30 : 0.1), () => 0.05))).toBe(0);
    expect(pace.isLong).toBe(false);
  });

  it("goes back to one thread when others use the cores, tries again now and then, and less often each time", () => {
    const pace = new Pace();
    const shared = runs(pace, 20_000, () => 4, () => 5);
    expect(share(shared)).toBeLessThan(0.01);
    const tries = shared.flatMap((is, run) => (is && !shared[run - 1] ? [run] : []));
    const gaps = tries.slice(1).map((run, i) => run - tries[i]!);
    expect(gaps.length).toBeGreaterThan(3);
    expect(gaps.every((gap, i) => i === 0 || gap >= gaps[i - 1]!)).toBe(true);
  });

  it("comes back to threads when the cores are free again", () => {
    const pace = new Pace();
    runs(pace, 200, () => 4, () => 5);
    expect(share(runs(pace, 1000, () => 4, () => 2).slice(-200))).toBe(1);
  });

  it("compares with what one thread would take now: when all takes longer, threads stay", () => {
    const pace = new Pace();
    runs(pace, 20, () => 4, () => 2);
    expect(share(runs(pace, 500, () => 12, () => 6))).toBeGreaterThan(0.6);
  });

  it("is not misled by a single slow run", () => {
    const pace = new Pace();
    expect(share(runs(pace, 500, () => 4, (run) => (run % 8 === 5 ? 400 : 2)).slice(2))).toBe(1);
  });
});
