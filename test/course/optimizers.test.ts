// The course's optimizers against their recurrences in float64.
import { beforeAll, describe, expect, it } from "vitest";
import { compile, init, sigmoid, tensor, variable, variableGrads, type Tensor, type Variable } from "../../src/engine/index.js";
import { adam, layers, rmsprop, sequential, sgd, train, type Optimizer } from "../../src/nn/index.js";

const { adadelta, adagrad, adamax, adamw, maxprop, nadam } = train;

beforeAll(() => init());

/** Applies given gradients to one variable that starts at (1, −2), in a compiled loop; its values after each step. */
function follow(optimizer: Optimizer, gradients: readonly (readonly [number, number])[]): number[][] {
  const w = variable(tensor([1, -2], undefined, "float32"), { name: "w" });
  const step = compile((g: Tensor) => {
    optimizer.apply([[w, g]]);
    return [];
  });
  return gradients.map((g) => {
    step(tensor([...g], undefined, "float32"));
    return [...w.dataSync()];
  });
}

const GRADIENTS: readonly (readonly [number, number])[] = [[1, -0.5], [2, 0.25], [3, 0], [-1, 4], [0.5, 0.5], [1e-3, -20]];

/** The recurrence, element by element, in float64. */
function recurrence(step: (w: number, g: number, state: { m: number; v: number; a: number }, t: number) => number): number[][] {
  const w = [1, -2];
  const states = w.map(() => ({ m: 0, v: 0, a: 0 }));
  return GRADIENTS.map((g, t) => w.map((_, i) => (w[i] = step(w[i]!, g[i]!, states[i]!, t + 1))));
}

function expectSame(got: number[][], wanted: number[][]): void {
  // Six steps of float32, each adding a few roundings of numbers up to 8: 6 · 4 · 2⁻²² · 2.
  got.forEach((row, t) => row.forEach((x, i) => expect(Math.abs(x - wanted[t]![i]!), `step ${t + 1}: ${x}, not ${wanted[t]![i]}`).toBeLessThan(1.2e-5)));
}

/** A weight's rate and one slot after each gradient. */
function ratesAfter(optimizer: Optimizer, gradients: readonly number[], slot: number): { slot: number; rate: number }[] {
  const w = variable(tensor([0], undefined, "float32"), { name: "w" });
  return gradients.map((g) => {
    optimizer.apply([[w, tensor([g], undefined, "float32")]]);
    return { slot: Number(optimizer.slots[slot]!.dataSync()[0]), rate: Number(optimizer.effectiveLearningRates(w).dataSync()[0]) };
  });
}

/** By digits that are given to seven places. */
function closeTo(got: readonly number[], wanted: readonly number[], within = 1e-6): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((x, i) => expect(Math.abs(x - wanted[i]!), `${i}: ${x}, not ${wanted[i]}`).toBeLessThan(within * Math.max(1, Math.abs(wanted[i]!))));
}

/** One weight on a curve, by its slope: the weights after each of some steps. */
function descend(optimizer: Optimizer, start: number, steps: number, loss: (w: Tensor) => Tensor): number[] {
  const w = variable(tensor([start], undefined, "float32"), { name: "w" });
  const step = compile(() => {
    optimizer.apply(variableGrads(() => loss(w).sum(), [w]).grads);
    return [];
  });
  return Array.from({ length: steps }, () => (step(), Number(w.dataSync()[0])));
}

