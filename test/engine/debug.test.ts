// The DEBUG ladder: each level prints what those below it do, and one thing more; without it nothing is printed and nothing timed.
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { compile, init, matmul, printGraph, relu, tensor, variable, type Tensor } from "../../src/engine/index.js";

// What shows programs is loaded when the engine starts, where it is asked for; the level may change afterwards.
beforeAll(async () => {
  vi.stubEnv("DEBUG", "1");
  await init();
  vi.unstubAllEnvs();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const w = variable([[1, 2], [3, 4]], { name: "w" });

/** What compiling a function and running it eleven times prints at a level. */
function printedAt(level: string): string {
  vi.stubEnv("DEBUG", level);
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  const f = compile((x: Tensor) => relu(matmul(matmul(x, w), w)));
  for (let i = 0; i < 11; i++) f(tensor([[0.5, 1]]));
  return lines.join("\n");
}

const RUNGS: readonly (readonly [shows: string, line: RegExp])[] = [
  ["programs and times", /^program \d+: 2 steps.* compiled in [\d.]+ ms$[^]*^program \d+: [\d.]+ ms a run, mean of 10$/m],
  ["programs in full, and times of their steps", /^ {2}0: s\d+ = f32_gemm\([^]*^ {2}0: +[\d.]+ ms {2}f32_gemm/m],
  ["memory plans", /^plan · 2 steps/m],
  ["the graph after each pass", /^--- simplify$/m],
  ["words", /^ {5}s\d+ s\d+ s\d+ 0 s\d+ 1 2 2/m],
];

it("DEBUG=0 prints nothing", () => {
  expect(printedAt("0")).toBe("");
});

RUNGS.forEach(([shows], i) =>
  it(`DEBUG=${i + 1}: ${shows}`, () => {
    const text = printedAt(String(i + 1));
    RUNGS.forEach(([, line], j) => (j <= i ? expect(text).toMatch(line) : expect(text).not.toMatch(line)));
  }),
);

it("runs are reported after 1 and 10 of them, not after each", () => {
  expect(printedAt("1").match(/a run, mean of (\d+)/g)).toEqual(["a run, mean of 1", "a run, mean of 10"]);
});

it("printGraph shows what a pending tensor is computed from, and computes nothing", () => {
  const text = printGraph(relu(matmul(tensor([[0.5, 1]]), w)));
  expect(text.split("\n")).toEqual([
    "%0 = input() float32[1, 2]",
    "%1 = state() float32[2, 2]",
    "%2 = matmul(%0, %1) float32[1, 2]",
    "%3 = relu(%2) float32[1, 2]",
    "return %3",
  ]);
});
