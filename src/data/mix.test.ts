import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../engine/index.js";
import { cutMix, fromArrays, mixUp } from "./index.js";

beforeAll(() => init());

/** Image i is all i, its label class i. */
const COUNT = 4;
const data = fromArrays({
  xs: Array.from({ length: COUNT }, (_, i) => Array.from({ length: 6 }, () => Array.from({ length: 5 }, () => [i]))),
  ys: Array.from({ length: COUNT }, (_, i) => Array.from({ length: COUNT }, (_unused, k) => Number(i === k))),
}).batch(COUNT);
const numbers = (x: { dataSync(): ArrayLike<number> }): number[] => Array.from(x.dataSync());

describe.each([["mixUp", mixUp], ["cutMix", cutMix]] as const)("%s", (_name, mix) => {
  it("mixes labels by as much as the examples: the mean of an image is that of its classes", async () => {
    for (const alpha of [0.2, 1, 3]) {
      const [batch] = await data.map(mix({ seed: 3, alpha })).toArray();
      const [xs, ys] = [numbers(batch!.xs), numbers(batch!.ys)];
      for (let i = 0; i < COUNT; i++) {
        const seen = xs.slice(i * 30, (i + 1) * 30).reduce((sum, x) => sum + x, 0) / 30;
        const told = ys.slice(i * COUNT, (i + 1) * COUNT).reduce((sum, share, k) => sum + share * k, 0);
        expect(seen).toBeCloseTo(told, 5);
        expect(ys.slice(i * COUNT, (i + 1) * COUNT).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      }
      expect(ys.some((share) => share > 0 && share < 1)).toBe(true);
    }
  });

  it("mixes in another way in every pass, and in the same way for the same seed", async () => {
    const mixed = data.map(mix({ seed: 1 }));
    const [first, second] = [numbers((await mixed.toArray())[0]!.ys), numbers((await mixed.toArray())[0]!.ys)];
    expect(second).not.toEqual(first);
    expect(numbers((await data.map(mix({ seed: 1 })).toArray())[0]!.ys)).toEqual(first);
  });

  it("refuses class numbers, and options that are none", async () => {
    expect(() => mix()({ xs: tensor([[1]]), ys: tensor([1]) }, { epoch: 0, index: 0 })).toThrow(/expected batches \{ xs: \[batch, …\], ys: \[batch, classes\] \}.*oneHot/);
    expect(() => mix({ alpha: 0 })).toThrow(/alpha: expected a number above 0, got 0/);
    expect(() => mix({ apha: 1 } as never)).toThrow(/Did you mean "alpha"/);
  });
});