describe("optimizers", () => {
  it("[O1] gradient descent, w ← w − α·∂L/∂w, falls to the minimum within 1000 iterations", () => {
    const w = variable(tensor([5, -4], undefined, "float32"));
    const optimizer = sgd(0.05);
    const step = compile(() => {
      const { value, grads } = variableGrads(() => w.sub(tensor([1, 2])).square().mul(tensor([1, 3])).sum());
      optimizer.apply(grads);
      return value;
    });
    const values = Array.from({ length: 1000 }, () => step().dataSync()[0]!);
    for (let i = 1; i < 100; i++) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
    // The last bits of w stay, once a step is below half of them.
    w.dataSync().forEach((x, i) => expect(x).toBeCloseTo(i + 1, 5));
    expect(optimizer.iterations).toBe(1000);
  });

  it("[O1] outside of compile() apply does the same", () => {
    const w = variable(tensor([1, -2], undefined, "float32"));
    sgd(0.5).apply([[w, tensor([1, 4], undefined, "float32")]]);
    expect([...w.dataSync()]).toEqual([0.5, -4]);
  });

  /** A model of one weight, and how many updates an epoch of 10 examples takes. */
  const updates = async (batchSize: number): Promise<{ count: number; losses: number[] }> => {
    const model = sequential({ layers: [layers.dense({ units: 1, inputDim: 1 })] });
    model.compile({ optimizer: sgd(0.01), loss: "mse" });
    const x = Array.from({ length: 10 }, (_, i) => [i / 10]);
    const { history } = await model.fit(x, x.map(([value]) => [3 * value! + 1]), { batchSize, epochs: 20 });
    return { count: model.optimizer.iterations / 20, losses: history["loss"]! };
  };

  it("[O5] mini-batches: of 10 examples, 1 at a time makes 10 updates, 10 makes 1, 3 makes 4", async () => {
    expect((await updates(1)).count).toBe(10);
    expect((await updates(10)).count).toBe(1);
    expect((await updates(3)).count).toBe(4);
  });

  it("[O5] every epoch has another order, the same for the same seed; a batch's gradient is the average", async () => {
    const orders: number[][] = [];
    const model = sequential({ seed: 4, layers: [layers.dense({ units: 1, inputDim: 1, kernelInitializer: "zeros", useBias: false })] });
    model.compile({ optimizer: sgd(1), loss: "mse" });
    const x = Array.from({ length: 6 }, (_, i) => [i]);
    const note = (_images: Float32Array, _count: number, { indices }: { indices: Uint32Array }): void => void orders.push([...indices]);
    await model.fit(x, x.map(() => [0]), { batchSize: 6, epochs: 3, augment: note });
    expect(new Set(orders.map(String)).size).toBe(3);
    for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    // L = mean (w·x − 1)², w = 0: the gradient is the average of −2x over the batch, −2 · 2.
    await model.fit([[1], [2], [3]], [[1], [1], [1]], { batchSize: 3 });
    expect(model.weights[0]!.dataSync()[0]).toBe(4);
  });

  it("[O6] batch gradient descent makes 1 update an epoch, along a smooth path", async () => {
    const { count, losses } = await updates(10);
    expect(count).toBe(1);
    for (let i = 1; i < losses.length; i++) expect(losses[i]!).toBeLessThan(losses[i - 1]!);
  });

  it("[O9] momentum: u = Σ βᵗ⁻ⁱ·∇wᵢ, for gradients 1, 2, 3 and β = 0.9 it is 5.61", () => {
    const optimizer = sgd({ learningRate: 1, momentum: 0.9 });
    const w = variable(tensor([0], undefined, "float32"), { name: "w" });
    for (const g of [1, 2, 3]) optimizer.apply([[w, tensor([g], undefined, "float32")]]);
    expect(optimizer.slots.map(({ name }) => name)).toEqual(["optimizer/w/velocity"]);
    expect(optimizer.slots[0]!.dataSync()[0]).toBeCloseTo(-5.61, 6);
    expect(w.dataSync()[0]).toBeCloseTo(-(1 + 2.9 + 5.61), 5);
  });

  it("[O9] momentum and Nesterov's follow their recurrences; β = 0 is gradient descent to the bit", () => {
    const momentum = (w: number, g: number, s: { m: number }): number => w + (s.m = 0.9 * s.m - 0.1 * g);
    const nesterov = (w: number, g: number, s: { m: number }): number => w + 0.9 * (s.m = 0.9 * s.m - 0.1 * g) - 0.1 * g;
    expectSame(follow(sgd({ learningRate: 0.1, momentum: 0.9 }), GRADIENTS), recurrence(momentum));
    expectSame(follow(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }), GRADIENTS), recurrence(nesterov));
    expect(follow(sgd({ learningRate: 0.1, momentum: 0 }), GRADIENTS)).toEqual(follow(sgd(0.1), GRADIENTS));
  });

  it("[O17] RMSProp: v = ρ·v + (1 − ρ)·g², ρ = 0.9; also with momentum and centered", () => {
    type State = { m: number; v: number; a: number };
    const average = (s: State, g: number): void => {
      s.v = 0.9 * s.v + 0.1 * g * g;
      s.a = 0.9 * s.a + 0.1 * g;
    };
    const plain = (w: number, g: number, s: State): number => (average(s, g), w - (0.01 * g) / Math.sqrt(s.v + 1e-7));
    const full = (w: number, g: number, s: State): number => {
      average(s, g);
      s.m = 0.5 * s.m + (0.01 * g) / Math.sqrt(s.v - s.a * s.a + 1e-7);
      return w - s.m;
    };
    expectSame(follow(rmsprop(0.01), GRADIENTS), recurrence(plain));
    expectSame(follow(rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true }), GRADIENTS), recurrence(full));
    expect(rmsprop().config()).toEqual({ learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, epsilonInside: true, centered: false });
  });

  it("[O21] Adam with bias correction: m, v, m̂, v̂ with β 0.9 and 0.999; the first step is the learning rate", () => {
    const step = (w: number, g: number, s: { m: number; v: number }, t: number): number => {
      s.m = 0.9 * s.m + 0.1 * g;
      s.v = 0.999 * s.v + 0.001 * g * g;
      // Keras adds ε to √v before the correction, the paper after it; at ε = 1e-7 they differ by less than 1e-6 here.
      const alpha = (0.01 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      return w - (alpha * s.m) / (Math.sqrt(s.v) + 1e-7);
    };
    const path = follow(adam(0.01), GRADIENTS);
    expectSame(path, recurrence(step));
    expect(path[0]![0]).toBeCloseTo(1 - 0.01, 5);
    expect(adam().config()).toMatchObject({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  });

  it("[O15] AdaGrad: v = v + g², w ← w − η·g / √(v + ε)", () => {
    const step = (w: number, g: number, s: { v: number }): number => w - (0.1 * g) / Math.sqrt((s.v += g * g) + 1e-7);
    expectSame(follow(adagrad({ learningRate: 0.1, initialAccumulatorValue: 0 }), GRADIENTS), recurrence(step));
  });

  it("[O24] Adamax: v = max(β₂·v, |g|); for gradients 1, 0, 1 v is 1, 0.999, 1 and the effective rate 1, 1.001, 1", () => {
    const rates = ratesAfter(adamax({ learningRate: 1, epsilon: 0 }), [1, 0, 1], 1);
    closeTo(rates.map(({ slot }) => slot), [1, 0.999, 1]);
    closeTo(rates.map(({ rate }) => rate), [1, 1 / 0.999, 1]);
  });

  it("[O25] MaxProp: v = max(β·v, |g|); for gradients 1, 0, 0.5 and β = 0.9 v is 1, 0.9, 0.81; w ← w − η·g / (v + ε)", () => {
    const rates = ratesAfter(maxprop({ learningRate: 1, epsilon: 0 }), [1, 0, 0.5], 0);
    closeTo(rates.map(({ slot }) => slot), [1, 0.9, 0.81]);
    closeTo(rates.map(({ rate }) => rate), [1, 1 / 0.9, 1 / 0.81]);
    const step = (w: number, g: number, s: { v: number }): number => w - (0.1 * g) / ((s.v = Math.max(0.9 * s.v, Math.abs(g))) + 1e-7);
    expectSame(follow(maxprop(0.1), GRADIENTS), recurrence(step));
  });

  it("[O26] NAdam, the momentum constant: β₁·m/(1 − β₁ᵗ⁺¹) + (1 − β₁)·g/(1 − β₁ᵗ) over √v̂ + ε", () => {
    const step = (w: number, g: number, s: { m: number; v: number }, t: number): number => {
      s.m = 0.9 * s.m + 0.1 * g;
      s.v = 0.999 * s.v + 0.001 * g * g;
      const top = (0.9 * s.m) / (1 - 0.9 ** (t + 1)) + (0.1 * g) / (1 - 0.9 ** t);
      return w - (0.1 * top) / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-7);
    };
    expectSame(follow(nadam({ learningRate: 0.1, momentumDecay: null }), GRADIENTS), recurrence(step));
  });

  it("[O27] AMSGrad divides by the largest v so far; AdamW shrinks weights beside the step", () => {
    type State = { m: number; v: number; a: number };
    const moments = (s: State, g: number): void => {
      s.m = 0.9 * s.m + 0.1 * g;
      s.v = 0.9 * s.v + 0.1 * g * g;
    };
    const alpha = (t: number): number => (0.1 * Math.sqrt(1 - 0.9 ** t)) / (1 - 0.9 ** t);
    const amsgrad = (w: number, g: number, s: State, t: number): number => (moments(s, g), w - (alpha(t) * s.m) / (Math.sqrt((s.a = Math.max(s.a, s.v))) + 1e-7));
    const decayed = (w: number, g: number, s: State, t: number): number => (moments(s, g), w * (1 - 0.1 * 0.05) - (alpha(t) * s.m) / (Math.sqrt(s.v) + 1e-7));
    expectSame(follow(adam({ learningRate: 0.1, beta2: 0.9, amsgrad: true }), GRADIENTS), recurrence(amsgrad));
    expectSame(follow(adamw({ learningRate: 0.1, beta2: 0.9, weightDecay: 0.05 }), GRADIENTS), recurrence(decayed));
  });

  it("a changing learning rate needs no new trace", () => {
    let traces = 0;
    const optimizer = sgd(1);
    const w: Variable = variable(tensor([0], undefined, "float32"));
    const step = compile((g: Tensor) => {
      traces++;
      optimizer.apply([[w, g]]);
      return [];
    });
    for (const rate of [1, 0.5, 0.25]) {
      optimizer.learningRate = rate;
      step(tensor([1], undefined, "float32"));
    }
    expect(w.dataSync()[0]).toBe(-1.75);
    expect(traces).toBe(1);
  });

  it("a gradient that is not finite leaves variables, slots and step count as they were", () => {
    const optimizer = adam(0.1);
    const a = variable(tensor([1], undefined, "float32"), { name: "a" });
    const b = variable(tensor([1], undefined, "float32"), { name: "b" });
    const apply = (x: number, y: number): void => optimizer.apply([[a, tensor([x], undefined, "float32")], [b, tensor([y], undefined, "float32")]]);
    apply(1, 1);
    const before = [a, b, ...optimizer.slots].map((v) => v.dataSync()[0]);
    expect(() => apply(1, NaN)).toThrow("the gradient of b is not finite at element 0");
    expect([a, b, ...optimizer.slots].map((v) => v.dataSync()[0])).toEqual(before);
    expect(optimizer.iterations).toBe(1);
  });
});

