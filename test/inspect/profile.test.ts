// Profiles: every step is there with its time, the table and the trace say the same, and variables are as before.
import { beforeAll, expect, test } from "vitest";
import { init, matmul, square, sum, tensor, variable, variableGrads, type Tensor } from "../../src/engine/index.js";
import { profile } from "../../src/inspect/index.js";

beforeAll(() => init());

const w = variable(Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i)), { name: "w" });
const step = (x: Tensor): Tensor => {
  const { value, grads } = variableGrads(() => sum(square(matmul(x, w.reshape([64, 64])))));
  w.assign(w.sub(grads.get(w)!.mul(0.1)));
  return value;
};
const x = tensor(Float32Array.from({ length: 128 * 64 }, (_, i) => Math.cos(i)), [128, 64]);

test("a profile has a row a step, in milliseconds, bytes, operations and shares of what the machine did just before", () => {
  const before = [...w.dataSync()];
  const found = profile(step, [x], { runs: 3 });
  const gemms = found.rows.filter(({ kernel }) => kernel === "f32_gemm");
  expect(gemms).toHaveLength(2);
  for (const { flops, ms, ofLimit } of gemms) {
    expect(flops).toBe(2 * 128 * 64 * 64);
    expect(ms).toBeGreaterThan(0);
    expect(ofLimit).toBeGreaterThan(0.01);
  }
  expect(found.totalMs).toBeCloseTo(found.rows.reduce((total, { ms }) => total + ms, 0), 9);
  const lines = String(found).split("\n");
  expect(lines).toHaveLength(found.rows.length + 2);
  expect(lines[0]).toMatch(/^step +kernel +ms +share/);
  expect(lines.at(-1)).toMatch(/ms in \d+ steps; limits seen: [\d.]+ GFLOP\/s, [\d.]+ GB\/s/);
  expect([...w.dataSync()]).toEqual(before);
});

test("the trace is Chrome's: complete events in microseconds, one a step, that follow each other", () => {
  const { traceEvents } = JSON.parse(profile(step, [x], { runs: 1 }).toChromeTrace()) as { traceEvents: { ph: string; ts: number; dur: number; args: { step: number } }[] };
  expect(traceEvents.length).toBeGreaterThan(3);
  traceEvents.forEach(({ ph, ts, dur }, i) => {
    expect(ph).toBe("X");
    expect(dur).toBeGreaterThanOrEqual(0);
    if (i > 0) expect(ts).toBeGreaterThanOrEqual(traceEvents[i - 1]!.ts + traceEvents[i - 1]!.dur - 50);
  });
});

test("a number of runs that is none is refused", () => {
  expect(() => profile(step, [x], { runs: 0 })).toThrow(/profile: runs is 0; expected a whole number of at least 1/);
});
