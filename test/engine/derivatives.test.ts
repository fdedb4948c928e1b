// Derivatives beyond the gradient of a scalar, judged by written-out Jacobians, by differences in float64, and by each other.
import { beforeAll, describe, expect, test } from "vitest";
import {
  bernoulli, checkpoint, compile, customGradient, div, exp, grad, hessian, init, jacobian, jvp, log, matmul, mean, mul, perExampleGrads, relu, setRandomSeed, sigmoid, softplus, square, sub, sum, tanh, tensor,
  valueAndGrads, variable, variableGrads, vjp, type Tensor,
} from "../../src/engine/index.js"; // prettier-ignore
import { printGraph } from "../../src/graph/graph.js";
import { sgd } from "../../src/nn/index.js";

beforeAll(() => init());

const close = (got: Tensor, expected: readonly number[], bound = 1e-5): void => {
  const data = got.dataSync();
  expect(data.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(data[i]! - value), `element ${i}: ${data[i]}, expected ${value}`).toBeLessThan(bound * Math.max(1, Math.abs(value))));
};

/** f(x, y, z) = [x·y, exp(z)·x], whose Jacobian is written out. */
const f = (x: Tensor): Tensor => {
  const [a, b, c] = [0, 1, 2].map((i) => x.slice([i], [1]));
  return mul(a!, b!).mul([1, 0]).add(mul(exp(c!), a!).mul([0, 1]));
};
const AT = [2, -3, 0.5];
const E = Math.exp(0.5);
const JACOBIAN = [[-3, 2, 0], [E, 0, 2 * E]]; // prettier-ignore

describe("products with the Jacobian", () => {
  test("vjp pulls a vector back: vᵀ·J", () => {
    const { value, pullback } = vjp(f, AT);
    close(value, [-6, 2 * E]);
    close(pullback([1, 10]), [0, 1, 2].map((i) => JACOBIAN[0]![i]! + 10 * JACOBIAN[1]![i]!));
  });

  test("jvp pushes a vector forward: J·v", () => {
    const { value, tangent } = jvp(f, AT, [1, 2, -1]);
    close(value, [-6, 2 * E]);
    close(tangent, JACOBIAN.map((row) => row[0]! + 2 * row[1]! - row[2]!));
  });

  test("jvp of a chain of nonlinear functions is the difference quotient", () => {
    const chain = (x: Tensor): Tensor => tanh(softplus(x)).div(square(x).add(1));
    const numbers = (x: number): number => Math.tanh(Math.log1p(Math.exp(x))) / (x * x + 1);
    const xs = [-1.5, 0.2, 2];
    close(jvp(chain, xs, [1, 1, 1]).tangent, xs.map((x) => (numbers(x + 1e-5) - numbers(x - 1e-5)) / 2e-5), 1e-5);
  });

  test("of a function that does not depend on x are zero", () => {
    close(vjp(() => tensor([1, 2], undefined, "float32"), [1, 2, 3]).pullback([1, 1]), [0, 0, 0]);
    close(jvp(() => tensor([1, 2], undefined, "float32"), [1, 2, 3], [1, 1, 1]).tangent, [0, 0]);
  });

  test("name both shapes when a vector does not fit", () => {
    expect(() => vjp(f, AT).pullback([1, 2, 3])).toThrow(/vjp: the vector is \[3\], f\(x\) is \[2\]/);
    expect(() => jvp(f, AT, [1, 2])).toThrow(/jvp: the direction is \[2\], x is \[3\]/);
  });
});