describe("learning rates", () => {
  const curve = (w: Tensor): Tensor => w.square().mul(2.25);
  const path = (rate: number, steps: number): number[] => descend(sgd(rate), 1, steps, curve);

  it("[O2] too small, right, too large: every step multiplies the weight by 1 − 4.5·α", () => {
    for (const rate of [0.05, 0.3, 0.43, 0.45]) path(rate, 8).forEach((w, t) => expect(Math.abs(w - (1 - 4.5 * rate) ** (t + 1))).toBeLessThan(2e-6));
    expect(Math.abs(path(0.05, 20).at(-1)!)).toBeGreaterThan(5e-3);
    expect(Math.abs(path(1 / 4.5, 1)[0]!)).toBeLessThan(1e-7);
    expect(Math.abs(path(0.444, 2000).at(-1)!)).toBeLessThan(0.05);
    expect(Math.abs(path(0.445, 2000).at(-1)!)).toBeGreaterThan(20);
  });

  it("[O3] a step is the slope times the rate, so steps shrink near the minimum", () => {
    const weights = [1, ...path(0.1, 20)];
    const steps = weights.slice(1).map((w, i) => Math.abs(w - weights[i]!));
    steps.forEach((step, i) => expect(Math.abs(step - 0.1 * 4.5 * weights[i]!)).toBeLessThan(1e-7));
    for (let i = 1; i < steps.length; i++) expect(steps[i]!).toBeLessThan(steps[i - 1]!);
  });

  it("[O16] AdaGrad's effective rate falls faster for a dense feature than for a sparse one, over 100 iterations", () => {
    const optimizer = adagrad({ learningRate: 0.1, initialAccumulatorValue: 0.01 });
    const w = variable(tensor([0, 0], undefined, "float32"), { name: "w" });
    const rates = Array.from({ length: 100 }, (_, t) => {
      optimizer.apply([[w, tensor([1, t % 10 === 0 ? 1 : 0], undefined, "float32")]]);
      return [...optimizer.effectiveLearningRates(w).dataSync()] as [number, number];
    });
    rates.forEach(([dense, sparse], t) => {
      closeTo([dense, sparse], [0.1 / Math.sqrt(t + 1.01), 0.1 / Math.sqrt(Math.floor(t / 10) + 1.01)]);
      if (t > 0) expect(dense).toBeLessThan(sparse);
    });
    expect(rates[99]![1] / rates[99]![0]).toBeGreaterThan(3);
  });

  it("[O18] RMSProp oscillates when its rate stays large; a smaller one cures it", () => {
    const tail = (rate: number): number[] => descend(rmsprop(rate), 1, 400, (w) => w.square().mul(0.5)).slice(-50);
    const turns = (ws: readonly number[]): number => ws.filter((w, i) => i > 0 && w * ws[i - 1]! < 0).length;
    expect(turns(tail(0.5))).toBeGreaterThan(40);
    expect(Math.max(...tail(0.5).map(Math.abs))).toBeGreaterThan(0.1);
    expect(Math.max(...tail(0.005).map(Math.abs))).toBeLessThan(0.005);
  });

  it("[O19] the effective rate η₀/√v for v = 1.25 and 0.1, η₀ = 0.6 and 0.1", () => {
    const rates = [0.6, 0.1].flatMap((rate) => {
      const optimizer = rmsprop({ learningRate: rate, epsilon: 0 });
      const w = variable(tensor([0, 0], undefined, "float32"), { name: "w" });
      optimizer.build([w]);
      optimizer.slots[0]!.store(Float32Array.of(1.25, 0.1));
      optimizer.iterations = 1;
      return [...optimizer.effectiveLearningRates(w).dataSync()].map(Number);
    });
    closeTo(rates, [0.5366567, 1.8973666, 0.0894427, 0.3162278]);
  });

  it("[O20] AdaDelta on w²/2 from 1, β = 0.9, ε = 1e-6: 0.9968377, 0.9935982, 0.9903091", () => {
    closeTo(descend(adadelta({ learningRate: 1, rho: 0.9, epsilon: 1e-6 }), 1, 3, (w) => w.square().mul(0.5)), [0.9968377, 0.9935982, 0.9903091], 2e-7);
  });

  it("[O22] Adam's v for gradients 1 and 0 is 0.001 and 0.000999; the effective rate 1 and 1.41457", () => {
    const rates = ratesAfter(adam({ learningRate: 1, epsilon: 0 }), [1, 0], 1);
    closeTo(rates.map(({ slot }) => slot), [0.001, 0.000999], 1e-9);
    closeTo(rates.map(({ rate }) => rate), [1, 1.41457], 1e-5);
  });

  it("[O23] Adam converges without its bias correction too; its first step is then (1 − β₁)/√(1 − β₂) = 3.16 times as long", () => {
    const paths = [true, false].map((biasCorrection) => descend(adam({ learningRate: 0.01, biasCorrection }), 1, 1500, (w) => w.square().mul(0.5)));
    closeTo(paths.map((ws) => 1 - ws[0]!), [0.01, 0.0316228], 1e-6);
    for (const ws of paths) expect(Math.abs(ws.at(-1)!)).toBeLessThan(1e-3);
  });
});

