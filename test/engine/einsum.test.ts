// einsum and its kin as NumPy spells them; what they are compiled to; and what they refuse.
import { beforeAll, describe, expect, test } from "vitest";
import * as f from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

beforeAll(() => f.init());

test("as NumPy spells them", () => {
  const [a, b] = [f.tensor([[1, 2], [3, 4]]), f.tensor([[5, 6], [7, 8]])];
  expect(f.einsum("ij,jk", a, b).arraySync()).toEqual([[19, 22], [43, 50]]);
  expect(f.einsum("ii", a).arraySync()).toBe(5);
  expect(f.einsum("...i->...", a).arraySync()).toEqual([3, 7]);
  expect(f.tensordot(a, b, [[0], [1]]).arraySync()).toEqual([[23, 31], [34, 46]]);
  expect(f.outer([1, 2], [3, 4]).arraySync()).toEqual([[3, 4], [6, 8]]);
  expect(f.inner(a, b).arraySync()).toEqual([[17, 23], [39, 53]]);
  expect(f.vdot(a, b).arraySync()).toBe(70);
  expect(f.kron([1, 2], [1, 1]).arraySync()).toEqual([1, 1, 2, 2]);
});

describe("compiled", () => {
  test("attention's products are matrix products over views: no step copies", () => {
    const scores = f.compile((q: Tensor, k: Tensor) => f.einsum("bqhd,bkhd->bhqk", q, k));
    const program = scores.programFor(f.zeros([2, 5, 3, 4]), f.zeros([2, 7, 3, 4]));
    expect(new Set(program.steps.map((step) => (step.kind === "kernel" ? step.kernel : step.kind)))).toEqual(new Set(["f32_gemm"]));
  });

  test("a chain is multiplied from its small end: nothing of 100 × 100 is made", () => {
    const chain = f.compile((a: Tensor, b: Tensor, c: Tensor) => f.einsum("ij,jk,kl->il", a, b, c));
    const operands = [f.ones([100, 100]), f.ones([100, 100]), f.ones([100, 1])] as const;
    const made = chain.programFor(...operands).slots.filter(({ space, shape }) => space === "scratch" && shape.join() === "100,100");
    expect(made).toEqual([]);
    expect(chain(...operands).arraySync()).toEqual(Array.from({ length: 100 }, () => [10000]));
  });
});

const REFUSED: readonly [claim: string, attempt: () => unknown, message: RegExp][] = [
  ["too few operands", () => f.einsum("ij,jk", f.zeros([2, 2])), /names 2 operands, got 1/],
  ["too few axes", () => f.einsum("i", f.zeros([2, 2])), /"i" in "i" names 1 axes, operand 0 is \[2, 2\]/],
  ["sizes of a label that differ", () => f.einsum("ij,jk", f.zeros([2, 3]), f.zeros([4, 2])), /label j has sizes 3 and 4/],
  ["a label that comes from nowhere", () => f.einsum("ij->ik", f.zeros([2, 3])), /has k on the right, which is on no operand/],
  ["a label twice on the right", () => f.einsum("ij->ii", f.zeros([2, 3])), /has i twice on the right/],
  ["something that is no equation", () => f.einsum("i1->i", f.zeros([2, 3])), /is no equation/],
  ["axes of a tensordot that differ", () => f.tensordot(f.zeros([2, 3]), f.zeros([2, 3]), 1), /axes \[1\] of \[2, 3\] and \[0\] of \[2, 3\] differ/],
  ["vectors of unequal length", () => f.vdot([1, 2], [1]), /not equally many/],
];

describe("refused, by name", () => {
  test.each(REFUSED)("%s", (_claim, attempt, message) => expect(attempt).toThrow(message));
});