describe("whole matrices of derivatives", () => {
  test("jacobian has the shape of the value, then that of x", () => {
    const j = jacobian(f)(AT);
    expect(j.shape.slice(-1)).toEqual([3]);
    close(j, JACOBIAN.flat());
  });

  test("hessian of a quadratic form is A + Aᵀ", () => {
    const a = tensor([[1, 2, 0], [-1, 3, 4], [5, 0.5, -2]], undefined, "float32"); // prettier-ignore
    close(hessian((x) => sum(mul(x, matmul(a, x.reshape([3, 1])).reshape([3]))))([0.3, -1, 2]), [2, 1, 5, 1, 6, 4.5, 5, 4.5, -4]);
  });

  test("hessian of a small network's loss equals differences of float64 gradients, and is symmetric", () => {
    const xs = [[0.5, -1], [1.5, 0.3], [-0.7, 0.8]]; // prettier-ignore
    const ys = [1, 0, 1];
    const start = Array.from({ length: 13 }, (_, i) => Math.sin(i * 1.7) * 0.8);
    // 2-3-1: W1 2×3, b1 3, W2 3, b2 1
    const loss = (w: Tensor): Tensor => {
      const h = tanh(matmul(tensor(xs, undefined, "float32"), w.slice([0], [6]).reshape([2, 3])).add(w.slice([6], [3])));
      const z = matmul(h, w.slice([9], [3]).reshape([3, 1])).add(w.slice([12], [1])).reshape([3]);
      return mean(sub(softplus(z), mul(tensor(ys, undefined, "float32"), z)));
    };
    const plain = (w: readonly number[]): number => {
      const one = (x: readonly number[], y: number): number => {
        const h = [0, 1, 2].map((j) => Math.tanh(x[0]! * w[j]! + x[1]! * w[3 + j]! + w[6 + j]!));
        const z = h.reduce((s, v, j) => s + v * w[9 + j]!, w[12]!);
        return Math.log1p(Math.exp(z)) - y * z;
      };
      return xs.reduce((s, x, i) => s + one(x, ys[i]!), 0) / xs.length;
    };
    const at = (moves: readonly [number, number][]): number => plain(start.map((v, i) => v + moves.reduce((s, [k, d]) => s + (k === i ? d : 0), 0)));
    const h = 1e-4;
    const expected = start.flatMap((_, i) => start.map((_, j) => (at([[i, h], [j, h]]) - at([[i, h], [j, -h]]) - at([[i, -h], [j, h]]) + at([[i, -h], [j, -h]])) / (4 * h * h))); // prettier-ignore
    const got = hessian(loss)(tensor(Float32Array.from(start)));
    expect(got.shape).toEqual([13, 13]);
    close(got, expected, 2e-6); // h² times fourth derivatives, plus float64 rounding over h²: about 1e-7
    const data = got.dataSync();
    for (let i = 0; i < 13; i++) for (let j = 0; j < i; j++) expect(data[i * 13 + j]! - data[j * 13 + i]!).toBeCloseTo(0, 6);
  });

  test("a gradient penalty trains: the loss holds a gradient, and is differentiated again", () => {
    const w = variable([1.5, -2]);
    const x = tensor([[1, 2], [3, -1]], undefined, "float32"); // prettier-ignore
    const penalised = (): Tensor => {
      const { value, grads } = valueAndGrads((input) => mean(square(sub(matmul(input, w.reshape([2, 1])), tensor([[1], [2]], undefined, "float32")))))(x);
      return value.add(mul(0.1, sum(square(grads[0]!))));
    };
    const optimizer = sgd(0.02);
    const step = compile(() => {
      const { value, grads } = variableGrads(penalised);
      optimizer.apply(grads);
      return value;
    });
    const losses = Array.from({ length: 200 }, () => step().dataSync()[0]!);
    expect(losses[199]!).toBeLessThan(0.5 * losses[0]!);
    expect(losses.every((loss, i) => i === 0 || loss <= losses[i - 1]! + 1e-6)).toBe(true);
  });

  test("a gradient an example: their mean is the gradient of the mean loss", () => {
    const w = variable([[0.5, -1], [2, 0.1], [-0.3, 0.7]], { name: "w" }); // prettier-ignore
    const b = variable([0.1, 0.2], { name: "b" });
    const x = tensor(Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)), [4, 3]);
    const y = tensor(Float32Array.from({ length: 8 }, (_, i) => Math.sin(i)), [4, 2]);
    const one = (xi: Tensor, yi: Tensor): Tensor => sum(square(sub(tanh(matmul(xi.reshape([1, 3]), w).add(b)).reshape([2]), yi)));
    const each = perExampleGrads(one, [x, y]);
    const { grads } = variableGrads(() => mean(sum(square(sub(tanh(matmul(x, w).add(b)), y)), 1)));
    expect([...each].map(([variable, { shape }]) => [variable.name, shape])).toEqual([["w", [4, 3, 2]], ["b", [4, 2]]]); // prettier-ignore
    for (const [variable, all] of each) close(mean(all, 0), [...grads.get(variable)!.dataSync()]);
    expect(() => perExampleGrads(one, [x, y.slice([0, 0], [2, 2])])).toThrow(/one leading number of examples, got \[4, 3\], \[2, 2\]/);
  });
});

