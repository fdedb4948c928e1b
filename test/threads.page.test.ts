// Threads in a real page: they work for what is awaited, the page goes on meanwhile, and what looks at once is not led astray.
import type { Server } from "node:http";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, expect, test, vi, type TestContext } from "vitest";
import { ISOLATION, servePage } from "./page/isolated.js";
import { CHROMIUM_ARGS, needChromium } from "./shared.js";

vi.setConfig({ testTimeout: 120_000 });

const SCRIPT = `
import { compile, init, layers, sequential, tensor, variable } from "/dist/index.js";
import { threads } from "/dist/engine/device.js";
import { weightsSha256 } from "/dist/cli/weightsSha256.js";
const numbers = (n, seed) => Float32Array.from({ length: n }, (_, i) => Math.fround(((i * 7919 + seed * 104729) % 1000) / 1000 - 0.5));
Object.assign(window, { compile, init, layers, sequential, tensor, variable, threads, weightsSha256, numbers });
window.loaded = true;
`;

let browser: Promise<Browser> | undefined;
const servers: Server[] = [];
afterAll(async () => {
  await (await browser)?.close();
  servers.forEach((server) => server.close());
});

async function open(context: TestContext, headers: Readonly<Record<string, string>>): Promise<{ page: Page; complaints: string[] }> {
  const executablePath = needChromium(context);
  browser ??= chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  const { url, server } = await servePage(SCRIPT, headers);
  servers.push(server);
  const page = await (await browser).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  await page.waitForFunction("window.loaded");
  return { page, complaints };
}

// Strings, not functions: the pages know names that TypeScript does not.
const START = `
  const n = 512;
  const x = tensor(numbers(n * n, 1), [n, n]);
  const product = compile((a, b) => a.matmul(b).add(a));
  const begin = performance.now();
  while (threads().ready < 2 && performance.now() - begin < 20000) {
    await product.callAsync(x, x);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const equal = (a, b) => a.length === b.length && a.every((v, i) => Object.is(v, b[i]));
`;

test("an awaited product is computed by the threads, to the same bits, and the page's timers run meanwhile", async (context) => {
  const { page, complaints } = await open(context, ISOLATION);
  const seen = await page.evaluate(`(async () => {
    await init({ threads: 2 });
    ${START}
    const big = tensor(numbers(1024 * 1024, 2), [1024, 1024]);
    for (let i = 0; i < 3; i++) await product.callAsync(big, big);
    let ticks = 0;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { ticks++; channel.port2.postMessage(null); };
    channel.port2.postMessage(null);
    const shared = (await product.callAsync(big, big)).dataSync();
    channel.port1.close();
    const alone = product(big, big).dataSync();
    return { ready: threads().ready, ticks, equal: equal(shared, alone) };
  })()`);
  expect(seen).toMatchObject({ ready: 2, equal: true });
  expect((seen as { ticks: number }).ticks).toBeGreaterThan(10);
  expect(complaints).toEqual([]);
});

test("what is read, written or run at once while the threads work waits for them", async (context) => {
  const { page, complaints } = await open(context, ISOLATION);
  const seen = await page.evaluate(`(async () => {
    await init({ threads: 2 });
    ${START}
    const w = variable(numbers(n * n, 3).slice(), { name: "w" });
    const step = compile((a) => { w.assign(a.matmul(a).reshape([n * n]).mul(0.001).add(w)); return w.sum(); });
    for (let i = 0; i < 4; i++) await step.callAsync(x);
    const expected = [];
    const before = w.snapshot();
    for (let i = 0; i < 3; i++) step(x), expected.push(w.snapshot());
    w.assign(before);
    const read = [], light = [], pending = [];
    for (let i = 0; i < 3; i++) {
      const flight = step.callAsync(x);
      // The first microtasks of the call start it.
      for (let k = 0; k < 20; k++) await null;
      if (i === 1) light.push(tensor([1, 2, 3]).mul(2).arraySync());
      read.push(w.dataSync());
      pending.push(flight);
    }
    const sums = (await Promise.all(pending)).map((sum) => sum.dataSync()[0]);
    const two = await Promise.all([product.callAsync(x, x), product.callAsync(x, x)]);
    return { equal: read.map((data, i) => equal(data, expected[i])), light, finite: sums.every(Number.isFinite), twice: equal(two[0].dataSync(), two[1].dataSync()), ready: threads().ready };
  })()`);
  expect(seen).toEqual({ equal: [true, true, true], light: [[2, 4, 6]], finite: true, twice: true, ready: 2 });
  expect(complaints).toEqual([]);
});

test("fit leaves the same weights on two threads as on one", async (context) => {
  const train = async (threads: number): Promise<unknown> => {
    const { page } = await open(context, ISOLATION);
    return page.evaluate(`(async () => {
      await init({ threads: ${threads} });
      // Threads that start during training would be too late for a short one.
      if (${threads} > 1) { ${START} }
      const model = sequential({ seed: 1, layers: [layers.dense({ units: 256, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
      model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
      const y = new Float32Array(2560 * 10);
      for (let i = 0; i < 2560; i++) y[10 * i + (i * i) % 10] = 1;
      await model.fit(tensor(numbers(2560 * 784, 4), [2560, 784]), tensor(y, [2560, 10]), { batchSize: 128, epochs: 4 });
      return { sha: await weightsSha256(model), ready: threads().ready };
    })()`);
  };
  const [one, two] = [await train(1), await train(2)] as { sha: string; ready: number }[];
  expect(two!.sha).toBe(one!.sha);
  expect([one!.ready, two!.ready]).toEqual([1, 2]);
});

test("a page without the headers runs on one thread and is told which ones", async (context) => {
  const { page, complaints } = await open(context, {});
  const seen = await page.evaluate(`(async () => {
    await init({ threads: 2 });
    const x = tensor([[1, 2], [3, 4]]);
    return [threads().wanted, await x.matmul(x).array()];
  })()`);
  expect(seen).toEqual([1, [[7, 10], [15, 22]]]);
  expect(complaints.length).toBe(1);
  expect(complaints[0]).toMatch(/Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp/);
});
