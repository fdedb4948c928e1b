import { beforeAll, describe, expect, it } from "vitest";
import { compile, gradients, init, mul, sum, tensor, type Tensor } from "../../engine/index.js";
import { sequential } from "../sequential.js";
import { modelFromBytes, modelToBytes } from "../serialize.js";
import { activityRegularization, dense, embedding, lambda, masking } from "./index.js";

beforeAll(() => init());

describe("embedding", () => {
  it("gives the rows of its table, for integers and for whole floats, and its slopes add up by row", () => {
    const layer = embedding({ inputDim: 3, outputDim: 2 });
    layer.build([2]);
    layer.weights[0]!.assign([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    const expected = [[[5, 6], [1, 2]], [[5, 6], [5, 6]]]; // prettier-ignore
    expect(layer.apply(tensor([[2, 0], [2, 2]], undefined, "int32")).arraySync()).toEqual(expected); // prettier-ignore
    expect(layer.apply(tensor([[2, 0], [2, 2]], undefined, "float32")).arraySync()).toEqual(expected); // prettier-ignore
    const slope = compile(() => gradients(sum(layer.apply(tensor([[2, 0], [2, 2]]))), [layer.weights[0]!])[0]!)(); // prettier-ignore
    expect(slope.arraySync()).toEqual([[1, 1], [0, 0], [3, 3]]); // prettier-ignore
  });

  it("masks 0 with maskZero", () => {
    const x = tensor([[1, 0, 2]], undefined, "int32");
    expect(embedding({ inputDim: 3, outputDim: 1, maskZero: true }).computeMask([x])!.arraySync()).toEqual([[true, false, true]]);
    expect(embedding({ inputDim: 3, outputDim: 1 }).computeMask([x])).toBeUndefined();
  });

  it("takes inputLength for its input's shape, and starts in ±0.05", () => {
    const model = sequential([embedding({ inputDim: 50, outputDim: 4, inputLength: 3 }), dense({ units: 1 })]);
    expect(model.outputShape).toEqual([3, 1]);
    expect(model.weights[0]!.dataSync().every((value) => Math.abs(value) <= 0.05)).toBe(true);
  });

  it.each([
    ["too large", [[0, 1], [5, 2]], "int32", /embeddings: the index at position 2 is out of range/], // prettier-ignore
    ["negative", [[0, -1]], "int32", /position 1 is out of range/],
    ["not whole", [[0, 1.5]], "float32", /position 1 is out of range/],
  ] as const)("says which index is %s", (_name, x, dtype, message) => {
    const layer = embedding({ inputDim: 3, outputDim: 2 });
    expect(() => layer.apply(tensor(x, undefined, dtype)).dataSync()).toThrow(message);
  });

  it("begins with the table that it is given, in a model and after a file too", async () => {
    const table = [[1, 2], [3, 4], [5, 6]]; // prettier-ignore
    const layer = embedding({ inputDim: 3, outputDim: 2, weights: table, trainable: false, inputShape: [1] });
    const model = sequential([layer]);
    expect(model.getWeights()[0]!.arraySync()).toEqual(table);
    expect(modelFromBytes(await modelToBytes(model)).getWeights()[0]!.arraySync()).toEqual(table);
    expect(() => embedding({ inputDim: 2, outputDim: 3, weights: table })).toThrow(/weights: expected a table \[2, 3\], got \[3, 2\]/);
  });

  it("refuses sizes that are none", () => {
    expect(() => embedding({ inputDim: 0, outputDim: 2 })).toThrow(/embedding "embedding": inputDim: expected a whole number of at least 1, got 0/);
    expect(() => embedding({ inputDim: 3, outputDim: 1.5 })).toThrow(/outputDim/);
    expect(() => embedding({ inputDim: 3, outputDims: 2 } as never)).toThrow(/Did you mean "outputDim"\?/);
  });
});

describe("masking", () => {
  it("masks steps all of whose elements are the value, and sets them to 0", () => {
    const x = tensor([[[9, 9], [9, 1], [0, 0]]]); // prettier-ignore
    const layer = masking({ maskValue: 9 });
    expect(layer.computeMask([x]).arraySync()).toEqual([[true, false, true].map((_, i) => i > 0)]);
    expect(layer.apply(x).arraySync()).toEqual([[[0, 0], [9, 1], [0, 0]]]); // prettier-ignore
    expect(() => masking().outputShape([3])).toThrow(/expected \[batch, steps, …, features\], got \[batch, 3\]/);
  });
});

describe("activityRegularization", () => {
  it("adds l1 · Σ|x| + l2 · Σx² to the loss, and nothing else", () => {
    const penalties: Tensor[] = [];
    const x = tensor([[1, -2], [3, 0]]); // prettier-ignore
    expect(activityRegularization({ l1: 0.5, l2: 0.25 }).apply(x, { addLoss: (penalty) => void penalties.push(penalty) }).arraySync()).toEqual([[1, -2], [3, 0]]); // prettier-ignore
    expect(penalties.map((penalty) => penalty.dataSync()[0])).toEqual([0.5 * 6 + 0.25 * 14]);
    expect(() => activityRegularization({ l1: -1 })).toThrow(/l1/);
  });
});

describe("lambda", () => {
  it("applies a function, finds its shape, and cannot be saved", async () => {
    const layer = lambda((x) => mul(sum(x, { axes: [1], keepDims: true }), 2));
    expect(layer.outputShape([3])).toEqual([1]);
    expect(layer.apply(tensor([[1, 2, 3]])).arraySync()).toEqual([[12]]);
    const model = sequential([dense({ units: 2, inputShape: [3] }), lambda((x) => mul(x, 2))]);
    await expect(modelToBytes(model)).rejects.toThrow(/layer "lambda" \(Lambda\): cannot be saved, since a file holds no functions/);
  });

  it("says which shapes its function failed for, and when it gives another shape than it says", () => {
    expect(() => lambda((x) => x.reshape([7])).outputShape([3], 'layer "a"')).toThrow(/its function failed for \[batch, 3\] from layer "a"/);
    expect(() => lambda((x) => x, { outputShape: [2] }).apply(tensor([[1, 2, 3]]))).toThrow(/expected results \[batch, 2\], as outputShape says, got \[batch, 3\]/);
    expect(() => lambda("relu" as never)).toThrow(/expected a function of tensors/);
  });
});
