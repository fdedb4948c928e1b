import { beforeAll, describe, expect, it } from "vitest";
import { init, tanh, tensor, type Tensor } from "../engine/index.js";
import { activationConfig, getActivation } from "./activations.js";

beforeAll(() => init());

/** Rows of x, their results in float64. */
const X = [[-2, -0.5, 0, 3], [1, 1, -4, 0.25]];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const each = (f: (x: number) => number) => (row: readonly number[]) => row.map(f);
const softmax = (row: readonly number[]): number[] => {
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return row.map((x) => Math.exp(x) / total);
};

/** By Simpson's rule from −8, where it is below 1e-15. */
function normalCdf(x: number): number {
  const [from, steps] = [-8, 2000];
  const h = (x - from) / steps;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const total = Array.from({ length: steps + 1 }, (_, i) => (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density(from + i * h)).reduce((a, b) => a + b);
  return (total * h) / 3;
}

/** max(x − τ, 0) for the τ for which that sums to 1, by halving. */
function sparsemax(row: readonly number[]): number[] {
  let [low, high] = [Math.min(...row) - 1, Math.max(...row)];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (row.reduce((sum, x) => sum + Math.max(x - middle, 0), 0) > 1) low = middle;
    else high = middle;
  }
  return row.map((x) => Math.max(x - low, 0));
}

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
  ["relu6", each((x) => Math.min(Math.max(x, 0), 6))],
  ["leaky_relu", each((x) => (x > 0 ? x : 0.2 * x))],
  ["elu", each((x) => (x > 0 ? x : Math.expm1(x)))],
  ["selu", each((x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)))],
  ["celu", each((x) => (x > 0 ? x : Math.expm1(x)))],
  ["gelu", each((x) => x * normalCdf(x))],
  ["mish", each((x) => x * Math.tanh(Math.log1p(Math.exp(x))))],
  ["hardSigmoid", each((x) => Math.min(Math.max(x / 6 + 0.5, 0), 1))],
  ["hard_silu", each((x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1))],
  ["hardSwish", each((x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1))],
  ["hardTanh", each((x) => Math.min(Math.max(x, -1), 1))],
  ["logSigmoid", each((x) => -Math.log1p(Math.exp(-x)))],
  ["glu", ([a, b, c, d]) => [a! * sigmoid(c!), b! * sigmoid(d!)]],
  ["sparsemax", (row) => sparsemax(row)],
  ["squareplus", each((x) => (x + Math.sqrt(x * x + 4)) / 2)],
  ["tanhShrink", each((x) => x - Math.tanh(x))],
  ["softShrink", each((x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0))],
  ["hardShrink", each((x) => (Math.abs(x) > 0.5 ? x : 0))],
  ["threshold", each((x) => (x > 1 ? x : 0))],
];

describe("activations by name", () => {
  it.each(ROWS)("%s is its formula", (name, reference) => {
    const result = getActivation(name)(tensor(X)).dataSync();
    // A few roundings of float32, on results up to e³.
    X.flatMap(reference).forEach((value, i) => expect(Math.abs(result[i]! - value)).toBeLessThan(5e-7 * Math.max(1, Math.abs(value))));
  });

  it("a function is itself, and has a name in files only where it is one of these", () => {
    const twice = (x: Tensor): Tensor => x.mul(2);
    expect(getActivation(twice)).toBe(twice);
    expect(activationConfig(tanh, "here")).toBe("tanh");
    expect(() => activationConfig(twice, "here")).toThrow("here: expected an activation by name, got a function, which a file cannot hold.");
  });

  it("an unknown one names those there are", () => {
    expect(() => getActivation("sigmoidal")).toThrow(/expected one of linear, relu.*got "sigmoidal"\. Did you mean "sigmoid"\?/);
  });
});
