import { expect, it } from "vitest";
import { Hand } from "../../test/executor.contract.js";
import { printPlan } from "./printPlan.js";
import { printProgram } from "./print.js";

/** Slots: input, two of scratch, output. */
function chain(): { hand: Hand; slots: number[] } {
  const hand = new Hand();
  return { hand, slots: [hand.slot("input", [4]), hand.slot("scratch", [4]), hand.slot("scratch", [2, 2], "int32"), hand.slot("output", [4])] };
}

it("draws where and when each intermediate lives", () => {
  const { hand, slots } = chain();
  const [x, a, b, out] = slots as [number, number, number, number];
  const program = hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, a), hand.copy(x, out), hand.copy(a, b), hand.copy(b, out)] });
  expect(printPlan(program).split("\n")).toEqual([
    "plan · 4 steps · arena 128 B, 32 B alive at once, 32 B without sharing",
    `  0–16   s${a}  float32[4]   steps 0–2  ███·`,
    `  64–80  s${b}  int32[2, 2]  steps 2–3  ··██`,
  ]);
});

it("draws many steps in few columns, and nothing for a program without intermediates", () => {
  const { hand, slots } = chain();
  const [x, a, , out] = slots as [number, number, number, number];
  const last = Array.from({ length: 998 }, () => hand.copy(x, out));
  const program = hand.program({ inputs: [x], outputs: [out], steps: [...last, hand.copy(x, a), hand.copy(a, out)] });
  expect(printPlan(program).split("\n")[1]).toMatch(/ {2}·{63}█$/);
  expect(printPlan({ ...program, steps: last })).toBe("plan · 998 steps · arena 128 B, 0 B alive at once, 0 B without sharing");
});

it("words are printed on request: numbers, and addresses as slot and offset", () => {
  const { hand, slots } = chain();
  const [x, , , out] = slots as [number, number, number, number];
  const program = hand.program({ inputs: [x], outputs: [out], steps: [hand.step("copy", [{ slot: out, offset: 8 }, { slot: x, offset: 0 }, 1, 2, 1, 1], [x], [out])] });
  expect(printProgram(program, true)).toContain(`\n     s${out}+8 s${x} 1 2 1 1\n`);
  expect(printProgram(program)).not.toContain("+8");
});