/** Two points and a sigmoid neuron: the course's toy. [w, b] and the loss ½·Σ(ŷ − y)². */
const [POINTS, TARGETS] = [[0.5, 2.5], [0.2, 0.9]];
const toy = (p: Tensor): Tensor => sigmoid(tensor(POINTS).mul(p.slice([0], [1])).add(p.slice([1], [1]))).sub(tensor(TARGETS)).square().sum().mul(0.5);
const toyLoss = (w: number, b: number): number => 0.5 * POINTS.reduce((sum, x, i) => sum + (1 / (1 + Math.exp(-(w * x + b))) - TARGETS[i]!) ** 2, 0);

/** (w, b) after each epoch from (−2, −2); `at` maps parameters and velocity to the point that counts. */
function toyPath(optimizer: Optimizer, epochs: number, at: (p: number, v: number) => number = (p) => p): [number, number][] {
  const p = variable(tensor([-2, -2], undefined, "float32"), { name: "p" });
  const step = compile(() => {
    optimizer.apply(variableGrads(() => toy(p), [p]).grads);
    return [];
  });
  return Array.from({ length: epochs }, () => {
    step();
    const velocity = optimizer.slots[0]?.dataSync() ?? [0, 0];
    const [w, b] = [...p.dataSync()].map((x, i) => at(x, Number(velocity[i])));
    return [w!, b!];
  });
}

