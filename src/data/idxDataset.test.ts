import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { idx } from "./idxDataset.js";

const IMAGES = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4);
const LABELS = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);

it("reads images and labels, packed or not, as bytes", async () => {
  for (const source of [IMAGES, new Uint8Array(gzipSync(IMAGES))]) {
    const dataset = await idx(source, LABELS);
    expect(dataset.size).toBe(2);
    expect((await dataset.toArray()).map(({ xs, ys }) => [xs.arraySync(), xs.dtype, ys.item()])).toEqual([[[[1, 2]], "uint8", 7], [[[3, 4]], "uint8", 9]]);
  }
  expect((await (await idx(IMAGES)).batch(2).toArray())[0]!.shape).toEqual([2, 1, 2]);
});

it("says which file is damaged, and when they differ in count", async () => {
  await expect(idx({ bytes: IMAGES.subarray(0, 18), name: "train-images" })).rejects.toThrow("train-images: expected 20 bytes for shape [2, 1, 2], got 18: it is cut off.");
  await expect(idx(IMAGES, { bytes: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), name: "train-labels" })).rejects.toThrow("train-labels: expected 2 labels, one for each entry of images, got 1.");
});
