// The weights that the page ships: their size, their score, and that the file is the one this code writes.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadMnist } from "../src/data/mnist.js";
import { init, modelFromBytes, modelToBytes } from "../src/index.js";
import { loadProgram } from "../src/run.js";
import { needMnist, repository } from "./shared.js";

const file = readFile(join(repository, "demo/model/digits.safetensors")).then((bytes) => new Uint8Array(bytes));

test("the bundled weights take at most 500 KB", async () => {
  expect((await file).length).toBeLessThanOrEqual(500_000);
});

test("the bundled weights read at least 0.995 of MNIST's 10,000 test images", { timeout: 120_000 }, async (context) => {
  const { test: held } = await loadMnist({ data: needMnist(context) });
  const model = await loadProgram(await file, { name: "digits.safetensors" });
  expect(model.inputShape).toEqual([1, 28, 28, 1]);
  let right = 0;
  for (let i = 0; i < held.count; i++) {
    const scores = model.run(Float32Array.from(held.images.subarray(i * 784, (i + 1) * 784)));
    if (scores.indexOf(Math.max(...scores)) === held.labels[i]) right++;
  }
  console.log(`bundled weights: ${right} of ${held.count} test images read right`);
  expect(right / held.count).toBeGreaterThanOrEqual(0.995);
});

test("the bundled file is what saving its weights writes now", async () => {
  await init();
  const bytes = await file;
  const again = await modelToBytes(await modelFromBytes(bytes, "digits.safetensors"));
  expect(Buffer.compare(again, bytes)).toBe(0);
});
