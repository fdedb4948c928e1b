// The course's optimizers against their recurrences in float64.
import { beforeAll, describe, expect, it } from "vitest";
import { compile, init, tensor, variable, variableGrads, type Tensor, type Variable } from "../../src/engine/index.js";
import { adam, layers, rmsprop, sequential, sgd, type Optimizer } from "../../src/nn/index.js";

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
