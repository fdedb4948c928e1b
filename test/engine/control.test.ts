// Branches and loops inside a program: values and gradients against JavaScript's own control flow, unrolled; sizes that do not grow with the rounds.
import { beforeAll, describe, expect, test } from "vitest";
import {
  add, compile, cond, cos, exp, grad, init, less, log, matmul, mean, mul, scan, sigmoid, sin, square, sub, sum, tanh, tensor, valueAndGrads, variable, variableGrads, whileLoop, type Tensor,
} from "../../src/engine/index.js"; // prettier-ignore
import { kernelSteps } from "../../src/program/walk.js";

beforeAll(() => init());

const floats = (n: number, f: (i: number) => number): Float32Array => Float32Array.from({ length: n }, (_, i) => f(i));
const list = (x: Tensor): number[] => [...x.dataSync()];
const near = (got: Tensor, expected: readonly number[], bound = 1e-5): void => {
  const data = list(got);
  expect(data.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(data[i]! - value), `element ${i}: ${data[i]}, expected ${value}`).toBeLessThan(bound * Math.max(1, Math.abs(value))));
};

describe("cond", () => {
  test("computes the way that the value chooses, in one program", () => {
    const f = compile((x: Tensor) => cond(less(sum(x), 0), () => x.neg(), () => x.mul(10)));
    expect(list(f([1, 2]))).toEqual([10, 20]);
    expect(list(f([-1, -2]))).toEqual([1, 2]);
    expect(list(f([-5, 2]))).toEqual([5, -2]);
    const { steps } = f.programFor([1, 2]);
    expect(steps.filter(({ kind }) => kind === "branch")).toHaveLength(1);
  });

  test("runs only the chosen way: an index out of range in the other one is no error", () => {
    expect(list(cond(true, () => tensor([1, 2]), () => tensor([3, 4])))).toEqual([1, 2]);
  });

  test("has gradients, for what each way reads, and second ones", () => {
    const f = (x: Tensor): Tensor => cond(less(sum(x), 0), () => sum(square(x)), () => sum(exp(x)));
    near(grad(f)([1, 0.5]), [Math.E, Math.exp(0.5)]);
    near(grad(f)([-1, 0.5]), [-2, 1]);
    near(grad((x) => sum(mul(grad(f)(x), [1, 2])))([1, 0.5]), [Math.E, 2 * Math.exp(0.5)]);
    near(grad((x) => sum(mul(grad(f)(x), [1, 2])))([-1, 0.5]), [2, 4]);
  });

  test("variables that one way reads get gradients, zero where the other one ran", () => {
    const [a, b] = [variable(2, { name: "a" }), variable(3, { name: "b" })];
    const step = compile((x: Tensor) => {
      const { value, grads } = variableGrads(() => cond(less(x, 0), () => mul(x, a), () => mul(square(x), b)), [a, b]);
      return [value, grads.get(a)!, grads.get(b)!];
    });
    expect(step(-1).map((t) => list(t)[0])).toEqual([-2, -1, 0]);
    expect(step(4).map((t) => list(t)[0])).toEqual([48, 0, 16]);
  });

  test("returns what its functions return: lists and records", () => {
    const f = (x: Tensor) => cond(less(x, 0), () => ({ low: x, high: mul(x, 0) }), () => ({ low: mul(x, 0), high: x }));
    const { low, high } = f(tensor(5, [], "float32"));
    expect([list(low), list(high)]).toEqual([[0], [5]]);
  });

  test("names the result on which the ways disagree", () => {
    const x = tensor([1, 2], undefined, "float32");
    expect(() => cond(true, () => x, () => sum(x))).toThrow(/cond: tensor 0 is \[2\] in the first function, \[\] in the second/);
    expect(() => cond(true, () => x, () => x.cast("int32"))).toThrow(/cond: tensor 0 is float32 in the first function, int32 in the second. Cast it/);
    expect(() => cond(x, () => x, () => x)).toThrow(/cond: the condition must be one number, got \[2\]/);
    expect(() => cond(true, () => tensor(mul(x, 2).dataSync()), () => x)).toThrow(/a value was read inside a function of cond, scan or whileLoop/);
  });
});

