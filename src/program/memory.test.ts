import { expect, it } from "vitest";
import { Hand } from "../../test/executor.contract.js";
import { memoryReport } from "./memory.js";

it("counts what is alive at once, and what all slots take side by side", () => {
  const hand = new Hand();
  const [x, a, b, c, out] = [hand.slot("input", [4]), hand.slot("scratch", [100]), hand.slot("scratch", [30]), hand.slot("scratch", [50]), hand.slot("output", [4])];
  const program = hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, a), hand.copy(a, b), hand.copy(b, c), hand.copy(c, out)] });
  // a and b in step 1; b and c in step 2.
  expect(memoryReport(program)).toEqual({ planned: program.bytes.scratch, sum: 720, peak: 520, peakStep: 1 });
});

it("keeps alive through a loop what its rounds hand on, and counts both sides of a branch and its condition", () => {
  const hand = new Hand();
  const [x, a, b, c, condition, out] = [
    hand.slot("input", [4]), hand.slot("scratch", [10]), hand.slot("scratch", [20]), hand.slot("scratch", [40]), hand.slot("scratch", [1], "int32"), hand.slot("output", [4]),
  ];
  // In a loop a and b live through both steps, though a is touched only in the first and b only in the second.
  const loop = hand.program({ inputs: [x], outputs: [out], steps: [{ kind: "loop", count: 2, steps: [hand.copy(x, a), hand.copy(x, b)] }] });
  expect(memoryReport(loop).peak).toBe(120);
  const straight = hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, a), hand.copy(x, b)] });
  expect(memoryReport(straight).peak).toBe(80);
  const branch = { kind: "branch", condition, steps: [hand.copy(x, c)], otherwise: [hand.copy(c, out)] } as const;
  const branched = hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, a), hand.copy(x, condition), branch, hand.copy(a, out)] });
  expect(memoryReport(branched)).toMatchObject({ sum: 204, peak: 204 });
});

it("is 0 where there are no intermediates", () => {
  const hand = new Hand();
  const [x, out] = [hand.slot("input", [4]), hand.slot("output", [4])];
  expect(memoryReport(hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, out)] }))).toMatchObject({ sum: 0, peak: 0, peakStep: expect.any(Number) });
});
