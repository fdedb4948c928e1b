// The README's examples are run as they stand, by the built package under its own name (the edge function: edge.test.ts).
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { built, repository } from "./shared.js";

const readme = readFileSync(join(repository, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "edgegrad-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

const examples = Array.from(readme.matchAll(/```js\n(import .*?)```/gs), ([, example]) => example!);

beforeAll(() => {
  built("index.js");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules", "edgegrad"));
});

/** What an example prints. */
function run(example: string): string {
  writeFileSync(join(folder, "example.mjs"), example);
  return execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });
}

test("the example has about 20 lines, learns, and prints what it says", () => {
  const lines = examples[0]!.split("\n").filter((line) => line.trim() !== "");
  expect(lines.length).toBeLessThanOrEqual(22);
  const output = run(examples[0]!);
  expect(Number(/accuracy ([\d.]+)/.exec(output)![1])).toBeGreaterThan(0.9);
  expect(output).toMatch(/\[1[.,\s]+2[.,\s]+3\.?\]/);
});

test("the loop of one's own learns", () => {
  expect(examples[1]).toContain("variableGrads");
  expect(Number(/Tensor\(([\d.e-]+)/.exec(run(examples[1]!))![1])).toBeLessThan(1e-3);
});

test("the layer of one's own stands in a model", () => {
  expect(run(examples[2]!)).toContain("Total params: 20 ");
});

test("the names it lists are there", async () => {
  const library: Record<string, object> = await import("../src/index.js");
  const listed = (row: string): string[] => new RegExp(`^\\| ${row} \\| ([^|:]*)`, "m").exec(readme)![1]!.match(/\w+/g)!;
  for (const group of ["layers", "initializers", "losses"]) expect([group, Object.keys(library[group]!)]).toEqual([group, expect.arrayContaining(listed(`\`${group}\\.\``))]);
  expect(Object.keys(library["layers"]!).sort()).toEqual(listed("`layers\\.`").sort());
  expect(Object.keys(library)).toEqual(expect.arrayContaining(["sgd", "rmsprop", "adam", ...listed("callbacks").slice(0, 3), ...listed("loops of your own").filter((name) => !["optimizer", "apply"].includes(name))]));
});

test("every npm command it names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const named = Array.from(readme.matchAll(/npm (?:run )?([\w:-]+)/g), ([, name]) => name!).filter((name) => !["ci", "install", "pack"].includes(name));
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
