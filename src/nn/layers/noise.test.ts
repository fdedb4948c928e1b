import { beforeAll, describe, expect, it } from "vitest";
import { compile, init, ones, setRandomSeed, tensor, type Tensor } from "../../engine/index.js";
import { sequential } from "../sequential.js";
import { modelFromBytes, modelToBytes } from "../serialize.js";
import { alphaDropout, dense, dropout, gaussianDropout, gaussianNoise, spatialDropout1d, spatialDropout2d, spatialDropout3d } from "./index.js";

beforeAll(() => init());

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b) / list.length;
  return { mean, variance: list.reduce((total, x) => total + (x - mean) ** 2, 0) / list.length };
}

const COUNT = 40000;
const many = (): Tensor => ones([40, COUNT / 40]);

describe("noise", () => {
  // 40,000 draws: a mean is off by σ/200, a share by 0.0025, a variance by 0.7 % of it; four times that is allowed.
  it.each([
    ["dropout", dropout({ rate: 0.25 }), 1, 0.25 / 0.75],
    ["gaussianNoise", gaussianNoise({ stddev: 0.5 }), 1, 0.25],
    ["gaussianDropout", gaussianDropout({ rate: 0.2 }), 1, 0.25],
  ] as const)("%s keeps the mean, with the variance it should have", (_name, layer, mean, variance) => {
    setRandomSeed(3);
    const found = moments(layer.apply(many(), { training: true }).dataSync());
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.02 * Math.sqrt(variance));
    expect(Math.abs(found.variance - variance)).toBeLessThan(0.03 * variance);
    expect(layer.apply(many()).dataSync().every((x) => x === 1)).toBe(true);
  });

  it("alphaDropout keeps mean 0 and variance 1, and gives one value for what it drops", () => {
    setRandomSeed(4);
    const x = gaussianNoise({ stddev: 1 }).apply(tensor(new Float32Array(COUNT), [1, COUNT]), { training: true });
    const y = alphaDropout({ rate: 0.3 }).apply(x, { training: true }).dataSync();
    const { mean, variance } = moments(y);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
    const counts = new Map<number, number>();
    for (const value of y) counts.set(value, (counts.get(value) ?? 0) + 1);
    expect(Math.abs(Math.max(...counts.values()) / COUNT - 0.3)).toBeLessThan(0.01);
  });

  it.each([
    [spatialDropout1d({ rate: 0.5 }), [8, 6, 32], 2],
    [spatialDropout2d({ rate: 0.5 }), [8, 3, 4, 32], 3],
    [spatialDropout2d({ rate: 0.5, dataFormat: "channelsFirst" }), [8, 32, 3, 4], 1],
    [spatialDropout3d({ rate: 0.5 }), [8, 2, 2, 3, 32], 4],
  ] as const)("$type drops whole channels", (layer, shape, axis) => {
    setRandomSeed(5);
    const y = layer.apply(ones([...shape]), { training: true });
    const stride = shape.slice(axis + 1).reduce<number>((a, b) => a * b, 1);
    const perExample = y.size / 8;
    const seen = new Map<number, Set<number>>();
    y.dataSync().forEach((value: number, i: number) => {
      const channel = Math.floor(i / perExample) * 32 + (Math.floor(i / stride) % 32);
      seen.set(channel, (seen.get(channel) ?? new Set<number>()).add(value));
    });
    expect([...seen.values()].every((values) => values.size === 1)).toBe(true);
    expect(new Set([...seen.values()].flatMap((values) => [...values]))).toEqual(new Set([0, 2]));
  });

  it("draws once along axes of size 1 of noiseShape", () => {
    for (const layer of [dropout, alphaDropout]) {
      const y = layer({ rate: 0.5, noiseShape: [null, 1, 16] }).apply(ones([2, 5, 16]), { training: true }).arraySync() as number[][][];
      for (const example of y) for (const step of example) expect(step).toEqual(example[0]);
      expect(y[0]![0]).not.toEqual(y[1]![0]);
    }
  });

  it("with a seed of its own draws another mask at every call, the same ones from the same seed, whatever the model's key", () => {
    const run = (): number[][] => {
      const layer = dropout({ rate: 0.5, seed: 9 });
      layer.build([16]);
      const step = compile((x: Tensor) => layer.apply(x, { training: true }));
      return [step(ones([1, 16])), step(ones([1, 16]))].map((y) => [...y.dataSync()]);
    };
    setRandomSeed(1);
    const first = run();
    setRandomSeed(2);
    expect(run()).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    const eager = dropout({ rate: 0.5, seed: 9 });
    const [a, b] = [0, 1].map(() => [...eager.apply(ones([1, 16]), { training: true }).dataSync()]);
    expect(a).not.toEqual(b);
    expect([...dropout({ rate: 0.5, seed: 9 }).apply(ones([1, 16]), { training: true }).dataSync()]).toEqual(a);
  });

  it("goes on from a file to the same bits, with a key of its own too", async () => {
    const x = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(i)]);
    const y = x.map(([a]) => [a! > 0 ? 1 : 0]);
    const make = (): ReturnType<typeof sequential> => {
      const model = sequential({ seed: 2, layers: [dense({ units: 8, inputShape: [2], activation: "tanh" }), dropout({ rate: 0.4, seed: 6 }), gaussianNoise({ stddev: 0.1 }), dense({ units: 1 })] });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      return model;
    };
    const whole = make();
    await whole.fit(x, y, { epochs: 4, batchSize: 4, verbose: 0 });
    const half = make();
    await half.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
    const again = modelFromBytes(await modelToBytes(half));
    await again.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
    expect(again.getWeights().map((weight) => weight.dataSync())).toEqual(whole.getWeights().map((weight) => weight.dataSync()));
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a rate of 1", () => dropout({ rate: 1 }), /dropout "dropout": rate: expected a number in \[0, 1\), got 1/],
    ["a negative rate", () => gaussianDropout({ rate: -0.1 }), /rate/],
    ["no rate", () => alphaDropout({} as never), /rate.*got undefined/],
    ["a negative deviation", () => gaussianNoise({ stddev: -1 }), /stddev/],
    ["a noiseShape of another rank", () => dropout({ rate: 0.5, noiseShape: [null, 1] }).outputShape([3, 4]), /noiseShape: expected null, 1 or the size for each axis of \[batch, 3, 4\], got \[null,1\]/],
    ["images of another rank", () => spatialDropout2d({ rate: 0.5 }).outputShape([3, 4]), /expected images \[batch, height, width, channels\]/],
    ["a seed that is no whole number", () => dropout({ rate: 0.5, seed: 1.5 }), /seed/],
  ])("refuses %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
