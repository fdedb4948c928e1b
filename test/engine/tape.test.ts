// GradientTape: the course's rules. Judged by analytic derivatives and by what Keras' users know it to refuse.
import { beforeAll, describe, expect, test } from "vitest";
import { GradientTape, exp, init, matmul, mul, sigmoid, sin, square, sub, sum, tensor, variable, type Tensor } from "../../src/engine/index.js";

beforeAll(() => init());

const value = (x: Tensor | null): number | number[] | null => (x === null ? null : x.rank === 0 ? x.dataSync()[0]! : [...x.dataSync()]);

describe("GradientTape", () => {
  test("[G3] a variable in, a record in the context, the gradient outside", () => {
    const x = variable(3, { dtype: "float32" });
    const tape = new GradientTape();
    const y = tape.run(() => square(x).add(mul(x, 2)));
    expect(value(tape.gradient(y, x))).toBe(8);
  });

  test("[G4] the chain rule: dy/dr of y = h(x), x = g(r) is the product, and the difference quotient", () => {
    const r = variable(0.7);
    const [g, h] = [(u: Tensor) => sin(u), (u: Tensor) => exp(square(u))];
    const tape = new GradientTape();
    const y = tape.run(() => h(g(r)));
    const numbers = (u: number): number => Math.exp(Math.sin(u) ** 2);
    const got = value(tape.gradient(y, r)) as number;
    expect(got).toBeCloseTo(2 * Math.sin(0.7) * numbers(0.7) * Math.cos(0.7), 5);
    expect(got).toBeCloseTo((numbers(0.7 + 1e-6) - numbers(0.7 - 1e-6)) / 2e-6, 5);
  });

  test("[G5] p = a(x), q = b(p), y = c(q): a persistent tape gives every derivative, a plain one gives one and then says how", () => {
    const x = variable(0.3);
    const record = (tape: GradientTape): Tensor[] =>
      tape.run(() => {
        const p = square(x);
        const q = exp(p);
        return [p, q, sin(q)];
      });
    const tape = new GradientTape({ persistent: true });
    const [p, q, y] = record(tape);
    const e = Math.exp(0.09);
    const cases: [Tensor, Tensor, number][] = [[y!, q!, Math.cos(e)], [y!, p!, Math.cos(e) * e], [y!, x, Math.cos(e) * e * 0.6], [q!, x, e * 0.6]]; // prettier-ignore
    for (const [of, by, expected] of cases) expect(value(tape.gradient(of, by))).toBeCloseTo(expected, 5);
    const once = new GradientTape();
    const [, q2, y2] = record(once);
    once.gradient(y2!, x);
    expect(() => once.gradient(q2!, x)).toThrow(/gradient\(\) was called a second time.*persistent: true/);
  });

  test("[G6] constants have no gradient unless watched; a variable that is not trainable has none; no crash", () => {
    const c = tensor([1, 2], undefined, "float32");
    const frozen = variable([3, 4], { trainable: false });
    const w = variable([5, 6]);
    const run = (tape: GradientTape): Tensor => tape.run(() => sum(mul(mul(c, frozen), w)));
    const plain = new GradientTape({ persistent: true });
    const y = run(plain);
    expect(value(plain.gradient(y, c))).toBe(null);
    expect(value(plain.gradient(y, frozen))).toBe(null);
    expect(plain.gradient(y, [w, c, frozen]).map(value)).toEqual([[3, 8], null, null]);
    const watching = new GradientTape({ persistent: true });
    watching.watch(c, frozen);
    const z = run(watching);
    expect(watching.gradient(z, [c, frozen]).map(value)).toEqual([[15, 24], [5, 12]]); // prettier-ignore
    const blind = new GradientTape({ watchAccessedVariables: false });
    expect(value(blind.gradient(run(blind), w))).toBe(null);
  });

  test("what was computed outside run() is constant", () => {
    const x = variable(2, { dtype: "float32" });
    const tape = new GradientTape({ persistent: true });
    const before = square(x);
    const inside = tape.run(() => mul(before, x));
    const outside = square(x);
    expect(value(tape.gradient(inside, x))).toBe(4);
    expect(value(tape.gradient(outside, x))).toBe(null);
  });

  test("tapes nest: the second derivative of x³ is 6x", () => {
    const x = variable(2, { dtype: "float32" });
    const outer = new GradientTape();
    const first = outer.run(() => {
      const inner = new GradientTape();
      const y = inner.run(() => mul(x, mul(x, x)));
      return inner.gradient(y, x)!;
    });
    expect(value(first)).toBe(12);
    expect(value(outer.gradient(first, x))).toBe(12);
  });

  test("a value that is looked at stays on the tape, and a variable assigned afterwards was what it was", () => {
    const x = variable(3, { dtype: "float32" });
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => {
      const s = square(x);
      s.dataSync();
      return mul(s, x);
    });
    x.assign(100);
    expect(value(tape.gradient(y, x))).toBe(27);
  });

  test("a y that is no scalar is summed, or weighted by dy", () => {
    const x = variable([1, 2, 3]);
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => square(x));
    expect(value(tape.gradient(y, x))).toEqual([2, 4, 6]);
    expect(value(tape.gradient(y, x, [1, 0, 10]))).toEqual([2, 0, 60]);
  });

  test("[G8] f(W1, W2, W3) = a(W1, b(W2, c(W3))): the gradients of all three, by differences", () => {
    const start = [[0.4, -0.2], [0.7, 0.1], [-0.5, 0.9]]; // prettier-ignore
    const [w1, w2, w3] = start.map((w) => variable(w));
    const tape = new GradientTape();
    const y = tape.run(() => sum(mul(w1!, sigmoid(mul(w2!, sin(square(w3!)))))));
    const numbers = (w: readonly (readonly number[])[]): number => [0, 1].reduce((s, i) => s + w[0]![i]! / (1 + Math.exp(-w[1]![i]! * Math.sin(w[2]![i]! ** 2))), 0);
    const grads = tape.gradient(y, [w1!, w2!, w3!]);
    start.forEach((w, k) =>
      w.forEach((_, i) => {
        const moved = (d: number): number => numbers(start.map((row, a) => row.map((v, b) => (a === k && b === i ? v + d : v))));
        expect((value(grads[k]!) as number[])[i]).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 5);
      }),
    );
  });

  test("[G11] three layers in a chain: ∂L/∂w by hand, for any numbers", () => {
    for (const [x, y, a, b, c] of [[1.5, 2, 0.3, -0.7, 1.1], [-2, 0.5, 0.9, 0.4, -0.6]] as const) { // prettier-ignore
      const ws = [a, b, c].map((w) => variable(w));
      const tape = new GradientTape();
      const loss = tape.run(() => square(sub(mul(ws[2]!, mul(ws[1]!, mul(ws[0]!, x))), y)));
      const error = 2 * (a * b * c * x - y);
      const byHand = [error * c * b * x, error * c * a * x, error * b * a * x];
      tape.gradient(loss, ws).forEach((g, i) => expect(value(g)).toBeCloseTo(byHand[i]!, 5));
    }
  });

  test("[G16] one neuron a layer, C₀ = (a − y)²: (0.66 − 1)² = 0.1156 and ∂C/∂w = a·σ'(z)·2(a − y)", () => {
    const [previous, z] = [0.48, Math.log(0.66 / 0.34)];
    const w = variable(z / previous);
    const tape = new GradientTape({ persistent: true });
    const [a, cost] = tape.run(() => {
      const activation = sigmoid(mul(w, previous));
      return [activation, square(sub(activation, 1))] as const;
    });
    expect(value(a)).toBeCloseTo(0.66, 6);
    expect(value(cost)).toBeCloseTo(0.1156, 6);
    expect(value(tape.gradient(cost, w))).toBeCloseTo(previous * 0.66 * 0.34 * 2 * (0.66 - 1), 6);
  });

  test("[G14] W·x and x·W describe the same network once W is transposed", () => {
    const w = variable([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    const x = tensor([0.5, -1, 2], undefined, "float32");
    const tape = new GradientTape({ persistent: true });
    const [rows, columns] = tape.run(() => [matmul(w, x.reshape([3, 1])).reshape([2]), matmul(x.reshape([1, 3]), w.transpose()).reshape([2])] as const);
    expect(value(rows)).toEqual(value(columns));
    expect(value(tape.gradient(rows, w))).toEqual(value(tape.gradient(columns, w)));
  });
});
