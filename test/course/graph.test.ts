// The course's graphs and gradients: programs that print themselves, reverse mode against differences, its one-weight example.
import { beforeAll, describe, expect, test } from "vitest";
import { compile, cos, div, erf, exp, grad, init, log, matmul, maxPool2d, mean, mul, pow, relu, sigmoid, sin, softmaxCrossEntropy, softplus, sqrt, square, sum, tanh, tensor, variable, variableGrads, type Tensor, type Variable } from "../../src/engine/index.js";
import { printGraph } from "../../src/graph/graph.js";
import { printProgram } from "../../src/program/print.js";
import { sgd } from "../../src/nn/index.js";

beforeAll(() => init());

describe("graphs are there to be seen", () => {
  test("[G1] a graph prints one node an op, its inputs by name, its result with dtype and shape", () => {
    const x = tensor(new Float32Array(6), [2, 3]);
    const w = tensor(new Float32Array(12), [3, 4]);
    const b = tensor(new Float32Array(4), [4]);
    const y = relu(matmul(x, w).add(b));
    const lines = printGraph({ outputs: [y.value], updates: [] }).split("\n");
    const form = /^%(\d+) = (\w+)\(((?:%\d+(?:, %\d+)*)?)\)(?: \{.*\})? (\w+\[[\d, ]*\])$/;
    const nodes = lines.slice(0, -1).map((line) => form.exec(line)!.slice(1));
    const number = (op: string, shape: string): string => `%${nodes.findIndex(([, name, , type]) => name === op && type!.endsWith(shape))}`;
    expect(nodes.map(([, op, inputs, type]) => `${op}(${inputs}) ${type}`).sort()).toEqual([
      `add(${number("matmul", "[2, 4]")}, ${number("input", "[4]")}) float32[2, 4]`,
      "input() float32[2, 3]",
      "input() float32[3, 4]",
      "input() float32[4]",
      `matmul(${number("input", "[2, 3]")}, ${number("input", "[3, 4]")}) float32[2, 4]`,
      `relu(${number("add", "[2, 4]")}) float32[2, 4]`,
    ]);
    expect(lines.at(-1)).toBe(`return %${nodes.length - 1}`);
  });

  test("[D1] what the user writes becomes a graph, and the graph a program that prints its slots and steps", () => {
    const w = variable([[0.5], [0.25]], { name: "w" });
    const predict = compile((x: Tensor) => sigmoid(matmul(x, w)));
    const text = printProgram(predict.programFor(tensor(Float32Array.of(1, 2, 3, 4), [2, 2])));
    expect(text).toMatch(/f32_gemm/);
    expect(text).toMatch(/state.*w.*float32\[2, 1\]/);
    expect(text).toMatch(/\nsteps\n[\s\S]*\nreturn s\d+$/);
  });
});

/** Central difference of a function of one number, in float64. */
function slope(f: (x: number) => number, x: number): number {
  const h = 1e-5;
  return (f(x + h) - f(x - h)) / (2 * h);
}

