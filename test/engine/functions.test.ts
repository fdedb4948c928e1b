// The public functions' own doings, beyond the ops they lift: how axes may be given.
import { beforeAll, describe, expect, it } from "vitest";
import { ValueError } from "../../src/base/errors.js";
import { init, sum, tensor, type Tensor } from "../../src/engine/index.js";

beforeAll(() => init());

const x = tensor([[1, 2, 3], [4, 5, 6]]);

describe("a reduction's axes", () => {
  const spellings: readonly (readonly [string, () => Tensor, number | readonly unknown[]])[] = [
    ["none: all", () => sum(x), 21],
    ["a number", () => sum(x, 1), [6, 15]],
    ["a negative number", () => sum(x, -2), [5, 7, 9]],
    ["a list", () => sum(x, [0, 1]), 21],
    ["{ axes }", () => sum(x, { axes: 1 }), [6, 15]],
    ["{ axis }", () => sum(x, { axis: 1 }), [6, 15]],
    ["a number and keepDims", () => sum(x, 1, true), [[6], [15]]],
    ["{ axis, keepDims }", () => sum(x, { axis: 1, keepDims: true }), [[6], [15]]],
  ];
  it.each(spellings)("%s", async (_, reduced, expected) => {
    expect(await reduced().array()).toEqual(expected);
  });

  it("an option that is not known is refused by name", () => {
    const misspelt: object = { keepdims: true };
    expect(() => sum(x, misspelt)).toThrow(ValueError);
    expect(() => sum(x, misspelt)).toThrow(/"keepdims"/);
  });
});
