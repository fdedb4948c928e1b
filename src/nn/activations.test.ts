import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../engine/index.js";
import { getActivation } from "./activations.js";

beforeAll(() => init());

/** Rows of x, their results in float64. */
const X = [[-2, -0.5, 0, 3], [1, 1, -4, 0.25]];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const each = (f: (x: number) => number) => (row: readonly number[]) => row.map(f);
const softmax = (row: readonly number[]): number[] => {
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return row.map((x) => Math.exp(x) / total);
};

const ROWS: readonly (readonly [name: string, reference: (row: readonly number[]) => number[]])[] = [
  ["linear", each((x) => x)],
  ["relu", each((x) => Math.max(x, 0))],
  ["sigmoid", each(sigmoid)],
  ["tanh", each(Math.tanh)],
  ["softmax", softmax],
  ["logSoftmax", (row) => softmax(row).map(Math.log)],
  ["log_softmax", (row) => softmax(row).map(Math.log)],
  ["softplus", each((x) => Math.log1p(Math.exp(x)))],
  ["softsign", each((x) => x / (1 + Math.abs(x)))],
  ["exponential", each(Math.exp)],
  ["silu", each((x) => x * sigmoid(x))],
  ["swish", each((x) => x * sigmoid(x))],
];

describe("activations by name", () => {
  it.each(ROWS)("%s is its formula", (name, reference) => {
    const result = getActivation(name)(tensor(X)).dataSync();
    // A few roundings of float32, on results up to e³.
    X.flatMap(reference).forEach((value, i) => expect(Math.abs(result[i]! - value)).toBeLessThan(5e-7 * Math.max(1, Math.abs(value))));
  });

  it("an unknown one names those there are", () => {
    expect(() => getActivation("sigmoidal")).toThrow(/expected one of linear, relu.*got "sigmoidal"\. Did you mean "sigmoid"\?/);
  });
});
