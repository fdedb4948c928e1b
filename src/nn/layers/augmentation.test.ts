import { beforeAll, describe, expect, it } from "vitest";
import { compile, grad, init, mul, ones, setRandomSeed, sum, tensor, type Tensor } from "../../engine/index.js";
import type { Layer } from "../layer.js";
import { sequential } from "../sequential.js";
import { modelFromBytes, modelToBytes } from "../serialize.js";
import { centerCrop, dense, flatten, randomBrightness, randomContrast, randomCrop, randomFlip, randomGrayscale, randomHue, randomRotation, randomSaturation, randomTranslation, randomZoom } from "./index.js";
import { sampled, type FillMode } from "./sampling.js";

beforeAll(() => init());

const rows = (x: Tensor): number[][] => (x.arraySync() as number[][][][])[0]!.map((row) => row.map(([value]) => value!));
const image = (values: readonly (readonly number[])[]): Tensor => tensor(values.map((row) => row.map((value) => [value])), undefined, "float32").reshape([1, values.length, values[0]!.length, 1]);
const trained = (layer: Layer, x: Tensor): Tensor => layer.apply(x, { training: true });

const NINE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; // prettier-ignore

describe("maps of pixels", () => {
  const SAME = { yy: 1, yx: 0, xy: 0, xx: 1, dy: 0, dx: 0 };
  const line = image([[1, 2, 3]]);
  const shifted = (dx: number, fillMode: FillMode): number[] => rows(sampled(line, { ...SAME, dx }, { fillMode, interpolation: "bilinear", fillValue: 0 }))[0]!;

  it.each<[FillMode, number[]]>([
    ["constant", [3, 0, 0]],
    ["nearest", [3, 3, 3]],
    ["reflect", [3, 3, 2]],
    ["wrap", [3, 1, 2]],
  ])("beyond the border %s continues 1 2 3 with %j", (mode, expected) => {
    expect(shifted(2, mode)).toEqual(expected);
    expect(shifted(-2, mode)).toEqual(expected.map((value) => (value === 0 ? 0 : 4 - value)).reverse());
  });

  it("goes far beyond the border, and between pixels", () => {
    expect(shifted(7, "reflect")).toEqual([2, 3, 3]);
    expect(shifted(-8, "wrap")).toEqual([2, 3, 1]);
    expect(shifted(0.25, "nearest")).toEqual([1.25, 2.25, 3]);
    expect(rows(sampled(line, { ...SAME, dx: 0.4 }, { fillMode: "nearest", interpolation: "nearest", fillValue: 0 }))).toEqual([[1, 2, 3]]);
  });

  it("is differentiable: a shift's slope shifts back", () => {
    const layer = randomTranslation({ heightFactor: 0, widthFactor: [1 / 3, 1 / 3], fillMode: "constant" });
    const x = image(NINE);
    expect(rows(trained(layer, x))).toEqual([[0, 1, 2], [0, 4, 5], [0, 7, 8]]); // prettier-ignore
    expect(rows(grad((given) => sum(mul(trained(layer, given), image(NINE))))(x))).toEqual([[2, 3, 0], [5, 6, 0], [8, 9, 0]]); // prettier-ignore
  });
});

