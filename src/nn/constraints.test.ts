import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../engine/index.js";
import { getConstraint, maxNorm, minMaxNorm, nonNeg, unitNorm, type Constraint } from "./constraints.js";
import { dense } from "./layers/index.js";
import { sequential } from "./sequential.js";

beforeAll(() => init());

/** Columns of norms 5, 1 and 0.5. */
const WEIGHT = [[3, 0, 0.3], [-4, 1, 0.4]]; // prettier-ignore
const brought = (constraint: Constraint): number[][] => constraint.call(tensor(WEIGHT)).arraySync() as number[][];

describe("constraints", () => {
  // Keras' 1e-7 beside a norm of 0.5 moves elements below 0.8 by 1.6e-7, and three roundings by as much.
  it.each<[string, Constraint, number[][]]>([
    ["maxNorm shortens what is longer than 2", maxNorm(), [[1.2, 0, 0.3], [-1.6, 1, 0.4]]],
    ["maxNorm of a number", maxNorm(0.5), [[0.3, 0, 0.3], [-0.4, 0.5, 0.4]]],
    ["maxNorm over rows", maxNorm({ maxValue: 1, axis: 1 }), [[3, 0, 0.3].map((x) => x / Math.sqrt(9.09)), [-4, 1, 0.4].map((x) => x / Math.sqrt(17.16))]],
    ["unitNorm", unitNorm(), [[0.6, 0, 0.6], [-0.8, 1, 0.8]]],
    ["nonNeg", nonNeg(), [[3, 0, 0.3], [0, 1, 0.4]]],
    ["minMaxNorm", minMaxNorm({ minValue: 0.75, maxValue: 1 }), [[0.6, 0, 0.45], [-0.8, 1, 0.6]]],
    ["minMaxNorm half the way", minMaxNorm({ minValue: 0, maxValue: 1, rate: 0.5 }), [[1.8, 0, 0.3], [-2.4, 1, 0.4]]],
  ] /* prettier-ignore */)("%s", (_name, constraint, expected) => {
    const found = brought(constraint);
    expected.forEach((row, i) => row.forEach((value, j) => expect(Math.abs(found[i]![j]! - value), `[${i}, ${j}]: ${found[i]![j]}, not ${value}`).toBeLessThan(4e-7)));
    const { name, config } = constraint;
    expect(brought(getConstraint(JSON.parse(JSON.stringify({ name, config })) as { name: string })!)).toEqual(found);
  });

  it("hold after every step of a fit, for the weights they are given to", async () => {
    const model = sequential({ seed: 3, layers: [dense({ units: 4, inputShape: [3], kernelConstraint: maxNorm(0.5), biasConstraint: "nonNeg" }), dense({ units: 1 })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit([[1, 2, 3], [-2, 1, 0]], [[40], [-30]], { epochs: 3, verbose: 0 }); // prettier-ignore
    const [kernel, bias] = model.getWeights().map((weight) => weight.dataSync());
    for (let unit = 0; unit < 4; unit++) {
      const norm = Math.sqrt([0, 1, 2].reduce((total, i) => total + kernel![4 * i + unit]! ** 2, 0));
      expect(norm).toBeLessThanOrEqual(0.5 + 1e-6);
    }
    expect(bias!.every((value) => value >= 0)).toBe(true);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a negative norm", () => maxNorm(-1), /maxNorm: maxValue/],
    ["a range that falls", () => minMaxNorm({ minValue: 2, maxValue: 1 }), /minMaxNorm: maxValue: expected a number in \[2, Infinity\], got 1/],
    ["a rate beyond 1", () => minMaxNorm({ rate: 2 }), /rate: expected a number in \[0, 1\], got 2/],
    ["an unknown name", () => getConstraint("maxnrom"), /Did you mean "maxNorm"/],
    ["an unknown option", () => unitNorm({ axes: 1 } as never), /Did you mean "axis"/],
  ])("refuse %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
