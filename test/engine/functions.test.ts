// The public functions' own doings, beyond the ops they lift: how axes may be given, tensors made from sizes.
import { beforeAll, describe, expect, it } from "vitest";
import { ValueError } from "../../src/base/errors.js";
import { arange, eye, full, init, linspace, ones, sum, tensor, zeros, type Tensor } from "../../src/engine/index.js";

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

describe("tensors made from sizes", () => {
  const made: readonly (readonly [string, () => Tensor, unknown, string])[] = [
    ["full", () => full([2], 1.5), [1.5, 1.5], "float32"],
    ["zeros", () => zeros([1, 2]), [[0, 0]], "float32"],
    ["ones of int32", () => ones([2], "int32"), [1, 1], "int32"],
    ["eye", () => eye(2), [[1, 0], [0, 1]], "float32"],
    ["arange to", () => arange(3), [0, 1, 2], "int32"],
    ["arange from, to, by", () => arange(1, 2, 0.25), [1, 1.25, 1.5, 1.75], "float32"],
    ["arange downwards", () => arange(3, 0, -1), [3, 2, 1], "int32"],
    ["arange of nothing", () => arange(3, 0), [], "int32"],
    ["linspace, both ends included", () => linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1], "float32"],
    ["linspace of one", () => linspace(2, 9, 1), [2], "float32"],
  ];
  it.each(made)("%s", async (_, make, values, dtype) => {
    expect([await make().array(), make().dtype]).toEqual([values, dtype]);
  });

  it("arange refuses a step of 0", () => {
    expect(() => arange(0, 3, 0)).toThrow(/arange: expected a step other than 0/);
  });
});
