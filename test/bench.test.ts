// The bench runs, and its lines have the form that --compare and others read; how it judges and compares, on results written by hand.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { built, repository } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  readonly job: string;
  readonly contender: string;
  readonly threads: number;
  readonly numerics: string | null;
  readonly ms: number;
  readonly best: number;
  readonly gflops: number;
  readonly ofLimit: number;
  readonly rounds: readonly number[];
}

function bench(...options: string[]): string {
  return execFileSync(process.execPath, [join(repository, "bench", "main.mjs"), ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

test("bench --json prints a line a job and contender, with checked results, times and shares of the limit", () => {
  built("index.js");
  const saved = join(folder, "run.json");
  const printed = bench("--jobs", "limit:gemm,matmul:64x64x64,train:mlp:8:4", "--peers", "none", "--numerics", "reproducible", "--rounds", "1", "--ms", "10", "--json", "--save", saved);
  const lines = printed.trim().split("\n").map((line) => JSON.parse(line) as Line);
  expect(lines.map(({ job, contender }) => `${job} ${contender}`)).toEqual([
    "limit:gemm limit:gemm",
    "matmul:64x64x64 edgegrad",
    "matmul:64x64x64 limit:gemm",
    "train:mlp:8:4 edgegrad",
    "train:mlp:8:4 limit:gemm",
  ]);
  for (const line of lines) {
    expect(line).toEqual({
      job: line.job, contender: line.contender, threads: 1, numerics: "reproducible",
      ms: expect.any(Number) as number, best: expect.any(Number) as number, cpu: expect.any(Number) as number, gflops: expect.any(Number) as number, ofLimit: expect.any(Number) as number, rounds: [line.ms],
    }); // prettier-ignore
    expect(line.best).toBeLessThanOrEqual(line.ms);
  }
  expect((JSON.parse(readFileSync(saved, "utf8")) as { lines: Line[] }).lines).toEqual(lines);
});

test("a contender whose results or losses are wrong is an error, and has no time", () => {
  const real = JSON.stringify(built("index.js"));
  writeFileSync(
    join(folder, "index.js"),
    `import * as real from ${real};
     export * from ${real};
     export const matmul = (a, b) => real.mul(real.matmul(a, b), 1.001);
     export const rmsprop = () => real.rmsprop(0.01);`,
  );
  const printed = bench("--jobs", "matmul:64x64x64,train:mlp:8:4", "--peers", "none", "--numerics", "reproducible", "--rounds", "1", "--ms", "10", "--json", "--dist", folder);
  const [product, step] = printed.trim().split("\n").map((line) => JSON.parse(line) as Line & { error: string }).filter(({ contender }) => contender === "edgegrad"); // prettier-ignore
  expect(product!.error).toMatch(/^wrong result: y\[\d+\] is/);
  expect(step!.error).toMatch(/^wrong result: the loss of step 2 is/);
  for (const line of [product!, step!]) expect(line).not.toHaveProperty("ms");
});

/** A run as --save writes it. Times in ms. */
function saved(name: string, lines: readonly Partial<Line>[]): string {
  const path = join(folder, name);
  const full = lines.map((line) => ({ job: "softmax:1024x1024", threads: 1, numerics: null, best: line.ms, rounds: [line.ms], ...line }));
  writeFileSync(path, JSON.stringify({ date: "2026-01-01", machine: "a machine, 2 cores", node: "v20.1.0", command: "npm run bench", lines: full }));
  return path;
}

const cells = (output: string, start: string): string[][] =>
  output.split("\n").filter((line) => line.startsWith(`| ${start}`)).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

test("--accept says what holds, what misses and by how much, and what is not shown", () => {
  const path = saved("accept.json", [
    { contender: "edgegrad", numerics: "reproducible", ms: 3 },
    { contender: "torch", ms: 1 },
    { contender: "ort-web", ms: 4 },
  ]);
  expect(cells(bench("--from", path, "--accept"), "softmax:1024x1024").slice(1)).toEqual([
    ["softmax:1024x1024", "share of torch's time ≤ 1.9", "3.00", "misses, 1.58 times off", ""],
    ["softmax:1024x1024", "share of ort-web's time ≤ 1", "0.750", "holds", ""],
  ]);
  const alone = saved("alone.json", [{ contender: "edgegrad", numerics: "reproducible", ms: 3 }]);
  expect(cells(bench("--from", alone, "--accept"), "softmax:1024x1024").slice(1).map((row) => row[3])).toEqual(["not shown", "not shown"]);
});

test("--accept says what a miss would take of the machine, and counts the products that Winograd's way saves", () => {
  const path = saved("needs.json", [
    { job: "conv3x3:b32", contender: "edgegrad", numerics: "fast", ms: 12, gflops: 150, ofLimit: 3.2 },
    { job: "conv3x3:b32", contender: "torch", ms: 12 },
  ]);
  expect(cells(bench("--from", path, "--accept"), "conv3x3:b32, fast").at(-1)).toEqual([
    "conv3x3:b32, fast", "times as fast as torch ≥ 1.3", "1.00", "misses, 1.30 times off", "195.0 GFLOP/s, 1.04 of what a core can do",
  ]); // prettier-ignore
});

test("--compare holds gains against the noise of both runs, and against what the machine gave", () => {
  const own = { contender: "edgegrad", numerics: "reproducible" };
  const rounds = [1.8, 1.9, 2, 2.1, 2.2];
  const before = saved("before.json", [{ ...own, ms: 2, ofLimit: 0.5, rounds }]);
  const rows: [after: Partial<Line>, is: string][] = [
    [{ ms: 1, ofLimit: 1, rounds: [1, 1, 1] }, "faster"],
    [{ ms: 4, ofLimit: 0.25, rounds: [4, 4, 4] }, "slower"],
    [{ ms: 1.98, ofLimit: 0.505, rounds }, "within the noise"],
    [{ ms: 4, ofLimit: 0.5, rounds: [4, 4, 4] }, "within the noise"], // the machine was half as fast
  ];
  for (const [after, is] of rows) {
    const path = saved("after.json", [{ ...own, ...after }]);
    expect(cells(bench("--from", path, "--compare", before), "softmax:1024x1024").at(-1)!.at(-1)).toBe(is);
  }
});

test("--markdown replaces the section of the same Node and leaves the rest", () => {
  const path = saved("markdown.json", [{ contender: "edgegrad", numerics: "reproducible", ms: 3 }]);
  const file = join(folder, "page.md");
  writeFileSync(file, "# Page\n");
  bench("--from", path, "--markdown", file);
  const once = readFileSync(file, "utf8");
  expect(once).toMatch(/^# Page\n\n<!-- bench: Node 20 -->/);
  expect(once).toContain("| softmax:1024x1024 | plain ");
  bench("--from", path, "--markdown", file);
  expect(readFileSync(file, "utf8")).toBe(once);
});

test("names that are none are refused before anything runs", () => {
  for (const [option, value, says] of [["--jobs", "dance:2", 'no job "dance:2"'], ["--jobs", "matmul:0x4x4", 'no job "matmul:0x4x4"'], ["--peers", "nobody", "--peers nobody"], ["--rounds", "x", "--rounds x"]] as const) {
    expect(() => bench(option, value), `${option} ${value}`).toThrow(says);
  }
});