describe("scan", () => {
  const xs = tensor(floats(12, (i) => Math.sin(i + 1)), [4, 3]);

  test("a running sum is a running sum, from either end", () => {
    const [last, sums] = scan((carry, x) => [add(carry, x), add(carry, x)], tensor([0, 0, 0], undefined, "float32"), xs);
    const rows = (xs.arraySync() as number[][]).slice();
    const running = (list: number[][]): number[][] => list.map((_, i) => [0, 1, 2].map((j) => list.slice(0, i + 1).reduce((s, row) => s + row[j]!, 0)));
    near(sums, running(rows).flat());
    near(last, running(rows).at(-1)!);
    const [, back] = scan((carry, x) => [add(carry, x), add(carry, x)], tensor([0, 0, 0], undefined, "float32"), xs, { reverse: true });
    near(back, running(rows.slice().reverse()).reverse().flat());
  });

  test("a recurrent network over 40 steps: value and all gradients are those of the unrolled one, within rounding", () => {
    const [time, inputs, hidden] = [40, 5, 8];
    const x = tensor(floats(time * 2 * inputs, (i) => Math.sin(i * 1.3)), [time, 2, inputs]);
    const [wx, wh, b] = [variable(floats(inputs * hidden, (i) => Math.cos(i) * 0.4)), variable(floats(hidden * hidden, (i) => Math.sin(i * 2.1) * 0.3)), variable(floats(hidden, (i) => i * 0.05))];
    const cell = (h: Tensor, xt: Tensor): Tensor => tanh(add(add(matmul(xt, wx.reshape([inputs, hidden])), matmul(h, wh.reshape([hidden, hidden]))), b));
    const start = tensor(new Float32Array(2 * hidden), [2, hidden]);
    const scanned = (): Tensor => {
      const [last, all] = scan((h, xt) => [cell(h, xt), sigmoid(cell(h, xt))], start, x);
      return add(mean(square(last)), mean(all));
    };
    const unrolled = (): Tensor => {
      let h: Tensor = start;
      let total: Tensor = tensor(0, [], "float32");
      for (let t = 0; t < time; t++) {
        const xt = x.slice([t, 0, 0], [1, 2, inputs]).reshape([2, inputs]);
        h = cell(h, xt);
        total = total.add(sigmoid(h).mean());
      }
      return add(mean(square(h)), total.div(time));
    };
    const step = (loss: () => Tensor) =>
      compile(() => {
        const { value, grads } = variableGrads(loss, [wx, wh, b]);
        return [value, ...[wx, wh, b].map((w) => grads.get(w)!)];
      });
    const [one, many] = [step(scanned), step(unrolled)];
    const expected = many();
    one().forEach((got, i) => near(got, list(expected[i]!), 2e-5));
    const [small, large] = [one, many].map((fn) => kernelSteps(fn.programFor().steps).length);
    expect(small!).toBeLessThan(large! / 5);
  });

  test("second gradients go through: of the gradient of a product of rows", () => {
    const product = (x: Tensor): Tensor => scan((c, row) => [mul(c, row), null], tensor(1, [], "float32"), x)[0];
    const data = [0.5, 2, -1.5, 3];
    near(grad(product)(data), data.map((_, i) => data.reduce((p, v, j) => (i === j ? p : p * v), 1)));
    near(grad((x) => sum(mul(grad(product)(x), [1, 0, 0, 0])))(data), [0, ...[1, 2, 3].map((i) => [1, 2, 3].reduce((p, j) => (i === j ? p : p * data[j]!), 1))]);
  });

  test("carries change places at once; integers are carried, too", () => {
    const [[a, b]] = scan(([p, q]) => [[q!, p!.add(q!)], null], [tensor(0), tensor(1)], null, { length: 10 });
    expect([list(a!), list(b!)]).toEqual([[55], [89]]);
  });

  test("no rounds at all, and histories are dropped when nobody differentiates", () => {
    const [carry, ys] = scan((c, x) => [add(c, x), mul(c, 2)], tensor([7], undefined, "float32"), tensor(new Float32Array(0), [0, 1]));
    expect([list(carry), ys.shape, list(ys)]).toEqual([[7], [0, 1], []]);
    const forward = compile((x: Tensor) => scan((c, row) => [tanh(add(c, row)), null], tensor(floats(64, () => 0)), x)[0]);
    const { slots } = forward.programFor(tensor(new Float32Array(100 * 64), [100, 64]));
    expect(slots.some(({ shape, space }) => space === "scratch" && shape[0] === 100)).toBe(false);
  });

  test("bad input is named", () => {
    const zero = tensor([0, 0, 0], undefined, "float32");
    expect(() => scan((c) => [sum(c), null], zero, xs)).toThrow(/scan: tensor 0 is \[3\] at the start, \[\] after a round/);
    expect(() => scan((c, x) => [c, x], zero, null)).toThrow(/scan: expected rows in xs, or a length/);
    expect(() => scan((c) => [c, null], zero, [xs, zero])).toThrow(/the numbers of rows differ: 4, 3/);
    const w = variable([1, 2, 3]);
    expect(() => scan((c) => [w.assign(c), null], zero, xs)).toThrow(/variable_\d+ was assigned inside a function of cond, scan or whileLoop/);
  });
});

