// The course's backpropagation by hand, its way of finding gradients one weight at a time, Taylor's approximations and the Hessian, against the engine's.
import { beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { compile, grad, hessian, init, matmul, mean, mul, neg, perExampleGrads, sigmoid, softmax, square, sub, sum, tensor, variable, variableGrads, type Tensor, type Variable } from "../../src/engine/index.js";
import { layers, losses, sequential, sgd } from "../../src/nn/index.js";

beforeAll(() => init());

const random = createRandom(7);
const drawn = (rows: number, columns: number): number[][] => Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
const float = (x: Tensor): number[] => [...x.dataSync()];
const largest = (values: Iterable<number>): number => Math.max(...[...values].map(Math.abs));
/** What float32 makes of sums of a few dozen terms of size 1. */
const CLOSE = 2e-6;

type Matrix = readonly (readonly number[])[];
const times = (a: Matrix, x: readonly number[]): number[] => a.map((row) => row.reduce((total, value, i) => total + value * x[i]!, 0));
const timesTurned = (a: Matrix, x: readonly number[]): number[] => a[0]!.map((_, j) => a.reduce((total, row, i) => total + row[j]! * x[i]!, 0));
const outer = (a: readonly number[], b: readonly number[]): number[] => a.flatMap((x) => b.map((y) => x * y));
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

describe("backpropagation", () => {
  test("[G9] trying one weight after the other takes P + 1 forward passes where backpropagation takes one of each, and gives the same gradient", () => {
    const weights = [variable(drawn(2, 3)), variable(drawn(1, 3)), variable(drawn(3, 1)), variable(drawn(1, 1))] as const;
    const [x, y] = [tensor(drawn(8, 2)), tensor(drawn(8, 1))];
    let passes = 0;
    const [w1, b1, w2, b2] = weights;
    const network = (): Tensor => mean(square(sub(matmul(sigmoid(matmul(x, w1).add(b1)), w2).add(b2), y)));
    const forward = compile(network);
    const loss = (): number => (passes++, forward().dataSync()[0]!);

    const before = loss();
    const STEP = 2 ** -7;
    const tried = weights.flatMap((weight) =>
      Array.from(weight.dataSync(), (value, i) => {
        const moved = Float32Array.from(weight.dataSync());
        moved[i] = value + STEP;
        weight.assign(tensor(moved, weight.shape));
        const slope = (loss() - before) / STEP;
        moved[i] = value;
        weight.assign(tensor(moved, weight.shape));
        return slope;
      }),
    );
    const { grads } = variableGrads(network, [...weights]);
    const exact = weights.flatMap((weight) => float(grads.get(weight)!));
    expect(passes).toBe(exact.length + 1);
    expect(passes).toBe(14);
    // The first difference is off by half the step times the second derivative, which is of size 1 here.
    expect(largest(tried.map((slope, i) => slope - exact[i]!))).toBeLessThan(STEP);
    expect(largest(exact)).toBeGreaterThan(0.1);
  });

  test("[G13] softmax and cross-entropy over 3-3-3-2: all gradients are those of the hand formulas", () => {
    const [W1, W2, W3] = [drawn(3, 3), drawn(3, 3), drawn(2, 3)];
    const [b1, b2, b3] = [drawn(1, 3)[0]!, drawn(1, 3)[0]!, drawn(1, 2)[0]!];
    const [x, label] = [drawn(1, 3)[0]!, 1];
    const variables = [W1, b1, W2, b2, W3, b3].map((value) => variable(value));
    const layer = (input: Tensor, W: Variable, b: Variable): Tensor => matmul(W, input).add(b.reshape([b.shape[0]!, 1]));
    const [vW1, vb1, vW2, vb2, vW3, vb3] = variables as [Variable, Variable, Variable, Variable, Variable, Variable];
    const { grads } = variableGrads(() => {
      const h = sigmoid(layer(sigmoid(layer(tensor(x, [3, 1], "float32"), vW1, vb1)), vW2, vb2));
      return neg(softmax(layer(h, vW3, vb3).reshape([2])).slice(`${label}`).log()).sum();
    }, variables);

    const a1 = times(W1, x).map((z, i) => z + b1[i]!);
    const h1 = a1.map(logistic);
    const a2 = times(W2, h1).map((z, i) => z + b2[i]!);
    const h2 = a2.map(logistic);
    const a3 = times(W3, h2).map((z, i) => z + b3[i]!);
    const total = a3.reduce((s, z) => s + Math.exp(z), 0);
    const d3 = a3.map((z, i) => Math.exp(z) / total - Number(i === label));
    const back = (W: Matrix, d: readonly number[], h: readonly number[]): number[] => timesTurned(W, d).map((g, i) => g * h[i]! * (1 - h[i]!));
    const d2 = back(W3, d3, h2);
    const d1 = back(W2, d2, h1);
    const hand = [outer(d1, x), d1, outer(d2, h1), d2, outer(d3, h2), d3];
    hand.forEach((expected, i) => expect(largest(expected.map((value, k) => value - float(grads.get(variables[i]!)!)[k]!))).toBeLessThan(CLOSE));
  });

  test("[G15] over a batch, dZ = (P − Y) / m, and the gradient is the mean of those of its examples", () => {
    const [X, W, b] = [drawn(6, 4), variable(drawn(4, 3)), variable(drawn(1, 3)[0]!)];
    const Y = X.map((_, i) => [0, 1, 2].map((k) => Number(k === i % 3)));
    const logits = (x: Tensor): Tensor => matmul(x, W).add(b);
    const loss = (x: Tensor, y: Tensor): Tensor => mean(losses.categoricalCrossentropy(y, logits(x), { fromLogits: true }));
    const batch = variableGrads(() => loss(tensor(X), tensor(Y)), [W, b]).grads;

    const P = softmax(logits(tensor(X)));
    const dZ = sub(P, tensor(Y)).div(X.length);
    const byHand = [matmul(tensor(X).transpose(), dZ), sum(dZ, { axes: [0] })];
    const means = [W, b].map((weight) => {
      const each = X.map((x, i) => float(variableGrads(() => loss(tensor([x]), tensor([Y[i]!])), [W, b]).grads.get(weight)!));
      return each[0]!.map((_, k) => each.reduce((total, values) => total + values[k]!, 0) / X.length);
    });
    [W, b].forEach((weight, i) => {
      const whole = float(batch.get(weight)!);
      expect(largest(whole.map((value, k) => value - float(byHand[i]!)[k]!))).toBeLessThan(CLOSE);
      expect(largest(whole.map((value, k) => value - means[i]![k]!))).toBeLessThan(CLOSE);
    });
  });

  test("[G17] 784-16-16-10 has 13,002 parameters; every example pulls at all of them, and their mean is the batch's gradient", () => {
    const model = sequential({
      seed: 3,
      layers: [layers.dense({ units: 16, activation: "sigmoid", inputShape: [784] }), layers.dense({ units: 16, activation: "sigmoid" }), layers.dense({ units: 10, activation: "sigmoid" })],
    });
    expect(model.countParams()).toBe(13_002);
    const x = tensor(drawn(5, 784)).mul(0.1);
    const y = tensor([0, 1, 2, 3, 4].map((k) => Array.from({ length: 10 }, (_, i) => Number(i === k))));
    const cost = (input: Tensor, wanted: Tensor): Tensor => sum(square(sub(model.apply(input), wanted)));
    const each = perExampleGrads((a, b) => cost(a!.reshape([1, 784]), b!.reshape([1, 10])), [x, y], model.weights);
    const whole = variableGrads(() => cost(x, y).div(5), model.weights).grads;
    let pulled = 0;
    for (const weight of model.weights) {
      expect(each.get(weight)!.shape).toEqual([5, ...weight.shape]);
      const averaged = float(mean(each.get(weight)!, { axes: [0] }));
      pulled += averaged.length;
      expect(largest(float(whole.get(weight)!).map((value, i) => value - averaged[i]!))).toBeLessThan(CLOSE);
    }
    expect(pulled).toBe(13_002);
  });
});

/** The course's toy: a sigmoid neuron with a weight and a bias on two points, half the squared error. */
const X = [0.5, 2.5];
const Y = [0.2, 0.9];
const toy = (theta: Tensor): Tensor => {
  const z = mul(tensor(X), theta.slice("0")).add(theta.slice("1"));
  return sum(square(sub(sigmoid(z), tensor(Y)))).mul(0.5);
};
const toyAt = (w: number, b: number): number => X.reduce((total, x, i) => total + 0.5 * (logistic(w * x + b) - Y[i]!) ** 2, 0);

/** The toy's gradient and second derivatives, written out in float64. */
function toyDerivatives(w: number, b: number): { gradient: [number, number]; second: number[] } {
  const gradient: [number, number] = [0, 0];
  const second = [0, 0, 0, 0];
  X.forEach((x, i) => {
    const f = logistic(w * x + b);
    const slope = f * (1 - f);
    const first = (f - Y[i]!) * slope;
    const bend = slope * slope + (f - Y[i]!) * slope * (1 - 2 * f);
    gradient[0] += first * x;
    gradient[1] += first;
    [x * x, x, x, 1].forEach((factor, k) => (second[k]! += bend * factor));
  });
  return { gradient, second };
}

describe("the loss around a point", () => {
  const POINTS = [[-0.5, 0.3], [-2, -2], [1.5, -2]] as const;

  test("[G23] the Hessian of the toy's loss is the one written out in float64", () => {
    for (const [w, b] of POINTS) {
      const found = hessian(toy)(tensor([w, b], undefined, "float32"));
      expect(found.shape).toEqual([2, 2]);
      expect(largest(float(found).map((value, k) => value - toyDerivatives(w, b).second[k]!))).toBeLessThan(CLOSE);
    }
  });

  test("[G21] Taylor: errors of the linear and quadratic approximation shrink 4 and 8 times when the step is halved", () => {
    const [w, b] = POINTS[0];
    const [u, v] = [0.6, -0.8];
    const point = tensor([w, b]);
    const [g, H] = [float(grad(toy)(point)), float(hessian(toy)(point))];
    const errors = (step: number): [linear: number, quadratic: number] => {
      const exact = toyAt(w + step * u, b + step * v);
      const linear = toyAt(w, b) + step * (u * g[0]! + v * g[1]!);
      return [exact - linear, exact - linear - 0.5 * step ** 2 * (u * (H[0]! * u + H[1]! * v) + v * (H[2]! * u + H[3]! * v))];
    };
    const [at4, at2, at1] = [errors(0.4), errors(0.2), errors(0.1)];
    // The derivatives are float32, so the errors are off by some 1e-8.
    expect(at4[0]).toBeCloseTo(9.85e-4, 6);
    expect(at4[1]).toBeCloseTo(3.56e-4, 6);
    expect(at1[0]).toBeCloseTo(4.48e-5, 7);
    expect(at1[1]).toBeCloseTo(5.49e-6, 7);
    for (const [far, near] of [[at4, at2], [at2, at1]] as const) {
      expect(far[0] / near[0]).toBeGreaterThan(3.9);
      expect(far[0] / near[0]).toBeLessThan(5.1);
      expect(far[1] / near[1]).toBeGreaterThan(7.5);
      expect(far[1] / near[1]).toBeLessThan(8.5);
    }
  });

  test("[G22] no direction of length 1 lowers the linear term more than −∇ / |∇|", () => {
    for (const [w, b] of POINTS) {
      const g = float(grad(toy)(tensor([w, b], undefined, "float32")));
      const length = Math.hypot(...g);
      const steepest = (-g[0]! * g[0]! - g[1]! * g[1]!) / length;
      expect(steepest).toBeCloseTo(-length, 12);
      for (let i = 0; i < 1000; i++) {
        const angle = random.uniform(0, 2 * Math.PI);
        expect(Math.cos(angle) * g[0]! + Math.sin(angle) * g[1]!).toBeGreaterThanOrEqual(steepest * (1 + 1e-12));
      }
    }
  });
});

describe("a sigmoid neuron", () => {
  /** Half the squared error over points, and its gradient for weight and bias. */
  function neuron(w0: number, b0: number) {
    const [w, b] = [variable(w0, { name: "w" }), variable(b0, { name: "b" })];
    const output = (x: Tensor): Tensor => sigmoid(mul(w, x).add(b));
    const loss = (x: readonly number[], y: readonly number[]): Tensor => sum(square(sub(output(tensor(x, undefined, "float32")), tensor(y, undefined, "float32")))).mul(0.5);
    const gradient = (x: readonly number[], y: readonly number[]): number[] => {
      const { grads } = variableGrads(() => loss(x, y), [w, b]);
      return [w, b].map((weight) => grads.get(weight)!.dataSync()[0]!);
    };
    const learn = (x: number, y: number, rate: number): void => void sgd({ learningRate: rate }).apply(variableGrads(() => loss([x], [y]), [w, b]).grads);
    const now = (): number[] => [w, b].map((weight) => weight.dataSync()[0]!);
    return { output: (x: number) => output(tensor([x], undefined, "float32")).dataSync()[0]!, loss: (x: number, y: number) => loss([x], [y]).dataSync()[0]!, gradient, learn, now };
  }

  test("[G18] its gradient is Σ(f − y)f(1 − f)x for the weight, without x for the bias; 0 for the weight where x is 0", () => {
    const [xs, ys] = [[0.5, 2.5, -1], [0.2, 0.9, 0.4]];
    const found = neuron(0.3, -0.2).gradient(xs, ys);
    const parts = xs.map((x, i) => {
      const f = logistic(0.3 * x - 0.2);
      return (f - ys[i]!) * f * (1 - f);
    });
    expect(found[0]).toBeCloseTo(parts.reduce((total, part, i) => total + part * xs[i]!, 0), 6);
    expect(found[1]).toBeCloseTo(parts.reduce((total, part) => total + part, 0), 6);
    expect(neuron(0.3, -0.2).gradient([0], [1])[0]).toBe(0);
  });

  test("[G19] (x, y, w, b, η) = (0, 1, 2, 1, 10): .7310586, then b = 1.5287709 and a loss of .0158729", () => {
    const one = neuron(2, 1);
    expect(one.output(0)).toBeCloseTo(0.7310586, 6);
    one.learn(0, 1, 10);
    expect(one.now()[0]).toBe(2);
    expect(one.now()[1]).toBeCloseTo(1.5287709, 5);
    expect(one.loss(0, 1)).toBeCloseTo(0.0158729, 6);
  });

  test("[G20] (10, 1, .1, .1, 1): .7502601, then w = .5679373 and b = .1467937, together .7147311", () => {
    const one = neuron(0.1, 0.1);
    expect(one.output(10)).toBeCloseTo(0.7502601, 6);
    one.learn(10, 1, 1);
    const [w, b] = one.now();
    expect(w).toBeCloseTo(0.5679373, 6);
    expect(b).toBeCloseTo(0.1467937, 6);
    expect(w! + b!).toBeCloseTo(0.7147311, 6);
  });
});