const until = (path: readonly [number, number][]): number => path.findIndex(([w, b]) => toyLoss(w, b) < 1e-3) + 1;

/** The point that Nesterov's momentum has reached: Keras' weights are the point ahead of it, by momentum · velocity. */
const reached = (p: number, v: number): number => p - 0.9 * v;

describe("the toy program", () => {
  it("[O8] gradient descent, η = 1, 1000 epochs: the digits of the course", () => {
    const path = toyPath(sgd(1), 1000);
    expect(toyLoss(-2, -2)).toBeCloseTo(0.4158199, 6);
    for (const [epoch, w, b] of [[1, -1.9945077, -1.9922888], [10, -1.9418945, -1.9200054], [100, 1.0029902, -1.0507859]] as const) closeTo(path[epoch - 1]!, [w, b], 3e-6);
    expect(toyLoss(...path[99]!)).toBeCloseTo(0.017741, 6);
    closeTo(path[999]!, [1.79172, -2.28212], 2e-5);
    // Of residuals near 5e-6 the last bits of float32 sigmoids, 6e-8, are a hundredth.
    expect(Math.abs(toyLoss(...path[999]!) / 2.43e-11 - 1)).toBeLessThan(0.1);
  });

  it("[O10] epochs to a loss below 1e-3: gradient descent 183; momentum 0.1: 165, 0.5: 93, 0.9: 148, 0.99: never; Nesterov 0.9: 31", () => {
    const momentum = (beta: number): number => until(toyPath(sgd(1, beta), 1000));
    expect([until(toyPath(sgd(1), 1000)), momentum(0.1), momentum(0.5), momentum(0.9)]).toEqual([183, 165, 93, 148]);
    const stuck = toyPath(sgd(1, 0.99), 1000);
    expect(until(stuck)).toBe(0);
    expect(toyLoss(...stuck[999]!)).toBeCloseTo(0.025, 3);
    expect(until(toyPath(sgd(1, 0.9, true), 1000, reached))).toBe(31);
  });

  it("[O12] Nesterov: u = β·u + ∇(w − β·u), w ← w − η·u, the look-ahead without the rate", () => {
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: "unscaled" });
    const ahead = variable(tensor([0.5], undefined, "float32"), { name: "w" });
    const step = compile(() => {
      optimizer.apply(variableGrads(() => ahead.square().mul(ahead.mul(0.1).add(0.5)).sum(), [ahead]).grads);
      return [];
    });
    // w³/10 + w²/2.
    const slope = (x: number): number => 0.3 * x * x + x;
    let [w, u] = [0.5, 0];
    for (let t = 0; t < 6; t++) {
      u = 0.9 * u + slope(w - 0.9 * u);
      w -= 0.1 * u;
      step();
      closeTo([ahead.dataSync()[0] as number, optimizer.slots[0]!.dataSync()[0] as number], [w - 0.9 * u, u], 1e-5);
    }
  });

  it("[O13] one look-ahead by hand: from x = 0.5, y = 1, β = 0.9, u = 0.8, w = 2.5, b = 0", () => {
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: "unscaled" });
    const p = variable(tensor([2.5 - 0.72, -0.72], undefined, "float32"), { name: "p" });
    optimizer.build([p]);
    optimizer.slots[0]!.store(Float32Array.of(0.8, 0.8));
    const guess = (): Tensor => sigmoid(p.slice([0], [1]).mul(0.5).add(p.slice([1], [1])));
    closeTo([...guess().dataSync()].map(Number), [0.5423979]);
    const { grads } = variableGrads(() => guess().sub(1).square().sum().mul(0.5), [p]);
    closeTo([...grads.get(p)!.dataSync()].map(Number), [-0.056789, -0.1135779]);
    optimizer.apply(grads);
    const [w, u] = [p, optimizer.slots[0]!].map((x) => Number(x.dataSync()[0]));
    closeTo([w! + 0.9 * u!], [2.4336789]);
  });

  it("[O14] overshoot and u-turns: Nesterov's momentum turns back less often, and less far beyond the minimum", () => {
    const turns = (path: readonly [number, number][]): number => path.filter(([w], i) => i > 1 && (w - path[i - 1]![0]) * (path[i - 1]![0] - path[i - 2]![0]) < 0).length;
    const [plain, nesterov] = [toyPath(sgd(1, 0.9), 300), toyPath(sgd(1, 0.9, true), 300, reached)];
    expect(turns(nesterov)).toBeLessThan(turns(plain));
    const beyond = (path: readonly [number, number][]): number => Math.max(...path.map(([w]) => w)) - 1.7917595;
    expect(beyond(nesterov)).toBeLessThan(beyond(plain));
  });

  it("[O28] a race on the toy, 300 epochs: every method lowers the loss; RMSProp's effective rate falls to its own, AdaDelta's finds one and rises", () => {
    const racers: Record<string, () => Optimizer> = {
      gd: () => sgd(1), momentum: () => sgd(1, 0.9), nesterov: () => sgd(1, 0.9, true), adagrad: () => adagrad(0.5), rmsprop: () => rmsprop(0.05), adam: () => adam(0.2),
    }; // prettier-ignore
    for (const [name, make] of Object.entries(racers)) expect(toyLoss(...toyPath(make(), 300).at(-1)!), name).toBeLessThan(0.01);
    const rates = (optimizer: Optimizer): number[] => ratesAfter(optimizer, new Array<number>(400).fill(1), 0).map(({ rate }) => rate);
    const [delta, rms] = [rates(adadelta({ learningRate: 1, epsilon: 1e-6 })), rates(rmsprop(0.01))];
    for (let t = 1; t < 400; t++) expect(rms[t]!).toBeLessThanOrEqual(rms[t - 1]!);
    expect(rms[399]!).toBeCloseTo(0.01, 6);
    const least = Math.min(...delta);
    expect(delta[0]!).toBeGreaterThan(1.2 * least);
    expect(delta[399]!).toBeGreaterThan(1.2 * least);
  });
});

