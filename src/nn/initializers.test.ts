import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { getInitializer, glorotUniform, heNormal, identity, initializerConfig, orthogonal, randomNormal, truncatedNormal, varianceScaling } from "./initializers.js";

const SHAPE = [300, 200];
/** name, variance, largest absolute value: fanIn 300, fanOut 200. */
const ROWS: [name: string, variance: number, largest: number][] = [
  ["glorotUniform", 2 / 500, Math.sqrt(6 / 500)],
  ["glorotNormal", 2 / 500, (2 * Math.sqrt(2 / 500)) / 0.8796256610342398],
  ["heUniform", 2 / 300, Math.sqrt(6 / 300)],
  ["heNormal", 2 / 300, (2 * Math.sqrt(2 / 300)) / 0.8796256610342398],
  ["lecunUniform", 1 / 300, Math.sqrt(3 / 300)],
  ["lecunNormal", 1 / 300, (2 * Math.sqrt(1 / 300)) / 0.8796256610342398],
  ["randomNormal", 0.05 ** 2, 7 * 0.05],
  ["randomUniform", 0.1 ** 2 / 12, 0.05],
  ["zeros", 0, 0],
];

describe("initializers", () => {
  // 60,000 values: the standard error of their variance is below 0.6 % of it, that of their mean below 0.0041 deviations.
  it.each(ROWS)("%s has variance %d and stays within ±%d", (name, variance, largest) => {
    const values = getInitializer(name).values(SHAPE, createRandom(1));
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const spread = values.reduce((sum, x) => sum + x * x, 0) / values.length - mean * mean;
    expect(Math.abs(mean)).toBeLessThanOrEqual(0.0165 * Math.sqrt(variance));
    expect(Math.abs(spread - variance)).toBeLessThanOrEqual(0.024 * variance);
    expect(values.every((x) => Math.abs(x) <= largest * (1 + 1e-7))).toBe(true);
  });

  it("counts a convolution's window into its fans", () => {
    const values = glorotUniform().values([5, 5, 6, 16], createRandom(1));
    const limit = Math.sqrt(6 / (25 * 6 + 25 * 16));
    expect(Math.max(...values)).toBeLessThanOrEqual(limit * (1 + 1e-7));
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
  });

  it("draws from the source it is given, or from its own seed", () => {
    const initializer = heNormal();
    const first = initializer.values([4, 4], createRandom(7, 1));
    expect(initializer.values([4, 4], createRandom(7, 1))).toEqual(first);
    expect(initializer.values([4, 4], createRandom(7, 2))).not.toEqual(first);
    const own = heNormal({ seed: 3 });
    expect(own.values([4, 4], createRandom(7, 1))).toEqual(own.values([4, 4], createRandom(8, 2)));
  });

  it("comes back from its configuration, in either spelling of its name", () => {
    const made = truncatedNormal({ stddev: 2, seed: 5 });
    const again = getInitializer(JSON.parse(JSON.stringify(initializerConfig(made))));
    expect(again.values([9], createRandom(0))).toEqual(made.values([9], createRandom(0)));
    expect(getInitializer("glorot_uniform").name).toBe("glorotUniform");
    expect(() => getInitializer("glorot_unform")).toThrow('Did you mean "glorotUniform"?');
  });

  it("identity: gain on the diagonal, of matrices only", () => {
    expect([...identity({ gain: 2 }).values([2, 3], createRandom(0))]).toEqual([2, 0, 0, 0, 2, 0]);
    expect(() => identity().values([2, 2, 2], createRandom(0))).toThrow(/identity initializer: expected a matrix, got \[2, 2, 2\]/);
  });

  it.each([
    [[6, 4], 1],
    [[4, 6], 2],
    [[3, 3, 2, 5], 1],
  ])("orthogonal %j: columns, or rows where they are fewer, have length %d and right angles", (shape, gain) => {
    const values = orthogonal({ gain }).values(shape, createRandom(4));
    const columns = shape.at(-1)!;
    const rows = values.length / columns;
    const lines = rows >= columns ? Array.from({ length: columns }, (_, j) => values.filter((_, i) => i % columns === j)) : Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));
    // Elements are rounded to float32 once: products of two vectors of up to 18 elements are off by 1e-6 at most.
    lines.forEach((a, i) => lines.forEach((b, j) => expect(Math.abs(a.reduce((total, x, k) => total + x * b[k]!, 0) - (i === j ? gain * gain : 0))).toBeLessThan(1e-6 * gain * gain)));
    expect(orthogonal({ gain }).values(shape, createRandom(4))).toEqual(values);
  });

  it.each([
    ["fanIn", "truncatedNormal", 3 / 300],
    ["fanOut", "uniform", 3 / 200],
    ["fan_avg", "untruncated_normal", 3 / 250],
  ] as const)("varianceScaling by %s, %s", (mode, distribution, variance) => {
    const made = varianceScaling({ scale: 3, mode: mode as "fanIn", distribution: distribution as "uniform" });
    const values = made.values(SHAPE, createRandom(1));
    const spread = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(Math.abs(spread - variance)).toBeLessThanOrEqual(0.024 * variance);
    expect(getInitializer(JSON.parse(JSON.stringify(initializerConfig(made)))).values(SHAPE, createRandom(1))).toEqual(values);
  });

  it("names of Keras' cases of varianceScaling give its bits, and those it had", () => {
    const equal = (name: string, options: Parameters<typeof varianceScaling>[0]): void => expect(getInitializer(name).values([7, 5], createRandom(2))).toEqual(varianceScaling(options).values([7, 5], createRandom(2)));
    equal("glorotUniform", { mode: "fanAvg", distribution: "uniform" });
    equal("heNormal", { scale: 2 });
    equal("lecunNormal", {});
    expect(getInitializer("uniform").name).toBe("randomUniform");
    expect(getInitializer("normal").name).toBe("randomNormal");
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a scale of 0", () => varianceScaling({ scale: 0 }), /scale: expected a number above 0, got 0/],
    ["an unknown mode", () => varianceScaling({ mode: "fan" as never }), /mode: expected one of "fanIn", "fanOut", "fanAvg"/],
    ["an unknown option", () => orthogonal({ gains: 1 } as never), /Did you mean "gain"/],
    ["a misspelt deviation", () => randomNormal({ sd: 1 } as never), /randomNormal initializer: no option is called "sd"/],
    ["a name's unknown option", () => getInitializer({ name: "heNormal", config: { gain: 2 } }), /heNormal initializer: no option is called "gain"/],
    ["a vector for orthogonal", () => orthogonal().values([4], createRandom(0)), /expected a matrix or a kernel, got \[4\]/],
  ])("refuse %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
