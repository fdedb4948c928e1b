import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { getInitializer, glorotUniform, heNormal, initializerConfig, truncatedNormal } from "./initializers.js";

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
});
