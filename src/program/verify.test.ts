import { describe, expect, it } from "vitest";
import { FormatError } from "../base/errors.js";
import { at, Hand } from "../../test/executor.contract.js";
import { withBarriers } from "./barriers.js";
import { scratchLives } from "./lives.js";
import { printProgram } from "./print.js";
import type { Program, Slot, Step } from "./program.js";
import { verifyProgram } from "./verify.js";

/** A legal program, and its slots. */
function legal(): { hand: Hand; program: Program; x: number; a: number; b: number; out: number } {
  const hand = new Hand();
  const [x, a, b, out] = [hand.slot("input", [4]), hand.slot("scratch", [4]), hand.slot("scratch", [4]), hand.slot("output", [4])];
  return { hand, program: hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, a), hand.copy(a, b), hand.copy(b, out)] }), x, a, b, out };
}

function withSlot(program: Program, i: number, change: Partial<Slot>): Program {
  return { ...program, slots: program.slots.map((slot, k) => (k === i ? { ...slot, ...change } : slot)) };
}

describe("the verifier of programs", () => {
  it("passes a legal one, read back from JSON too", () => {
    verifyProgram(legal().program);
    verifyProgram(JSON.parse(JSON.stringify(legal().program)) as Program);
  });

  const { program, hand, x, a, b, out } = legal();
  const steps = (...list: Step[]): Program => ({ ...program, steps: withBarriers(program.slots, list) });
  const rows: readonly (readonly [string, Program | null, RegExp])[] = [
    ["null", null, /expected an object, got null/],
    ["another version", { ...program, version: 1 as never }, /version 1 is not known/],
    ["a list that is missing", { ...program, steps: undefined as never }, /steps is no list/],
    ["a slot behind the end of its space", withSlot(program, b, { offset: 1 << 20 }), /slot \d+ ends at byte/],
    ["a slot of fractional bytes", withSlot(program, b, { bytes: 1.5 }), /has 1.5 B/],
    ["a slot off the alignment", withSlot(program, b, { offset: 4 }), /multiples of 64/],
    ["an input that is none", { ...program, inputs: [out] }, /inputs names slot \d+, which is output; expected input/],
    ["an output that does not exist", { ...program, outputs: [99] }, /outputs names slot 99, which is none/],
    ["a kernel that is not known", steps(hand.step("f32_magic", [], [], [])), /kernel f32_magic is not known/],
    ["a kernel called like a method of objects", steps(hand.step("toString", [], [], [])), /kernel toString is not known/],
    ["an address behind its slot", steps(hand.step("copy", [at(out, 17), at(x)], [x], [out])), /byte 17 of slot/],
    ["an address that is not declared", steps(hand.step("copy", [at(out), at(x)], [], [out])), /used but neither read nor written/],
    ["a read before any write", steps(hand.copy(a, out)), /reads slot \d+ before anything has written it/],
    ["a write to an input", steps(hand.copy(x, out), hand.copy(x, x)), /writes input slot/],
    ["an output that is never written", steps(hand.copy(x, a)), /output slot \d+ is never written/],
    ["a branch on nothing", steps({ kind: "branch", condition: a, steps: [], otherwise: [] }), /a branch reads slot \d+ before/],
    ["two live slots at one place", withSlot(program, b, { offset: program.slots[a]!.offset }), /alive together and overlap at byte 0 of scratch/],
  ];
  it.each(rows)("refuses %s", (_, bad, message) => {
    expect(() => verifyProgram(bad!)).toThrow(FormatError);
    expect(() => verifyProgram(bad!)).toThrow(message);
  });

  it("lets a slot follow another at one place when that one is done", () => {
    const two = legal();
    const again = two.hand.copy(two.b, two.out);
    const apart: Program = { ...two.program, steps: [two.hand.copy(two.x, two.a), two.hand.copy(two.a, two.out), two.hand.copy(two.x, two.b), again] };
    verifyProgram(withSlot(apart, two.b, { offset: two.program.slots[two.a]!.offset }));
  });

  it("holds a branch's condition alive up to the branch", () => {
    const branch: Step = { kind: "branch", condition: a, steps: [hand.copy(b, out)], otherwise: [] };
    const good = steps(hand.copy(x, out), hand.copy(x, a), hand.copy(x, b), branch);
    verifyProgram(good);
    expect(() => verifyProgram(withSlot(good, b, { offset: program.slots[a]!.offset }))).toThrow(/overlap/);
  });
});

describe("lives", () => {
  it("count kernel steps; a loop keeps what it touches through all of it", () => {
    const { hand, x, a, b, out, program } = legal();
    const steps: Step[] = [hand.copy(x, a), { kind: "loop", count: 2, steps: [hand.copy(a, b), hand.copy(x, out)] }, hand.copy(x, out)];
    expect([...scratchLives(program.slots, steps)]).toEqual([[a, { first: 0, last: 2 }], [b, { first: 1, last: 2 }]]);
  });
});

describe("a program as text", () => {
  it("shows slots, steps, branches and loops", () => {
    const { hand, x, a, out } = legal();
    const steps: Step[] = [hand.copy(x, a), { kind: "branch", condition: a, steps: [hand.fill(out, 1)], otherwise: [hand.fill(out, 2)] }, { kind: "loop", count: 3, steps: [hand.copy(x, out)] }];
    const text = printProgram(hand.program({ inputs: [x], outputs: [out], steps }));
    for (const line of [/s1 input@0 float32\[4\] 16 B/, /: s2 = copy\(s1\)/, /if s2/, /else/, /repeat 3/, /return s4/]) expect(text).toMatch(line);
  });
});
