// The course's activations: formulas, worked digits, slopes, and the table of their properties.
import { beforeAll, describe, expect, it } from "vitest";
import {
  bernoulli, clip, elu, erf, gelu, glu, grads, grad, hardSigmoid, init, leakyRelu, linear, linspace, matmul, maximum, maxout, mean, mish, mul, prelu, randomNormal, relu, relu6, selu,
  setRandomSeed, sigmoid, sign, silu, softplus, softsign, stack, step, sub, sum, swish, tanh, tensor, variance, type Tensor,
} from "../../src/engine/index.js";

beforeAll(() => init());

const floats = (values: number[]): Tensor => tensor(values, undefined, "float32");
const slope = (f: (x: Tensor) => Tensor, at: number[]): number[] => [...grad((x) => sum(f(x)))(floats(at)).dataSync()];
const largest = (x: Tensor): number => Math.max(...x.dataSync().map(Math.abs));

/** Each number within `tolerance` of what is wanted: half a unit of the last printed digit, and some float32. */
function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance = 2e-7): void {
  expect(got.length).toBe(wanted.length);
  wanted.forEach((x, i) => expect(Math.abs(got[i]! - x), `element ${i}: ${got[i]}, not ${x}`).toBeLessThanOrEqual(tolerance));
}

it("[A8] linear is the identity, and a stack of linear layers is one matrix", () => {
  const [a, b, x] = [floats([1, 2, 3, 4]).reshape([2, 2]), floats([0, 1, -1, 2]).reshape([2, 2]), floats([5, -6]).reshape([1, 2])];
  expect(linear(x).arraySync()).toEqual(x.arraySync());
  expect(linear(linear(x.matmul(a)).matmul(b)).arraySync()).toEqual(x.matmul(a.matmul(b)).arraySync());
});

it("[A9] [T22] step is 1 if x > 0, or if x ≥ 0; sign −1, 0, 1, or ±1 at 0; their gradients are 0, so nothing learns through them", () => {
  const x = floats([-2, 0, 3]);
  expect(step(x).arraySync()).toEqual([0, 0, 1]);
  expect(step(x, { atZero: 1 }).arraySync()).toEqual([0, 1, 1]);
  expect(sign(x).arraySync()).toEqual([-1, 0, 1]);
  expect(sign(x, { atZero: -1 }).arraySync()).toEqual([-1, -1, 1]);
  expect(sign(x, { atZero: 1 }).arraySync()).toEqual([-1, 1, 1]);
  expect(slope((v) => step(v), [-2, 0, 3])).toEqual([0, 0, 0]);
  expect(slope((v) => sign(v), [-2, 0, 3])).toEqual([0, 0, 0]);
});

it("[A10] sigmoid: its slope is σ(1 − σ), at most ¼, and .00665 at ±5; it saturates at the ends of 100 points in −10 … 10", () => {
  const x = linspace(-10, 10, 100);
  const y = sigmoid(x);
  const slopes = grad((v) => sum(sigmoid(v)))(x);
  expect(largest(sub(slopes, mul(y, sub(1, y))))).toBe(0);
  expect(Math.max(...slopes.dataSync())).toBeLessThanOrEqual(0.25);
  expectClose(slope(sigmoid, [0, 5, -5]), [0.25, 0.00665, 0.00665], 5e-6);
  expectClose([y.dataSync()[0]!, y.dataSync()[99]!], [4.54e-5, 0.9999546], 1e-7);
});

it("[A11] tanh is odd, zero-centred, and flat from about 2 on: its slope there is .0707", () => {
  const x = linspace(-3, 3, 101);
  expect(tanh(x.neg()).arraySync()).toEqual(tanh(x).neg().arraySync());
  expectClose([mean(tanh(x)).item() as number], [0], 1e-7);
  expectClose(slope(tanh, [0, 2]), [1, 0.0707], 5e-5);
});

it("[A13] relu6 is max(0, x) − max(0, x − 6): −1, 3, 6, 9 give 0, 3, 6, 6", () => {
  const x = floats([-1, 3, 6, 9]);
  expect(relu6(x).arraySync()).toEqual([0, 3, 6, 6]);
  expect(relu(x).sub(relu(x.sub(6))).arraySync()).toEqual([0, 3, 6, 6]);
});

