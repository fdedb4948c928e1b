import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../engine/index.js";
import { array } from "./index.js";

beforeAll(() => init());

describe("paddedBatch", () => {
  it("fills arrays up to the longest of their batch, field by field", async () => {
    const texts = array([{ xs: Int32Array.of(1, 2), ys: 1 }, { xs: Int32Array.of(3), ys: 0 }, { xs: Int32Array.of(4, 5, 6), ys: 1 }]);
    const batches = await texts.paddedBatch(2).toArray();
    expect(batches.map(({ xs, ys }) => [xs.dtype, xs.arraySync(), ys.arraySync()])).toEqual([["int32", [[1, 2], [3, 0]], [1, 0]], ["int32", [[4, 5, 6]], [1]]]);
    expect(texts.paddedBatch(2).size).toBe(2);
    expect((await texts.paddedBatch(2, { paddingValue: -1, dropRemainder: true }).toArray()).map(({ xs }) => xs.arraySync())).toEqual([[[1, 2], [3, -1]]]);
  });

  it("fills along every axis", async () => {
    const [batch] = await array([tensor([[1, 2], [3, 4]]), tensor([[5], [6], [7]])]).paddedBatch(2).toArray(); // prettier-ignore
    expect(batch!.arraySync()).toEqual([[[1, 2], [3, 4], [0, 0]], [[5, 0], [6, 0], [7, 0]]]);
  });

  it("refuses ranks that differ, and unknown options", async () => {
    await expect(array([tensor([1]), tensor([[1]])]).paddedBatch(2).toArray()).rejects.toThrow(/dataset: paddedBatch: element 1: expected 1 axes as in \[1\] before it, got \[1, 1\]/);
    expect(() => array([1]).paddedBatch(2, { padding: 1 } as never)).toThrow(/Did you mean "paddingValue"|no option is called "padding"/);
  });
});
