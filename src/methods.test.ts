import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import * as edgegrad from "./index.js";
import "./methods.js";

const { compile, grad, init, tensor, Tensor, variable } = edgegrad;

beforeAll(() => init());

describe("methods", () => {
  const x = tensor([[-1, 2], [3, -4]], undefined, "float32"); // prettier-ignore

  it("are the functions, called on their first argument, with the types they have there", () => {
    expect(x.abs().max().item()).toBe(4);
    expect(x.clip(-1, 1).arraySync()).toEqual([[-1, 1], [1, -1]]); // prettier-ignore
    expect(x.expandDims(0).squeeze().softmax().sum(1).arraySync()).toEqual([1, 1]);
    expect(x.topK(1).indices.arraySync()).toEqual([[1], [0]]);
    expect(x.split(2).map((part) => part.shape)).toEqual([[1, 2], [1, 2]]); // prettier-ignore
    expect(x.equal(2).logicalNot().any().item()).toBe(true);
    expect(x.prod(0, true).arraySync()).toEqual([[-3, -8]]);
    // @ts-expect-error: a type of its own for every method
    void (() => x.clip("low"));
  });

  it("concat, stack and where take what is put beside the tensor, or in its place", () => {
    expect(x.concat(x, 1).shape).toEqual([2, 4]);
    expect(x.concat([x, x]).shape).toEqual([6, 2]);
    expect(x.stack(x, -1).shape).toEqual([2, 2, 2]);
    expect(x.where(x.greater(0), 0).arraySync()).toEqual([[0, 2], [3, 0]]); // prettier-ignore
  });

  it("are differentiated, compiled and had by variables as the functions are", () => {
    expect(grad((v) => v.abs().log1p().sum())(tensor([1, -3.5])).arraySync()).toEqual([0.5, expect.closeTo(-1 / 4.5, 6)]);
    expect(compile((v: edgegrad.Tensor) => v.cumsum().flip())([1, 2, 3.5]).arraySync()).toEqual([6.5, 3, 1]);
    expect(variable([4, 9]).rsqrt().arraySync()).toEqual([0.5, expect.closeTo(1 / 3, 6)]);
  });

  it("cover every function of one tensor, and leave alone what tensors have", () => {
    const missing = ["abs", "all", "argMin", "argmax", "atan2", "avgPool", "cumprod", "erf", "floor", "gather", "layerNorm", "logSumExp", "maxPool2d", "pad", "real", "roll", "std", "tile", "trace", "triu"].filter(
      (name) => name in edgegrad && !(name in Tensor.prototype),
    );
    expect(missing).toEqual([]);
    for (const name of ["lift", "meshgrid", "range", "fill", "constant"]) expect(name in Tensor.prototype).toBe(false);
    expect(x.sum(0).arraySync()).toEqual([2, -2]);
    expect(Object.keys(x)).not.toContain("abs");
  });
});

it("console.log shows a tensor's values, shape and dtype", () => {
  expect(inspect(tensor([[1, 2], [3, 4]]))).toBe("Tensor([[1, 2],\n        [3, 4]], shape [2, 2], int32)"); // prettier-ignore
  expect(inspect({ w: variable([1.5]) })).toContain("Tensor([1.5], shape [1], float32)");
});