describe("augmentation", () => {
  it("randomCrop cuts at every place, as often at each, rows and columns that lie together; outside of training the middle", () => {
    const pixels = tensor(Float32Array.from({ length: 900 * 12 }, (_, i) => i % 12), [900, 3, 4, 1]);
    setRandomSeed(3);
    const cuts = trained(randomCrop({ height: 2, width: 3 }), pixels).arraySync() as number[][][][];
    const firsts = new Map<number, number>();
    for (const cut of cuts) {
      const at = cut[0]![0]![0]!;
      expect(cut.flat(2)).toEqual([0, 1, 2, 4, 5, 6].map((k) => at + k));
      firsts.set(at, (firsts.get(at) ?? 0) + 1);
    }
    expect([...firsts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 4, 5]);
    // 225 each on average, with a standard deviation of 13.
    for (const count of firsts.values()) expect(Math.abs(count - 225)).toBeLessThan(4 * 13);
    const one = image(NINE);
    expect(rows(randomCrop({ height: 1, width: 1 }).apply(one))).toEqual([[5]]);
    for (const how of [trained, (layer: Layer, x: Tensor) => layer.apply(x)]) {
      expect(rows(how(randomCrop({ height: 4, width: 4 }), one))).toEqual(rows(centerCrop({ height: 4, width: 4 }).apply(one)));
    }
  });

  it("randomGrayscale makes a share of the images grey, by how bright colours appear", () => {
    const colours = tensor(Float32Array.from({ length: 400 * 3 }, (_, i) => [100, 50, 200][i % 3]!), [400, 1, 1, 3]);
    setRandomSeed(1);
    const seen = (trained(randomGrayscale({ factor: 0.25 }), colours).arraySync() as number[][][][]).map((one) => one[0]![0]!);
    const grey = seen.filter(([r, g, b]) => r === g && g === b);
    // 100 of 400, with a standard deviation of 9.
    expect(Math.abs(grey.length - 100)).toBeLessThan(4 * 9);
    for (const [value] of grey) expect(value).toBeCloseTo(0.2989 * 100 + 0.587 * 50 + 0.114 * 200, 4);
    for (const one of seen) if (one[0] !== one[1]) expect(one).toEqual([100, 50, 200]);
    expect(() => trained(randomGrayscale(), image(NINE))).toThrow(/expected images of 3 channels, got 1/);
  });

  it("randomSaturation goes from grey, 0, by what there is, ½, to as strong as can be, 1, of one hue and value", () => {
    const colour = (x: Tensor): number[] => [...x.dataSync()];
    const x = tensor([200, 100, 50], [1, 1, 1, 3], "float32");
    const of = (u: number): number[] => colour(trained(randomSaturation({ factor: [u, u] }), x));
    for (const [u, expected] of [[0, [200, 200, 200]], [0.5, [200, 100, 50]], [0.25, [200, 200 - 100 / 3, 150]], [1, [200, 200 / 3, 0]]] as const) {
      of(u).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    }
    expect(colour(trained(randomSaturation({ factor: 1 }), tensor([7, 7, 7], [1, 1, 1, 3], "float32")))).toEqual([7, 7, 7]);
    expect(() => randomSaturation({ factor: [-0.1, 0.2] })).toThrow(/in \[0, 1\], got \[-0.1,0.2\]/);
    expect(() => trained(randomHue({ factor: 0.5 }), image(NINE))).toThrow(/expected images of 3 channels, got 1/);
  });

  it("randomHue turns the circle of colours either way: a third of it swaps the channels around", () => {
    setRandomSeed(1);
    const colours = tensor(Array.from({ length: 50 }, () => [200, 100, 50]).flat(), [50, 1, 1, 3], "float32");
    const seen = trained(randomHue({ factor: [2 / 3, 2 / 3] }), colours).arraySync() as number[][][][];
    expect(new Set(seen.map((one) => one[0]![0]!.map((value) => Math.round(value * 1000) / 1000).join(" ")))).toEqual(new Set(["50 200 100", "100 50 200"]));
    const same = trained(randomHue({ factor: [0, 0] }), colours).dataSync();
    same.forEach((value, i) => expect(value).toBeCloseTo([200, 100, 50][i % 3]!, 3));
  });

  it("does nothing outside of training", () => {
    for (const layer of [randomFlip(), randomRotation({ factor: 0.5 }), randomZoom({ heightFactor: 0.5 }), randomContrast({ factor: 0.5 }), randomBrightness({ factor: 0.5 })]) {
      expect(rows(layer.apply(image(NINE)))).toEqual(NINE);
    }
  });

  it("randomRotation turns counter-clockwise: a quarter", () => {
    const turned = rows(trained(randomRotation({ factor: [0.25, 0.25] }), image(NINE)));
    // cos(π/2) is 4e-8 in float32, so bilinear shares are off by that much of differences up to 6.
    [[3, 6, 9], [2, 5, 8], [1, 4, 7]].forEach((row, i) => row.forEach((value, j) => expect(turned[i]![j]).toBeCloseTo(value, 5))); // prettier-ignore
  });

  it("randomZoom shows more, or less, around the middle; the width follows the height unless it has a factor", () => {
    expect(rows(trained(randomZoom({ heightFactor: [1, 1], fillMode: "constant" }), image(NINE)))).toEqual([[0, 0, 0], [0, 5, 0], [0, 0, 0]]); // prettier-ignore
    expect(rows(trained(randomZoom({ heightFactor: [-0.5, -0.5], widthFactor: 0 }), image(NINE)))).toEqual([[2.5, 3.5, 4.5], [4, 5, 6], [5.5, 6.5, 7.5]]); // prettier-ignore
  });

  it("randomTranslation moves down and right by parts of the size", () => {
    const layer = randomTranslation({ heightFactor: [1 / 3, 1 / 3], widthFactor: [-1 / 3, -1 / 3], fillMode: "wrap", interpolation: "nearest" });
    expect(rows(trained(layer, image(NINE)))).toEqual([[8, 9, 7], [2, 3, 1], [5, 6, 4]]); // prettier-ignore
  });

  it("randomFlip mirrors about half of the images, each by itself", () => {
    setRandomSeed(1);
    const x = tensor(Float32Array.from({ length: 400 * 4 }, (_, i) => i % 4), [400, 2, 2, 1]);
    const kinds = new Map<string, number>();
    for (const one of trained(randomFlip(), x).arraySync() as number[][][][]) kinds.set(JSON.stringify(one.flat(2)), (kinds.get(JSON.stringify(one.flat(2))) ?? 0) + 1);
    expect([...kinds.keys()].sort()).toEqual(["[0,1,2,3]", "[1,0,3,2]", "[2,3,0,1]", "[3,2,1,0]"]);
    // 400 draws of four kinds: 100 ± 9.
    for (const count of kinds.values()) expect(Math.abs(count - 100)).toBeLessThan(35);
    const once = new Set((trained(randomFlip({ mode: "horizontal" }), x).arraySync() as number[][][][]).map((one) => JSON.stringify(one.flat(2))));
    expect([...once].sort()).toEqual(["[0,1,2,3]", "[1,0,3,2]"]);
  });

  it("randomContrast and randomBrightness stay in the range of values", () => {
    expect(rows(trained(randomContrast({ factor: [1, 1] }), image([[100, 200]])))).toEqual([[50, 250]]);
    expect(rows(trained(randomContrast({ factor: [1, 1] }), image([[0, 200]])))).toEqual([[0, 255]]);
    expect(rows(trained(randomBrightness({ factor: [0.25, 0.25], valueRange: [0, 1] }), image([[0.5, 0.875]])))).toEqual([[0.75, 1]]);
  });

  it("draws for each image, and others at the next call", () => {
    const layer = randomBrightness({ factor: 0.5, seed: 4 });
    layer.build([1, 1, 1]);
    const step = compile((x: Tensor) => layer.apply(x, { training: true }));
    const [first, second] = [0, 1].map(() => [...step(ones([5, 1, 1, 1]).mul(128)).dataSync()]);
    expect(new Set(first).size).toBe(5);
    expect(first).not.toEqual(second);
  });

  it("a fit that goes on from a file ends with the bits of an unbroken one", async () => {
    const x = Array.from({ length: 8 }, (_, i) => Array.from({ length: 4 }, (_, r) => Array.from({ length: 4 }, (_, c) => [Math.sin(i * 16 + r * 4 + c)])));
    const y = x.map((_, i) => [i % 2]);
    const make = (): ReturnType<typeof sequential> => {
      const model = sequential({ seed: 2, layers: [randomRotation({ factor: 0.1, inputShape: [4, 4, 1] }), randomFlip({ seed: 3 }), randomTranslation({ heightFactor: 0.2, widthFactor: 0.2 }), flatten(), dense({ units: 1 })] });
      model.compile({ optimizer: "adam", loss: "meanSquaredError" });
      return model;
    };
    const whole = make();
    await whole.fit(x, y, { epochs: 3, batchSize: 4, verbose: 0 });
    const half = make();
    await half.fit(x, y, { epochs: 1, batchSize: 4, verbose: 0 });
    const again = modelFromBytes(await modelToBytes(half));
    await again.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
    expect(again.getWeights().map((weight) => weight.dataSync())).toEqual(whole.getWeights().map((weight) => weight.dataSync()));
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a factor beyond a turn", () => randomRotation({ factor: 2 }), /random_rotation "random_rotation": factor: expected a number from 0, or a range \[low, high\] in \[-1, 1\], got 2/],
    ["a negative factor", () => randomZoom({ heightFactor: -0.2 }), /heightFactor/],
    ["a range that falls", () => randomTranslation({ heightFactor: [0.2, 0.1], widthFactor: 0 }), /heightFactor: .*got \[0.2,0.1\]/],
    ["no factor", () => randomContrast({} as never), /factor: .*got undefined/],
    ["an unknown fill mode", () => randomRotation({ factor: 0.1, fillMode: "mirror" as never }), /fillMode: expected one of "constant", "nearest", "reflect", "wrap"; got "mirror"/],
    ["an unknown mode", () => randomFlip({ mode: "both" as never }), /mode: expected one of/],
    ["a range of values that is none", () => randomBrightness({ factor: 0.1, valueRange: [1, 0] }), /valueRange/],
    ["no images", () => randomFlip().outputShape([4]), /expected images \[batch, height, width, channels\], got \[batch, 4\]/],
  ])("refuses %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