describe("batch, mini-batch, stochastic", () => {
  const COUNT = 64;
  const xs = Array.from({ length: COUNT }, (_, i) => (i - 31.5) / 16);
  // No line parts them: one label in eight is wrong, so the loss has its minimum at finite weights.
  const ys = xs.map((x, i) => (x > 0 !== (i % 8 === 3) ? 1 : 0));
  const lossOf = (w: number, b: number): number => xs.reduce((sum, x, i) => sum + Math.log(1 + Math.exp(-(2 * ys[i]! - 1) * (w * x + b))), 0) / COUNT;

  /** Loss over all examples after each epoch. */
  async function losses(batchSize: number, learningRate: number, epochs: number): Promise<{ updates: number; values: number[]; seconds: number; accuracy: number }> {
    const model = sequential({ seed: 3, layers: [layers.dense({ units: 1, activation: "sigmoid", inputDim: 1, kernelInitializer: "zeros" })] });
    model.compile({ optimizer: sgd(learningRate), loss: "binaryCrossentropy", metrics: ["accuracy"] });
    const values: number[] = [];
    const now = (): number => lossOf(...(model.weights.map((weight) => Number(weight.dataSync()[0])) as [number, number]));
    const [x, y] = [xs.map((value) => [value]), ys.map((value) => [value])];
    const start = performance.now();
    await model.fit(x, y, { batchSize, epochs, callbacks: { onEpochEnd: () => void values.push(now()) } });
    const seconds = (performance.now() - start) / 1000;
    return { updates: model.optimizer.iterations / epochs, values, seconds, accuracy: (await model.evaluate(x, y))["accuracy"]! };
  }

  it("[O4] [O30] on a convex loss batch gradient descent reaches the minimum; one example at a time makes N updates an epoch and hovers", async () => {
    const batch = await losses(COUNT, 1, 300);
    const single = await losses(1, 0.5, 30);
    expect([batch.updates, single.updates]).toEqual([1, COUNT]);
    for (let i = 1; i < batch.values.length; i++) expect(batch.values[i]!).toBeLessThanOrEqual(batch.values[i - 1]! + 1e-7);
    const least = Math.min(...batch.values);
    expect(batch.values.at(-1)! - batch.values.at(-50)!).toBeGreaterThan(-1e-6);
    const tail = single.values.slice(-20);
    expect(tail.reduce((a, b) => a + b) / tail.length).toBeGreaterThan(least + 1e-2);
    expect(tail.some((loss, i) => i > 0 && loss > tail[i - 1]!)).toBe(true);
  });

  it("[O7] measured: of the three, batch gradient descent ends lowest and needs most passes; single examples are the reverse", async () => {
    const rows = { batch: await losses(COUNT, 1, 100), mini: await losses(8, 0.5, 100), stochastic: await losses(1, 0.5, 100) };
    console.log(Object.entries(rows).map(([name, { accuracy, values, seconds }]) => `${name.padEnd(11)}accuracy ${accuracy.toFixed(3)}  loss ${values.at(-1)!.toFixed(4)}  ${seconds.toFixed(2)} s`).join("\n"));
    const least = Math.min(...rows.batch.values);
    const passes = ({ values }: { values: number[] }): number => values.findIndex((loss) => loss < 1.15 * least);
    expect(passes(rows.batch)).toBeGreaterThan(passes(rows.mini));
    expect(passes(rows.mini)).toBeGreaterThanOrEqual(passes(rows.stochastic));
    const worst = ({ values }: { values: number[] }): number => Math.max(...values.slice(-20));
    expect(worst(rows.batch)).toBeLessThan(worst(rows.mini));
    expect(worst(rows.mini)).toBeLessThan(worst(rows.stochastic));
  });
});
