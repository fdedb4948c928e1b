// Random tensors: what they are distributed like, within 5 standard errors, and when they repeat themselves.
import { beforeAll, describe, expect, it } from "vitest";
import {
  bernoulli, categorical, compile, init, mean, permutation, randomInt, randomNormal, randomUniform, setRandomSeed, softmax, tensor, truncatedNormal, variance, type Tensor,
} from "../../src/engine/index.js";

beforeAll(() => init());

const N = 200_000;
const average = (x: Tensor): number => mean(x.cast("float32")).item() as number;

describe("distributions", () => {
  it("truncatedNormal lies within 2 deviations, has mean 0 and variance .7737", () => {
    const x = truncatedNormal([N], 3, 2, { seed: 1 });
    const data = x.dataSync();
    expect(Math.max(...[0, 1, 2, 3].map((k) => Math.max(...data.slice((k * N) / 4, ((k + 1) * N) / 4))))).toBeLessThanOrEqual(7);
    expect(data.every((value) => value >= -1 && value <= 7)).toBe(true);
    expect(Math.abs(average(x) - 3)).toBeLessThan(5 * 2 * Math.sqrt(0.7737 / N));
    // Its fourth moment is 1.3 or so: the variance of the squares is 1.3 − .6.
    expect(Math.abs((variance(x).item() as number) / 4 - 0.7737413)).toBeLessThan((5 * 0.84) / Math.sqrt(N));
  });

  it("randomInt hits every number of its range equally often, and no other", () => {
    const x = randomInt([N], -2, 3, { seed: 2 });
    expect(x.dtype).toBe("int32");
    const counts = new Map<number, number>();
    for (const value of x.dataSync()) counts.set(value, (counts.get(value) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    for (const count of counts.values()) expect(Math.abs(count - N / 5)).toBeLessThan(5 * Math.sqrt((N / 5) * 0.8));
    expect(randomInt([3], 7, 8).arraySync()).toEqual([7, 7, 7]);
  });

  it("categorical draws classes with the probabilities softmax(logits), or with those given", () => {
    const logits = tensor([[0, 1, 2], [5, 0, 0]], undefined, "float32");
    const wanted = softmax(logits).dataSync();
    for (const [drawn, options] of [[logits, {}], [softmax(logits), { normalized: true }]] as const) {
      const x = categorical(drawn, N, { seed: 3, ...options });
      expect([x.dtype, x.shape]).toEqual(["int32", [2, N]]);
      wanted.forEach((p, i) => {
        const share = average(x.slice([Math.floor(i / 3), 0], [1, N]).reshape([N]).cast("float32").sub(i % 3).square().cast("bool"));
        expect(Math.abs(1 - share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / N));
      });
    }
    expect(categorical([-Infinity, 0, -Infinity], 4).arraySync()).toEqual([1, 1, 1, 1]);
  });

  it("permutation holds every number once; all orders of three come equally often; tensors are shuffled by slices", () => {
    expect([...permutation(1000, { seed: 4 }).dataSync()].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    setRandomSeed(6);
    const counts = new Map<string, number>();
    for (let i = 0; i < 1200; i++) {
      const order = permutation(3).dataSync().join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(5 * Math.sqrt(200 * (5 / 6)));
    const rows = tensor([[1, 10], [2, 20], [3, 30]]);
    const order = permutation(3, { seed: 5 }).dataSync();
    expect(permutation(rows, { seed: 5 }).arraySync()).toEqual([...order].map((i) => [i + 1, 10 * (i + 1)]));
    expect(permutation(0).arraySync()).toEqual([]);
    expect(() => permutation(2.5)).toThrow(/permutation: expected a whole number/);
  });

  it("refuses what it cannot draw from", () => {
    expect(() => bernoulli([1], 2)).toThrow(/bernoulli: probability must be a number from 0 to 1, got 2/);
    expect(() => randomInt([1], 3, 3)).toThrow(/randomInt: expected whole numbers min < max/);
    expect(() => randomInt([1], 0, 2 ** 25)).toThrow(/at most 16777216 apart/);
    expect(() => categorical([[[1]]])).toThrow(/logits must be \[classes\] or \[rows, classes\], got \[1, 1, 1\]/);
    expect(() => randomUniform([1], 0, 1, { seed: -1 })).toThrow(/seed must be a whole number/);
  });
});

describe("seeds", () => {
  const DRAWS: [string, (options?: { seed: number }) => Tensor][] = [
    ["randomUniform", (options) => randomUniform([8], 0, 1, options)],
    ["randomNormal", (options) => randomNormal([8], 0, 1, options)],
    ["truncatedNormal", (options) => truncatedNormal([8], 0, 1, options)],
    ["randomInt", (options) => randomInt([8], 0, 1000, options)],
    ["bernoulli", (options) => bernoulli([64], 0.5, options)],
    ["permutation", (options) => permutation(20, options)],
    ["categorical", (options) => categorical(new Float32Array(100), 8, options)],
  ];

  it.each(DRAWS)("%s repeats itself for a seed of its own, and after setRandomSeed; else it goes on", (_, draw) => {
    setRandomSeed(5);
    const first = draw().arraySync();
    const own = draw({ seed: 7 }).arraySync();
    expect(draw().arraySync()).not.toEqual(first);
    expect(draw({ seed: 7 }).arraySync()).toEqual(own);
    expect(draw({ seed: 8 }).arraySync()).not.toEqual(own);
    setRandomSeed(5);
    expect(draw().arraySync()).toEqual(first);
    setRandomSeed(7);
    expect(draw().arraySync()).not.toEqual(own);
  });

  it("in a program, draws with a seed are the same at every call, those without are not", () => {
    const step = compile(() => ({ own: randomUniform([4], 0, 1, { seed: 9 }), shared: randomUniform([4]) }));
    const [a, b] = [step(), step()];
    expect(a.own.arraySync()).toEqual(b.own.arraySync());
    expect(a.own.arraySync()).toEqual(randomUniform([4], 0, 1, { seed: 9 }).arraySync());
    expect(a.shared.arraySync()).not.toEqual(b.shared.arraySync());
  });
});

describe("parameters", () => {
  it("are numbers; options in their place are refused", () => {
    const options: number = JSON.parse('{"seed":1}');
    expect(() => randomNormal([3], options)).toThrow('randomNormal: mean: expected a number, got {"seed":1}. Options as { seed } are the last argument.');
    expect(() => randomUniform([3], 0, options)).toThrow("randomUniform: max: expected a number");
    expect(() => truncatedNormal([3], 0, options)).toThrow("truncatedNormal: stdDev: expected a number");
    expect(() => bernoulli([3], options)).toThrow("bernoulli: probability: expected a number");
  });
});
