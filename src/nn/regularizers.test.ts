import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../engine/index.js";
import { dense, conv2d, embedding, layerNormalization, batchNormalization } from "./layers/index.js";
import { getRegularizer, l1, l1l2, l2, orthogonal, type Regularizer } from "./regularizers.js";

beforeAll(() => init());

const WEIGHT = [[3, -4], [0, 2]]; // prettier-ignore
const penalty = (regularizer: Regularizer, weight: number[][] = WEIGHT): number => regularizer.call(tensor(weight)).dataSync()[0]!;

describe("regularizers", () => {
  // Sums of Σ|w| = 9 and Σw² = 29; one rounding of the factor and one of the product: 2 ulps of at most 3.
  it.each<[string, Regularizer, number]>([
    ["l1: 0.01 · Σ|w|", l1(), 0.09],
    ["l1 of a number", l1(0.5), 4.5],
    ["l2: 0.01 · Σw²", l2(), 0.29],
    ["l2 with an option", l2({ l2: 0.1 }), 2.9],
    ["l1l2: what is left out is 0", l1l2({ l1: 0.1 }), 0.9],
    ["l1l2 of none: 0.01 and 0.01", l1l2(), 0.38],
    ["l1l2: both", l1l2({ l1: 0.1, l2: 0.01 }), 1.19],
    // Rows (3, −4) and (0, 2): cosine −8 / (5 · 2) = −0.8.
    ["orthogonal: |cosine| of each pair of rows", orthogonal({ factor: 0.5 }), 0.4],
    // Columns (3, 0) and (−4, 2): cosine −12 / (3 · √20).
    ["orthogonal: of columns", orthogonal({ factor: 1, mode: "columns" }), 12 / (3 * Math.sqrt(20))],
  ])("%s", (_name, regularizer, expected) => {
    expect(Math.abs(penalty(regularizer) - expected)).toBeLessThan(5e-7);
    const { name, config } = regularizer;
    expect(penalty(getRegularizer(JSON.parse(JSON.stringify({ name, config })) as { name: string })!)).toBe(penalty(regularizer));
  });

  it("are found by name in either spelling; none is none", () => {
    expect(getRegularizer("L2")!.name).toBe("l2");
    expect(getRegularizer("l1_l2")!.name).toBe("l1l2");
    expect(getRegularizer(null)).toBeUndefined();
    expect(getRegularizer(undefined)).toBeUndefined();
  });

  it("leave biases out by default, and take them in by option; layers have none unless asked", () => {
    const counts = (options: object): number => {
      const layer = dense({ units: 2, biasInitializer: "ones", ...options });
      layer.build([3]);
      return layer.penalties().length;
    };
    expect(counts({})).toBe(0);
    expect(counts({ kernelRegularizer: "l2" })).toBe(1);
    const both = dense({ units: 2, biasInitializer: "ones", kernelInitializer: "zeros", kernelRegularizer: "l2", biasRegularizer: l1(0.5) });
    both.build([3]);
    expect(both.penalties().map((value) => value.dataSync()[0])).toEqual([0, 1]);
    for (const layer of [conv2d({ filters: 2, kernelSize: 1 }), layerNormalization(), batchNormalization()]) {
      layer.build([2, 2, 3]);
      expect(layer.penalties()).toEqual([]);
    }
    const table = embedding({ inputDim: 2, outputDim: 2, embeddingsInitializer: "ones", embeddingsRegularizer: l2(0.25) });
    table.build([1]);
    expect(table.penalties()[0]!.dataSync()[0]).toBe(1);
    table.trainable = false;
    expect(table.penalties()).toEqual([]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a negative factor", () => l2(-1), /l2 regularizer: l2: expected a number in \[0, Infinity\], got -1/],
    ["an unknown option", () => l1l2({ l3: 1 } as never), /no option is called "l3"/],
    ["an unknown name", () => getRegularizer("l7"), /Did you mean "l1"/],
    ["a number as a regularizer", () => getRegularizer(3 as never, "kernelRegularizer"), /kernelRegularizer: expected a name or a regularizer, got 3/],
    ["orthogonality of a vector", () => orthogonal().call(tensor([1, 2])), /expected a matrix, got shape \[2\]/],
    ["an unknown mode", () => orthogonal({ mode: "diagonals" as never }), /expected one of "rows", "columns"/],
  ])("refuse %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
