// Threads where pages may not share memory. A file of its own: a process starts the engine once.
import { afterEach, expect, it, vi } from "vitest";
import { init, tensor } from "../src/engine/index.js";
import { threads } from "../src/engine/device.js";

afterEach(() => vi.unstubAllGlobals());

it("a page that is not cross-origin isolated runs on one thread, and is told once which headers it lacks", async () => {
  vi.stubGlobal("crossOriginIsolated", false);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  await init({ threads: 4 });
  await init({ threads: 4 });
  expect(threads()).toEqual({ wanted: 1, ready: 1 });
  expect(warn.mock.calls.length).toBe(1);
  expect(String(warn.mock.calls[0])).toMatch(/4 threads were asked for.*Cross-Origin-Opener-Policy: same-origin.*Cross-Origin-Embedder-Policy: require-corp/);
  expect(tensor([1, 2]).add(1).arraySync()).toEqual([2, 3]);
});
