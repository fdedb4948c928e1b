import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor, type Tensor } from "../../engine/index.js";
import { ShapeError } from "../../base/errors.js";
import { input, model, modelFromBytes, modelToBytes } from "../index.js";
import type { Layer } from "../layer.js";
import { add, average, concatenate, dense, dot, maximum, minimum, multiply, subtract } from "./index.js";

beforeAll(() => init());

const a = [[1, -2, 3]];
const b = [[4, 5, -6]];
const c = [[0.5, 8, 2]];

describe("merging layers", () => {
  it.each([
    ["add", add(), [a, b, c], [[5.5, 11, -1]]],
    ["subtract", subtract(), [a, b], [[-3, -7, 9]]],
    ["multiply", multiply(), [a, b, c], [[2, -80, -36]]],
    ["average", average(), [a, b], [[2.5, 1.5, -1.5]]],
    ["maximum", maximum(), [a, b, c], [[4, 8, 3]]],
    ["minimum", minimum(), [a, b, c], [[0.5, -2, -6]]],
  ] as const)("%s", (_name, layer, inputs, expected) => {
    expect(layer.applyAll(inputs.map((x) => tensor(x)))[0]!.arraySync()).toEqual(expected);
  });

  it("broadcasts examples from the last axis on, the batch staying in front", () => {
    const x = tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]); // prettier-ignore
    const y = tensor([[10, 20], [30, 40]]); // prettier-ignore
    expect(add().applyAll([x, y])[0]!.arraySync()).toEqual([[[11, 22], [13, 24]], [[35, 46], [37, 48]]]); // prettier-ignore
  });

  it("concatenates along any axis but the batch", () => {
    const [x, y] = [tensor([[[1, 2]], [[3, 4]]]), tensor([[[5, 6]], [[7, 8]]])];
    expect(concatenate().applyAll([x, y])[0]!.arraySync()).toEqual([[[1, 2, 5, 6]], [[3, 4, 7, 8]]]);
    expect(concatenate({ axis: 1 }).applyAll([x, y])[0]!.arraySync()).toEqual([[[1, 2], [5, 6]], [[3, 4], [7, 8]]]); // prettier-ignore
  });

  it("multiplies and adds up along axes; normalised, the result is a cosine", () => {
    expect(dot({ axes: 1 }).applyAll([tensor(a), tensor(b)])[0]!.arraySync()).toEqual([[4 - 10 - 18]]);
    const x = tensor([[[1, 2], [3, 4], [5, 6]]]); // prettier-ignore
    const y = tensor([[[1, 0, 2], [0, 1, 3]]]); // prettier-ignore
    expect(dot({ axes: [2, 1] }).applyAll([x, y])[0]!.arraySync()).toEqual([[[1, 2, 8], [3, 4, 18], [5, 6, 28]]]); // prettier-ignore
    // Two roots and four products of numbers below 1: 1e-6 is 8 ulps.
    expect(dot({ axes: -1, normalize: true }).applyAll([tensor([[3, 4]]), tensor([[4, 3]])])[0]!.dataSync()[0]).toBeCloseTo(24 / 25, 6);
  });

  it("has elements where any input has them; steps laid behind one another keep theirs", () => {
    const x = tensor([[1, 2]]);
    const [left, right] = [tensor([[true, false]]), tensor([[false, false]])];
    const masked = (layer: Layer, masks: readonly (Tensor | undefined)[]): unknown => layer.computeMask([x, x], masks)?.arraySync();
    expect(masked(add(), [left, right])).toEqual([[true, false]]);
    expect(masked(add(), [left, undefined])).toBeUndefined();
    expect(masked(concatenate({ axis: 1 }), [left, undefined])).toEqual([[true, false, true, true]]);
    expect(masked(dot({ axes: 1 }), [left, right])).toBeUndefined();
  });

  it.each<[string, () => unknown, RegExp]>([
    ["inputs that do not broadcast", () => add().outputShapes([[3, 4], [3, 5]], ["layer \"a\"", "layer \"b\""]), /"add" \(Add\): .*\[batch, 3, 4\] from layer "a" and \[batch, 3, 5\] from layer "b"/],
    ["one input", () => add().outputShapes([[3]]), /expected at least 2 inputs, got 1/],
    ["three inputs to subtract", () => subtract().outputShapes([[3], [3], [3]]), /expected 2 inputs, got 3/],
    ["unequal sizes to concatenate", () => concatenate().outputShapes([[3, 4], [2, 4]]), /differ along axis 2 only, got \[batch, 3, 4\] and \[batch, 2, 4\]/],
    ["the batch axis", () => concatenate({ axis: 0 }).outputShapes([[3], [3]]), /0 is the batch, got 0/],
    ["an axis that is not there", () => concatenate({ axis: 3 }).outputShapes([[3], [3]]), /expected one of 1 … 1 or -1 … -1/],
    ["unequal sizes to dot", () => dot({ axes: [2, 1] }).outputShapes([[3, 4], [3, 2]]), /axes \[2, 1\] of equal size, got \[batch, 3, 4\] and \[batch, 3, 2\]/],
    ["no axes", () => dot({ axes: "1" as never }), /expected an axis or a pair/],
  ])("refuses %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });

  it("says so with a ShapeError", () => {
    expect(() => add().applyAll([tensor(a), tensor([[1, 2]])])).toThrow(ShapeError);
  });

  it("joins branches of a model: fits, and is read from a file as it was written", async () => {
    const [x, y] = [input({ shape: [3] }), input({ shape: [3] })];
    const [left, right] = [dense({ units: 4, activation: "tanh" }).apply(x), dense({ units: 4 }).apply(y)];
    const merged = [add(), subtract(), multiply(), average(), maximum(), minimum(), dot({ axes: 1, normalize: true })].map((layer) => layer.apply([left, right]));
    const net = model({ seed: 4, inputs: [x, y], outputs: dense({ units: 1 }).apply(concatenate().apply(merged)) });
    net.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const data = [[[1, 2, 3], [0, -1, 2], [4, 0, 1]], [[2, 0, 1], [1, 1, 1], [0, 3, -1]]]; // prettier-ignore
    const { history } = await net.fit(data, [[1], [-1], [2]], { epochs: 20, verbose: 0 });
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]!);
    const again = modelFromBytes(await modelToBytes(net));
    const inputs = data.map((rows) => tensor(rows, undefined, "float32"));
    expect(again.applyAll(inputs)[0]!.dataSync()).toEqual(net.applyAll(inputs)[0]!.dataSync());
  });
});