it("[A14] leaky relu: αx below 0; α = .1 in the course", () => {
  expectClose(leakyRelu([-3, 0, 2], 0.1).dataSync(), [-0.3, 0, 2]);
  expectClose(slope((x) => leakyRelu(x, 0.1), [-3, 2]), [0.1, 1]);
});

it("[A15] parametric relu is max(αx, x) for α < 1, and α gets a gradient: the sum of what lies below 0", () => {
  const x = floats([-3, 0, 2, -1]);
  const alpha = tensor(0.25);
  expect(prelu(x, alpha).arraySync()).toEqual(maximum(x.mul(alpha), x).arraySync());
  const [, dAlpha] = grads((a, b) => sum(prelu(a, b)))(x, alpha);
  expect(dAlpha!.item()).toBe(-4);
});

it("[A16] elu: x, and a·(eˣ − 1) below 0; continuous at 0", () => {
  expectClose(elu([-1, 0, 2], 1.5).dataSync(), [1.5 * (Math.exp(-1) - 1), 0, 2]);
  expect(largest(elu([-1e-6, 1e-6]))).toBeLessThan(2e-6);
});

it("[A17] selu: λ = 1.0507, α = 1.67326; keeps mean 0 and variance 1.000, over 20 layers with lecun's initial weights too", () => {
  expectClose(selu([1, -1e9]).dataSync(), [1.0507, -1.0507 * 1.67326], 6e-5);
  setRandomSeed(3);
  const y = selu(randomNormal([1_000_000]));
  // Standard errors of the mean and the variance of a million numbers: 0.001 and 0.0016 (selu's fourth moment is 3.5).
  expectClose([mean(y).item() as number, variance(y).item() as number], [0, 1], 5 * 0.0016);
  const width = 256;
  let h = randomNormal([width, width]);
  for (let layer = 0; layer < 20; layer++) h = selu(matmul(h, randomNormal([width, width], 0, Math.sqrt(1 / width))));
  // A finite width lets both wander: 256 units, 20 layers.
  expect(Math.abs(mean(h).item() as number)).toBeLessThan(0.1);
  expect(Math.abs((variance(h).item() as number) - 1)).toBeLessThan(0.2);
});

describe("[A18] gelu", () => {
  it("x·Φ(x): GELU(1) = .8413447, and .8457958 by the sigmoid of 1.702 x", () => {
    expectClose(gelu([1]).dataSync(), [0.8413447], 1e-7);
    expectClose(gelu([1], "sigmoid").dataSync(), [0.8457958], 1e-7);
    expectClose(gelu([1, -2], "tanh").dataSync(), [0.841192, -0.0454023], 1e-6);
  });

  it("the sigmoid form is at most .0203 away, the one with tanh 5e-4", () => {
    const x = linspace(-6, 6, 12_001);
    expectClose([largest(sub(gelu(x), gelu(x, "sigmoid")))], [0.0203], 5e-5);
    expect(largest(sub(gelu(x), gelu(x, "tanh")))).toBeLessThan(5e-4);
  });

  it("is the mean of m·x with m from Bernoulli(Φ(x))", () => {
    setRandomSeed(11);
    for (const x of [-1.5, -0.5, 1, 2]) {
      const phi = (1 + (erf(x / Math.SQRT2).item() as number)) / 2;
      const found = mean(bernoulli([200_000], phi).mul(x)).item() as number;
      const deviation = Math.abs(x) * Math.sqrt((phi * (1 - phi)) / 200_000);
      expect(Math.abs(found - (gelu(tensor(x)).item() as number))).toBeLessThan(5 * deviation);
    }
  });
});

it("[A19] swish is x·σ(βx): SiLU for β = 1, near gelu for 1.702", () => {
  const x = linspace(-4, 4, 41);
  expect(swish(x).arraySync()).toEqual(mul(x, sigmoid(x)).arraySync());
  expectClose(silu([1, -1], 2).dataSync(), [1 / (1 + Math.exp(-2)), -1 / (1 + Math.exp(2))]);
  expect(largest(sub(silu(x, 1.702), gelu(x)))).toBeLessThan(0.0204);
});