describe("a gradient of one's own", () => {
  test("stands in for that of the ops: clipped, straight through, stable", () => {
    const log1pexp = customGradient((x) => ({ value: log(exp(x).add(1)), gradFunc: (dy) => mul(dy, sub(1, div(1, exp(x).add(1)))) }));
    close(grad((x) => log1pexp(x).sum())([0, 100]), [0.5, 1]);
    const straight = customGradient((x) => ({ value: x.relu().sub(x.relu()), gradFunc: (dy) => dy }));
    close(grad((x) => straight(x).sum())([1, -2]), [1, 1]);
  });

  test("takes several arguments, null where none flows, and is differentiated again", () => {
    const product = customGradient((a, b) => ({ value: mul(a, b), gradFunc: (dy) => [mul(dy, b), null] }));
    const { grads } = valueAndGrads((a, b) => product(a, b).sum())([2, 3], [5, 7]);
    close(grads[0]!, [5, 7]);
    close(grads[1]!, [0, 0]);
    const cube = customGradient((x) => ({ value: mul(x, mul(x, x)), gradFunc: (dy) => mul(dy, mul(3, mul(x, x))) }));
    close(grad((x) => grad((u) => cube(u).sum())(x).sum())([2]), [12]);
  });

  test("errors name the gradient that does not fit", () => {
    const wrong = customGradient((a, b) => ({ value: mul(a, b), gradFunc: (dy) => dy }));
    expect(() => valueAndGrads((a, b) => wrong(a, b).sum())([1], [2])).toThrow(/customGradient: gradFunc returned 1 gradients for 2 arguments/);
    const misshapen = customGradient((a) => ({ value: mul(a, 2), gradFunc: (dy) => dy.sum() }));
    expect(() => grad((a) => misshapen(a).sum())([1, 2])).toThrow(/gradient 0 is \[\], its argument \[2\]/);
  });
});

describe("checkpoint", () => {
  const ws = Array.from({ length: 6 }, (_, k) => variable(Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i * 0.37 + k) * 0.15), { name: `w${k}` }));
  const square64 = (k: number): Tensor => ws[k]!.reshape([64, 64]);
  const x = tensor(Float32Array.from({ length: 256 * 64 }, (_, i) => Math.cos(i * 0.11)), [256, 64]);
  const block = (k: number) => (h: Tensor): Tensor => sigmoid(matmul(tanh(matmul(h, square64(2 * k))), square64(2 * k + 1)));
  const network = (wrap: (f: (h: Tensor) => Tensor) => (h: Tensor) => Tensor): Tensor => mean(square([0, 1, 2].reduce((h, k) => wrap(block(k))(h), x as Tensor)));

  test("gives the same bits, for variables too, in a smaller arena", () => {
    const step = (wrap: (f: (h: Tensor) => Tensor) => (h: Tensor) => Tensor) =>
      compile(() => {
        const { value, grads } = variableGrads(() => network(wrap));
        return [value, ...ws.map((w) => grads.get(w)!)];
      });
    const plain = step((f) => f);
    const saved = step((f) => checkpoint(f));
    const expected = plain().map((t) => [...t.dataSync()]);
    expect(saved().map((t) => [...t.dataSync()])).toEqual(expected);
    const [before, after] = [plain, saved].map((fn) => fn.programFor().bytes.scratch);
    console.log(`checkpoint: arena ${before} B without, ${after} B with`);
    expect(after!).toBeLessThan(0.85 * before!);
  });

  test("repeats random draws instead of drawing anew", () => {
    setRandomSeed(5);
    const noisy = (h: Tensor): Tensor => mul(tanh(h), bernoulli(h.shape, 0.5));
    const run = (wrap: (f: (h: Tensor) => Tensor) => (h: Tensor) => Tensor): number[][] => {
      setRandomSeed(5);
      const { value, grads } = valueAndGrads((h) => sum(square(wrap(noisy)(h))))(x.slice([0, 0], [4, 64]));
      return [[...value.dataSync()], [...grads[0]!.dataSync()]];
    };
    expect(run((f) => checkpoint(f))).toEqual(run((f) => f));
  });

  test("computes its inside twice, and says so in the graph", () => {
    const y = checkpoint((h) => exp(relu(h)))(x);
    const g = grad((h) => checkpoint((u) => exp(tanh(u)))(h).sum())(x);
    expect(printGraph({ outputs: [y.value], updates: [] })).toMatch(/withGradient/);
    expect(printGraph({ outputs: [g.value], updates: [] }).match(/= tanh/g)?.length).toBe(1);
    expect(printGraph({ outputs: [g.value], updates: [] })).toMatch(/= after/);
  });
});

describe("arguments of integers", () => {
  test("alone are refused, since every gradient would be zero; beside floats they have the gradient zero", () => {
    expect(() => grad((x) => sum(square(x)))(tensor([1, 2, 3]))).toThrow('grad: expected an argument of floats, got int32, whose gradient is zero. Cast it: x.cast("float32").');
    close(grad((x) => sum(square(x)))([1, 2, 3]), [2, 4, 6]);
    const [of, ofNumbers] = valueAndGrads((x, n) => sum(mul(x, n)))([0.5, 1], tensor([3, 4])).grads;
    close(of!, [3, 4]);
    close(ofNumbers!, [0, 0]);
  });
});