describe("whileLoop", () => {
  test("goes on until the condition fails: Collatz steps of 27 are 111", () => {
    const half = (n: Tensor): Tensor => n.cast("float32").mul(0.5).cast("int32");
    const run = compile((n: Tensor) => {
      const [, steps] = whileLoop((m) => less(1, m), (m, k) => [cond(less(m.sub(half(m).mul(2)), 1), () => half(m), () => m.mul(3).add(1)), k.add(1)], [n, tensor(0)]);
      return steps!;
    });
    expect(list(run(tensor(27)))).toEqual([111]);
    expect(list(run(tensor(1)))).toEqual([0]);
  });

  test("Newton's root of 2, with its derivative by maxIterations: d√a/da = 1 / (2√a)", () => {
    const root = (a: Tensor): Tensor => whileLoop((x) => less(1e-6, square(sub(square(x), a))), (x) => [x.add(a.div(x)).mul(0.5)], [a], { maxIterations: 20 })[0]!;
    near(root(tensor(2, [], "float32")), [Math.SQRT2], 1e-4);
    near(grad(root)(2), [1 / (2 * Math.SQRT2)], 1e-3);
  });

  test("the gradient stops where the loop stopped: rounds that were not run change nothing, not even with logarithms of 0", () => {
    const f = (x: Tensor): Tensor => whileLoop((v) => less(0.5, v), (v) => [mul(v, log(v).mul(0).add(0.5))], [x], { maxIterations: 50 })[0]!;
    near(grad(f)(3), [0.125]);
  });

  test("without maxIterations a gradient is refused, with the cure", () => {
    expect(() => grad((x) => whileLoop((v) => less(v, 10), (v) => [mul(v, 2)], [x])[0]!)(1)).toThrow(/gradient: whileLoop has none: .*give whileLoop maxIterations/);
    expect(() => whileLoop(() => true, () => [], [])).toThrow(/expected at least one variable/);
    expect(() => whileLoop(() => true, (x) => [x], [1], { maxIterations: -1 })).toThrow(/maxIterations is -1/);
  });

  test("a loop in a branch in a loop", () => {
    const f = (x: Tensor): Tensor =>
      scan((c, row) => [cond(less(row, 0), () => scan((d) => [mul(d, 2), null], c, null, { length: 3 })[0], () => add(c, sin(row))), cos(c)], tensor(1, [], "float32"), x)[0];
    const numbers = (rows: readonly number[]): number => rows.reduce((c, row) => (row < 0 ? 8 * c : c + Math.sin(row)), 1);
    const data = [0.4, -1, 0.9];
    near(f(tensor(data)), [numbers(data)]);
    near(valueAndGrads(f)(tensor(data)).grads[0]!, [8 * Math.cos(0.4), 0, Math.cos(0.9)]);
  });
});
