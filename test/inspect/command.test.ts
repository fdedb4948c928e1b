// `edgegrad inspect` of a model that is no plain stack: two inputs, two results.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inspect } from "../../src/cli/inspect.js";
import { init } from "../../src/engine/index.js";
import { saveModel } from "../../src/io/files.js";
import { input, layers, model } from "../../src/nn/index.js";

test("shows models of several inputs and results, as text and as a page", async (context) => {
  await init();
  const folder = await mkdtemp(join(tmpdir(), "edgegrad-inspect-"));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const [size, age] = [input({ shape: [4] }), input({ shape: [1] })];
  const joined = layers.concatenate().apply([size, age]);
  const outputs = [layers.dense({ units: 3, activation: "softmax" }).apply(joined), layers.dense({ units: 1 }).apply(joined)];
  const file = join(folder, "two.safetensors");
  await saveModel(model({ inputs: [size, age], outputs, name: "two" }), file);

  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  context.onTestFinished(() => log.mockRestore());
  const page = join(folder, "two.html");
  expect(await inspect([file, "--batch-size", "8", "--profile", "--html", page])).toBe(0);
  const printed = log.mock.calls.flat().join("\n");
  expect(printed).toContain("cost of [8, 4] and [8, 1]:");
  const html = await readFile(page, "utf8");
  expect(html).toContain("<h1>two: predict [8, 4] and [8, 1]</h1>");
  expect(html.match(/class="box input"/g)!.length).toBeGreaterThanOrEqual(2);
  expect(html).not.toMatch(/(src|href)="(?!#)/);
});