describe("[A20] maxout", () => {
  /** max(wᵢx + bᵢ), one unit. */
  const pieces = (x: Tensor, lines: readonly (readonly [w: number, b: number])[]): Tensor => maxout(stack(lines.map(([w, b]) => x.mul(w).add(b)), -1), 1).reshape(x.shape);

  it("of the lines (0, 0) and (1, 0) is relu", () => {
    const x = linspace(-3, 3, 13);
    expect(pieces(x, [[0, 0], [1, 0]]).arraySync()).toEqual(relu(x).arraySync());
  });

  it("of .5x, −.5x, x, −x − .2: −1 → .8, −.4 → .2, −.2 → .1, 0 → 0, 1 → 1; the gradient goes to the winner", () => {
    const lines = [[0.5, 0], [-0.5, 0], [1, 0], [-1, -0.2]] as const;
    expectClose(pieces(floats([-1, -0.4, -0.2, 0, 1]), lines).dataSync(), [0.8, 0.2, 0.1, 0, 1]);
    expectClose(slope((x) => pieces(x, lines), [-1, -0.3, 1]), [-1, -0.5, 1]);
  });
});

describe("[A22] the wish-list: non-linear, continuous, monotone", () => {
  const rows: [name: string, f: (x: Tensor) => Tensor, linear: boolean, continuous: boolean, monotone: boolean][] = [
    ["linear", linear, true, true, true],
    ["step", (x) => step(x), false, false, true],
    ["sign", (x) => sign(x), false, false, true],
    ["sigmoid", sigmoid, false, true, true],
    ["tanh", tanh, false, true, true],
    ["hardSigmoid", hardSigmoid, false, true, true],
    ["relu", relu, false, true, true],
    ["relu6", relu6, false, true, true],
    ["leakyRelu", (x) => leakyRelu(x), false, true, true],
    ["elu", (x) => elu(x), false, true, true],
    ["selu", selu, false, true, true],
    ["softplus", softplus, false, true, true],
    ["softsign", softsign, false, true, true],
    ["gelu", (x) => gelu(x), false, true, false],
    ["swish", (x) => swish(x), false, true, false],
    ["mish", mish, false, true, false],
  ];
  it.each(rows)("%s", (_, f, isLinear, isContinuous, isMonotone) => {
    const points = 8001;
    const x = linspace(-8, 8, points);
    const y = f(x).dataSync();
    const gap = 16 / (points - 1);
    const rises = Array.from(y.slice(1), (value, i) => value - y[i]!);
    // No slope here is above 2; a jump is one of at least 1.
    expect(Math.max(...rises.map(Math.abs)) < 2 * gap).toBe(isContinuous);
    // Rounding may turn a flat end down by a few units in the last place.
    expect(rises.every((rise) => rise > -1e-6)).toBe(isMonotone);
    expect(rises.every((rise) => Math.abs(rise - rises[0]!) < 1e-5)).toBe(isLinear);
  });
});

describe("gradients of activations are finite where x is large", () => {
  const BIG = [-3e38, -1e20, -1e6, -100, 100, 1e6, 1e20, 3e38];
  const below = (slope: number, above: number): number[] => BIG.map((x) => (x < 0 ? slope : above));
  const rows: [string, (x: Tensor) => Tensor, number[]][] = [
    ["sigmoid", sigmoid, below(0, 0)],
    ["tanh", tanh, below(0, 0)],
    ["relu6", relu6, below(0, 0)],
    ["leakyRelu", (x) => leakyRelu(x, 0.25), below(0.25, 1)],
    ["elu", (x) => elu(x), below(0, 1)],
    ["selu", selu, below(0, Math.fround(1.0507009873554805))],
    ["gelu", (x) => gelu(x), below(0, 1)],
    ["gelu by tanh", (x) => gelu(x, "tanh"), below(0, 1)],
    ["gelu by sigmoid", (x) => gelu(x, "sigmoid"), below(0, 1)],
    ["silu", (x) => silu(x), below(0, 1)],
    ["softplus", softplus, below(0, 1)],
    ["mish", mish, below(0, 1)],
    ["hardSigmoid", hardSigmoid, below(0, 0)],
    ["softsign", softsign, BIG.map((x) => Math.fround(1 / (1 + Math.abs(x)) ** 2))],
    ["glu", (x) => glu(stack([x, x], -1).reshape([BIG.length, 2])), below(0, 1)],
    ["clip", (x) => clip(x, -1, 1), below(0, 0)],
  ];
  it.each(rows)("%s", (name, f, wanted) => {
    const found = slope(f, BIG);
    found.forEach((value, i) => {
      const close = Math.abs(value - wanted[i]!) <= 1e-6 * Math.abs(wanted[i]!) + 1e-37;
      if (!close) expect.fail(`${name}' at ${BIG[i]} is ${value}, expected ${wanted[i]}`);
    });
  });
});