describe("reverse mode", () => {
  const FUNCTIONS: { name: string; tensors: (x: Tensor) => Tensor; numbers: (x: number) => number; at: number[] }[] = [
    { name: "exp", tensors: exp, numbers: Math.exp, at: [-2, 0, 1.5] },
    { name: "log", tensors: log, numbers: Math.log, at: [0.3, 1, 7] },
    { name: "sin", tensors: sin, numbers: Math.sin, at: [-2, 0, 1.5] },
    { name: "cos", tensors: cos, numbers: Math.cos, at: [-2, 0.1, 1.5] },
    { name: "tanh", tensors: tanh, numbers: Math.tanh, at: [-2, 0, 0.7] },
    { name: "sigmoid", tensors: sigmoid, numbers: (x) => 1 / (1 + Math.exp(-x)), at: [-3, 0, 2] },
    { name: "softplus", tensors: softplus, numbers: (x) => Math.log1p(Math.exp(x)), at: [-3, 0, 2] },
    { name: "sqrt", tensors: sqrt, numbers: Math.sqrt, at: [0.3, 1, 7] },
    { name: "square", tensors: square, numbers: (x) => x * x, at: [-3, 0, 2] },
    { name: "relu, away from its kink", tensors: relu, numbers: (x) => Math.max(0, x), at: [-3, 2] },
    { name: "x to the power of 3", tensors: (x) => pow(x, 3), numbers: (x) => x ** 3, at: [-1.5, 2] },
    { name: "a quotient", tensors: (x) => div(x, x.square().add(1)), numbers: (x) => x / (x * x + 1), at: [-1.5, 0.2, 2] },
    { name: "erf inside a product (GELU)", tensors: (x) => mul(x, erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5), numbers: (x) => x * normal(x), at: [-1.5, 0.2, 2] },
    { name: "a chain of five", tensors: (x) => log(exp(sin(x)).add(square(x))), numbers: (x) => Math.log(Math.exp(Math.sin(x)) + x * x), at: [-1.5, 0.2, 2] },
  ];
  for (const { name, tensors, numbers, at } of FUNCTIONS) {
    test(`[G7] ${name}: the derivative equals a central difference in float64`, () => {
      const got = grad((x) => sum(tensors(x)))(at).dataSync();
      at.forEach((x, i) => {
        const wanted = slope(numbers, x);
        // float32 rounds each of at most six factors, and their sum, to 6e-8.
        expect(Math.abs(got[i]! - wanted), `at ${x}: ${got[i]}, not ${wanted}`).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(wanted)));
      });
    });
  }

  test("[G7] cross-entropy of a softmax, per logit", () => {
    const logits = [1, -0.5, 2];
    const loss = (z: readonly number[]): number => Math.log(z.reduce((total, value) => total + Math.exp(value), 0)) - z[1]!;
    const got = grad((z) => mean(softmaxCrossEntropy(z, tensor([1]))))([logits]).dataSync();
    logits.forEach((_, k) => {
      const wanted = slope((value) => loss(logits.map((z, j) => (j === k ? value : z))), logits[k]!);
      expect(Math.abs(got[k]! - wanted)).toBeLessThanOrEqual(2e-6);
    });
  });

  test("[G7] max pooling passes the gradient to the winner of each window", () => {
    const got = grad((x) => sum(maxPool2d(x.reshape([1, 2, 4, 1]), { poolSize: 2 }).mul([[[[2], [3]]]])))([[1, 5, 2, 2.5], [0, 4, 7, 3]]);
    expect(got.arraySync()).toEqual([[0, 2, 0, 0], [0, 0, 3, 0]]);
  });
});

function normal(x: number): number {
  // Simpson's rule for the bell curve's integral from 0: 2000 steps leave an error below 1e-12 for |x| < 3.
  const n = 2000;
  const h = x / n;
  let total = 0;
  for (let i = 0; i <= n; i++) total += (i === 0 || i === n ? 1 : i % 2 ? 4 : 2) * Math.exp((-i * h * i * h) / 2);
  return 0.5 + ((h / 3) * total) / Math.sqrt(2 * Math.PI);
}

describe("one weight", () => {
  /** y' = w·x with x = 1.5, y = 2, loss (y' − y)², step size 0.1, from w = 0.3. */
  const loss = (w: Variable): Tensor => w.mul(1.5).sub(2).square();

  test("[G10] y' = 0.45, L = 2.4025, gradient −4.65; then w = 0.765, L = 0.72675625; then w = 1.02075, L = 0.2198438", () => {
    const w = variable(0.3, { name: "w" });
    const optimizer = sgd({ learningRate: 0.1 });
    const seen: number[][] = [];
    for (let step = 0; step < 3; step++) {
      const { value, grads } = variableGrads(() => loss(w), [w]);
      seen.push([w, w.mul(1.5), value, grads.get(w)!].map((x) => x.dataSync()[0]!));
      optimizer.apply(grads);
    }
    const WANTED = [
      [0.3, 0.45, 2.4025, -4.65],
      [0.765, 1.1475, 0.72675625, -2.5575],
      [1.02075, 1.531125, 0.21984376, -1.406625],
    ];
    // float32 keeps seven digits; the numbers pass through at most five operations a step.
    seen.flat().forEach((x, i) => expect(Math.abs(x - WANTED.flat()[i]!)).toBeLessThanOrEqual(2e-6));
  });

  test("[G10] it converges to w = 4/3, nearer by a factor of 0.55 a step", () => {
    const w = variable(0.3, { name: "w" });
    const optimizer = sgd({ learningRate: 0.1 });
    const distances = [4 / 3 - 0.3];
    for (let step = 0; step < 40; step++) {
      optimizer.apply(variableGrads(() => loss(w), [w]).grads);
      distances.push(Math.abs(w.dataSync()[0]! - 4 / 3));
    }
    for (let step = 0; step < 8; step++) expect(distances[step + 1]! / distances[step]!).toBeCloseTo(0.55, 3);
    expect(distances.at(-1)).toBeLessThan(2e-7);
  });
});
