// Laziness: what runs, when, and how often.
import { beforeEach, describe, expect, it } from "vitest";
import { compile, fedScalar, grad, memory, tensor, variable, variableGrads, type Tensor } from "../../src/engine/index.js";
import { collectGarbage, countKernels } from "./counting.js";

const counts = await countKernels();
beforeEach(() => counts.reset());

const total = (): number => [...counts.calls.values()].reduce((sum, n) => sum + n, 0);
const matrix = (seed: number): Tensor => tensor(Float32Array.from({ length: 64 }, (_, i) => ((i + seed) % 7) - 3), [8, 8]);

describe("a tensor", () => {
  it("runs nothing until somebody looks", () => {
    const y = matrix(1).matmul(matrix(2)).relu().sum();
    expect(counts.linked).toHaveLength(0);
    y.dataSync();
    expect(counts.linked).toHaveLength(1);
    y.dataSync();
    expect(counts.linked).toHaveLength(1);
  });

  it("runs one GEMM for two reads of its result", () => {
    const h = matrix(1).matmul(matrix(2));
    const sum = h.sum().dataSync()[0];
    const max = h.max().dataSync()[0];
    expect(counts.calls.get("f32_gemm")).toBe(1);
    const elements = [...h.dataSync()];
    expect(counts.calls.get("f32_gemm")).toBe(1);
    expect(sum).toBe(elements.reduce((a, b) => a + b));
    expect(max).toBe(Math.max(...elements));
  });

  it("keeps the GEMM for one holder when another, a view of it, is gone", async () => {
    const h = matrix(3).matmul(matrix(4));
    const sum = h.reshape([64]).sum();
    await collectGarbage();
    sum.dataSync();
    h.max().dataSync();
    expect(counts.calls.get("f32_gemm")).toBe(1);
  });

  it("never runs for a reshape of data", () => {
    expect(tensor([1, 2, 3, 4]).reshape([2, 2]).arraySync()).toEqual([[1, 2], [3, 4]]);
    expect(total()).toBe(0);
  });
});

describe("programs", () => {
  it("are shared by graphs that differ in numbers only", () => {
    const f = (x: number): number => tensor([x, 2 * x], [2], "float32").mul(x).add(x).sum().dataSync()[0]!;
    expect(f(1)).toBe(5);
    const { length } = counts.linked;
    expect([f(2), f(3)]).toEqual([16, 33]);
    expect(counts.linked).toHaveLength(length);
  });

  it("are not shared by graphs that differ in attributes, shapes or variables", () => {
    const x = tensor([3, 1, 2], [3, 1], "float32");
    expect(x.slice([0, 0], [1, 1]).add(1).dataSync()[0]).toBe(4);
    expect(x.slice([1, 0], [1, 1]).add(1).dataSync()[0]).toBe(2);
    const [a, b] = [variable([1]), variable([2])];
    expect(a.add(1).dataSync()[0]).toBe(2);
    expect(b.add(1).dataSync()[0]).toBe(3);
  });

  it("stay bounded in number, and so does memory", () => {
    const shapes = (): void => {
      for (let n = 1; n <= 300; n++) tensor(new Float32Array(n)).add(1).dataSync();
    };
    shapes();
    const { programs, wasmPages } = memory();
    shapes();
    expect(memory().programs).toBe(programs);
    expect(memory().wasmPages).toBe(wasmPages);
  });
});

describe("what nobody holds", () => {
  it("gives its memory back: variables, compiled functions, results", async () => {
    const use = (): void => {
      for (let i = 0; i < 30; i++) {
        const w = variable(new Float32Array(10_000));
        const step = compile((x: Tensor) => {
          w.assign(w.add(x));
          return w.sum();
        });
        step(0.5).dataSync();
      }
    };
    use();
    await collectGarbage();
    const before = memory();
    use();
    expect(memory().stateBytes).toBeGreaterThan(before.stateBytes);
    await collectGarbage();
    const after = memory();
    // The last round's may still hang on a stack or in a register.
    expect(after.stateBytes - before.stateBytes).toBeLessThanOrEqual(40_000);
    expect(after.programs - before.programs).toBeLessThanOrEqual(1);
    expect(after.wasmPages).toBe(before.wasmPages);
  });

  it("is no leak in a loop that looks: 30,000 results leave less than 1 MB", async () => {
    let x = tensor([1], [1], "float32");
    const loop = (): void => {
      for (let i = 0; i < 30_000; i++) {
        x = x.mul(1.00001);
        x.dataSync();
      }
    };
    loop();
    await collectGarbage();
    const before = process.memoryUsage().heapUsed;
    loop();
    await collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1e6);
  });
});

describe("long chains", () => {
  it("are run every 2,000 nodes, so that a loop that never looks stays bounded", () => {
    let x = tensor([0], [1], "float32");
    for (let i = 0; i < 10_000; i++) x = x.add(1);
    expect(counts.linked.length).toBeGreaterThan(0);
    expect(x.value.depth).toBeLessThan(2100);
    const programs = counts.linked.length;
    expect(x.dataSync()[0]).toBe(10_000);
    // All flushes have one graph, and the rest is another.
    expect(programs).toBeLessThanOrEqual(2);
  });

  it("are not cut inside grad(): a chain of 3,000 ops has its whole gradient", () => {
    const slope = grad((x) => {
      let y = x;
      for (let i = 0; i < 3000; i++) y = y.mul(1.0001);
      return y;
    })(1);
    expect(slope.dataSync()[0]).toBeCloseTo(1.0001 ** 3000, 3);
  });
});

describe("gradients and looks", () => {
  it("a look inside grad() changes no gradient", () => {
    const blind = grad((x) => x.mul(x).mul(x).sum())([1, 2]);
    const looking = grad((x) => {
      const square = x.mul(x);
      square.dataSync();
      String(square);
      return square.mul(x).sum();
    })([1, 2]);
    expect([...looking.dataSync()]).toEqual([...blind.dataSync()]);
    expect([...looking.dataSync()]).toEqual([3, 12]);
  });

  it("a look inside variableGrads() changes no gradient, and the value keeps its own", () => {
    const w = variable([2, 3]);
    const { value, grads } = variableGrads(() => {
      const h = w.mul(w);
      h.dataSync();
      return h.sum();
    });
    expect(value.dataSync()[0]).toBe(13);
    expect([...grads.get(w)!.dataSync()]).toEqual([4, 6]);
  });

  it("what was computed before f is constant, looked at or not", () => {
    for (const look of [true, false]) {
      const w = variable([2, 3]);
      const before = w.mul(10);
      if (look) before.dataSync();
      const { grads } = variableGrads(() => w.mul(before).sum());
      expect([...grads.get(w)!.dataSync()], `looked ${look}`).toEqual([20, 30]);
    }
  });

  it("the argument of grad() may be the result of other ops", () => {
    const x = tensor([1, 2], [2], "float32").mul(3);
    expect([...grad((y) => y.square().sum())(x).dataSync()]).toEqual([6, 12]);
  });
});

describe("a changing learning rate", () => {
  it("recompiles nothing, as a fed scalar or as an argument", () => {
    let rate = 1;
    const w = variable([10]);
    const fed = fedScalar(() => rate);
    const step = compile((scale: Tensor) => {
      w.assign(w.sub(fed.mul(scale)));
      return w.mul(1);
    });
    expect(step(1).dataSync()[0]).toBe(9);
    const { length } = counts.linked;
    rate = 0.5;
    expect(step(1).dataSync()[0]).toBe(8.5);
    expect(step(4).dataSync()[0]).toBe(6.5);
    expect(counts.linked).toHaveLength(length);
  });
});
